using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Tests.Checkpoints;

namespace Thalweg.Tests.Models;

/// <summary>Model and training files with a right checksum and a content that nobody saved.</summary>
public sealed class HostileModelTests
{
    private static readonly Preprocessing s_preprocessing =
        DataSource.Open("moons", new DataOptions { SampleCount = 40 }).Split().Preprocessing;

    [Theory]
    [InlineData("""{"type":"dense","inputs":1000000,"outputs":1000000,"activation":"none","initializer":"zeros","bias":true}""")]
    [InlineData("""{"type":"embedding","symbols":2000000000,"width":1,"initializer":"zeros"}""")]
    [InlineData("""{"type":"batch_norm","features":2000000000,"epsilon":1e-5,"momentum":0.1,"affine":false,"track":true}""")]
    public void Layers_that_the_file_does_not_hold_take_no_memory(string layer)
    {
        using TemporaryFolder folder = new();
        Save(folder["m"], $$"""{"type":"sequential","layers":[{{layer}}]}""");
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Should.Throw<ThalwegException>(() => TrainedModel.Load(folder["m"])).Message;
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32 << 20);
        message.ShouldStartWith("[architecture] expected");
    }

    [Fact]
    public void A_number_beyond_double_precision_is_refused()
    {
        using TemporaryFolder folder = new();
        Save(folder["m"], """{"type":"gaussian_noise","deviation":1e400}""");
        Should.Throw<ThalwegException>(() => TrainedModel.Load(folder["m"])).Message.ShouldBe(
            "[architecture] expected a Double 'deviation', got 1e400; the model file is damaged or newer");
    }

    [Fact]
    public void A_column_of_no_kind_is_refused()
    {
        string json = """{"version":2,"task":null,"featureShape":[1],"target":null,"columns":[{"name":"a"}]}""";
        Should.Throw<ThalwegException>(() => Preprocessing.FromJson(json)).Message.ShouldStartWith(
            "[preprocessing] the stored preprocessing cannot be used: ");
    }

    [Fact]
    public void A_state_of_a_version_that_kept_no_options_has_none()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter writer = new();
        writer.SetMetadata("thalweg", """
            {"formatVersion":1,"kind":"training","document":{"optimizer":"sgd(0.1)","step":1,"epoch":0,"batchInEpoch":1,"seed":1}}
            """);
        writer.Write(folder["t"]);
        TrainingDocument document = TrainingFile.Load(folder["t"]).Document;
        document.Options.ShouldBeEmpty();
        document.RandomPositions.ShouldBeEmpty();
    }

    private static void Save(string path, string architecture) => Save(path, JsonDocument.Parse(architecture).RootElement);

    private static void Save(string path, JsonElement architecture) => ModelFile.Save(
        path,
        new ModelDocument
        {
            Architecture = architecture,
            Preprocessing = JsonDocument.Parse(s_preprocessing.ToJson()).RootElement,
            Provenance = new Provenance(),
        },
        new SafetensorsWriter());
}
