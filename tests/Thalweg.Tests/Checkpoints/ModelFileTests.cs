using System.Text.Json;
using Thalweg.Checkpoints;

namespace Thalweg.Tests.Checkpoints;

public sealed class ModelFileTests
{
    [Fact]
    public void A_model_comes_back_whole()
    {
        using TemporaryFolder folder = new();
        string path = folder[ModelFile.FileName];
        ModelFile.Save(path, Document(), Weights());

        ModelFile model = ModelFile.Load(path);

        model.Document.Architecture.GetProperty("layers")[0].GetString().ShouldBe("dense \"784→256\"");
        model.Document.Preprocessing.GetProperty("mean").GetDouble().ShouldBe(0.1);
        Provenance provenance = model.Document.Provenance;
        provenance.CommandLine.ShouldBe("thalweg train --data \"my data\"");
        provenance.Seed.ShouldBe(ulong.MaxValue);
        provenance.ThalwegVersion.ShouldBe("0.1.0");
        provenance.Data.ShouldBe("glyphs");
        provenance.Metrics["validation accuracy"].ShouldBe(0.987654321);
        provenance.Metrics["ratio"].ShouldBe(double.NaN);
        provenance.Libraries["runtime"].ShouldBe("10.0.0");
        model.Weights["0.weight"].AsSpan<float>().ToArray().ShouldBe([1f, 2f]);
    }

    [Fact]
    public void Saving_the_same_model_twice_gives_the_same_bytes()
    {
        using TemporaryFolder folder = new();
        ModelFile.Save(folder["a"], Document(), Weights());
        ModelFile.Save(folder["b"], Document(), Weights());

        File.ReadAllBytes(folder["a"]).ShouldBe(File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public void A_training_state_comes_back_whole()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter tensors = new();
        tensors.Add<float>(TrainingFile.Weight("0.weight"), [1], [1]);
        tensors.Add<float>(TrainingFile.Best("0.weight"), [1], [2]);
        tensors.Add<float>(TrainingFile.Slot("0.weight", "mean"), [1], [3]);
        TrainingDocument saved = new()
        {
            Optimizer = Json("""[{"rule": "scale by adam"}]"""),
            Step = 1L << 40,
            Epoch = 3,
            BatchInEpoch = 17,
            Seed = 5,
            RandomPositions = { ["augmentation"] = 12 },
            EarlyStopping = new EarlyStoppingState { BestMetric = double.PositiveInfinity, BestEpoch = 2, EpochsWithoutImprovement = 1 },
        };
        TrainingFile.Save(folder[TrainingFile.FileName], saved, tensors);

        TrainingFile loaded = TrainingFile.Load(folder[TrainingFile.FileName]);

        loaded.Document.Optimizer[0].GetProperty("rule").GetString().ShouldBe("scale by adam");
        (loaded.Document.Step, loaded.Document.Epoch, loaded.Document.BatchInEpoch, loaded.Document.Seed).ShouldBe((1L << 40, 3, 17, 5UL));
        loaded.Document.RandomPositions["augmentation"].ShouldBe(12UL);
        loaded.Document.EarlyStopping.ShouldBe(saved.EarlyStopping);
        loaded.Tensors["slots/0.weight/mean"].AsSpan<float>()[0].ShouldBe(3);
        loaded.Tensors["weights/0.weight"].AsSpan<float>()[0].ShouldBe(1);
        loaded.Tensors["best/0.weight"].AsSpan<float>()[0].ShouldBe(2);
    }

    [Fact]
    public void Early_stopping_may_be_off()
    {
        using TemporaryFolder folder = new();
        TrainingDocument saved = new() { Optimizer = Json("{}"), Step = 0, Epoch = 0, BatchInEpoch = 0, Seed = 0 };
        TrainingFile.Save(folder["t"], saved, new SafetensorsWriter());

        TrainingFile.Load(folder["t"]).Document.EarlyStopping.ShouldBeNull();
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using TemporaryFolder folder = new();

        Message(folder["none"]).ShouldBe($"[checkpoint] {folder["none"]}: there is no such file; check the path");
        Message(folder["none/none"]).ShouldContain("there is no such file");
        Message(folder.Path).ShouldContain("cannot read the file");
    }

    [Fact]
    public void A_truncated_and_an_altered_model_are_refused()
    {
        using TemporaryFolder folder = new();
        ModelFile.Save(folder["a"], Document(), Weights());
        byte[] bytes = File.ReadAllBytes(folder["a"]);
        File.WriteAllBytes(folder["short"], bytes[..^1]);
        bytes[^1] ^= 0x80;
        File.WriteAllBytes(folder["altered"], bytes);

        Message(folder["short"]).ShouldContain("truncated");
        Message(folder["altered"]).ShouldContain("altered");
    }

    [Fact]
    public void A_safetensors_file_of_another_program_is_not_a_model()
    {
        using TemporaryFolder folder = new();
        Weights().Write(folder["plain"]);
        File.WriteAllBytes(folder["bare"], RawFile.Of("""{"__metadata__":{"thalweg":"{}"}}""", 0));

        Message(folder["plain"]).ShouldContain("a safetensors file, but not a Thalweg model");
        Message(folder["bare"]).ShouldContain("the checksum of the file is missing");
    }

    [Fact]
    public void Model_and_training_files_are_distinguished()
    {
        using TemporaryFolder folder = new();
        ModelFile.Save(folder["model"], Document(), Weights());
        TrainingDocument state = new() { Optimizer = Json("{}"), Step = 0, Epoch = 0, BatchInEpoch = 0, Seed = 0 };
        TrainingFile.Save(folder["training"], state, new SafetensorsWriter());

        Message(folder["training"]).ShouldContain("expected a model, found a 'training' file; give the model file");
        Should.Throw<ThalwegException>(() => TrainingFile.Load(folder["model"])).Message.ShouldContain("found a 'model' file");
    }

    [Theory]
    [InlineData("""{"formatVersion": 2, "anything": "else"}""", "format version 2, newer than the 1 known here; update Thalweg")]
    [InlineData("""{"formatVersion": 0}""", "formatVersion is missing or not a positive number")]
    [InlineData("""{"formatVersion": "1"}""", "formatVersion is missing")]
    [InlineData("""{}""", "formatVersion is missing")]
    [InlineData("""[]""", "formatVersion is missing")]
    [InlineData("""{"formatVersion": 1""", "not as expected")]
    [InlineData("""{"formatVersion": 1}""", "not as expected")]
    [InlineData("""{"formatVersion": 1, "kind": null, "document": {}}""", "not as expected")]
    [InlineData("""{"formatVersion": 1, "kind": "model", "document": null}""", "not as expected")]
    [InlineData("""{"formatVersion": 1, "kind": "model", "document": {}}""", "architecture")]
    [InlineData("""{"formatVersion": 1, "kind": "model", "document": 7}""", "not as expected")]
    [InlineData("""{"formatVersion": 1, "kind": "model", "document": {"architecture": {}, "preprocessing": {}, "provenance": null}}""",
        "provenance")]
    [InlineData("""{"formatVersion": 1, "kind": "model", "document": {"architecture": {}, "preprocessing": {}, "provenance": {}}}""",
        "thalwegVersion")]
    [InlineData("""{"formatVersion": 1, "formatVersion": 1, "kind": "model", "document": {}}""", "not as expected")]
    public void A_document_that_does_not_fit_is_refused(string document, string expected)
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = Weights();
        writer.SetMetadata("thalweg", document);
        writer.Write(folder["a"]);

        Message(folder["a"]).ShouldContain(expected);
    }

    [Fact]
    public void A_deeply_nested_document_is_refused()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = Weights();
        writer.SetMetadata("thalweg", new string('[', 1_000_000));
        writer.Write(folder["a"]);

        Message(folder["a"]).ShouldContain("not as expected");
    }

    private static string Message(string path)
    {
        string message = Should.Throw<ThalwegException>(() => ModelFile.Load(path)).Message;
        message.ShouldStartWith($"[checkpoint] {path}: ");
        message.ShouldNotContain('\n');
        return message;
    }

    private static ModelDocument Document() => new()
    {
        Architecture = Json("""{"layers": ["dense \"784→256\""]}"""),
        Preprocessing = Json("""{"mean": 0.1}"""),
        Provenance = new Provenance
        {
            ThalwegVersion = "0.1.0",
            CommandLine = "thalweg train --data \"my data\"",
            Seed = ulong.MaxValue,
            Data = "glyphs",
            Metrics = { ["validation accuracy"] = 0.987654321, ["ratio"] = double.NaN },
            Libraries = { ["runtime"] = "10.0.0" },
        },
    };

    private static SafetensorsWriter Weights()
    {
        SafetensorsWriter writer = new();
        writer.Add<float>("0.weight", [2, 1], [1, 2]);
        return writer;
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
