using System.Globalization;
using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Tests.Checkpoints;

/// <summary>Models that an earlier version saved (commit 5db827e), with the data they were trained on and what they predicted.</summary>
public sealed class OldModelTests
{
    [Theory]
    [InlineData("mlp_plain", "table.csv")]
    [InlineData("conv_plain", "x.npy")]
    [InlineData("lstm", "x.npy")]
    public void A_model_of_an_earlier_version_predicts_equal_bits(string name, string data)
    {
        TrainedModel model = TrainedModel.Load(At($"{name}.safetensors"));
        Predicted(model, data).ShouldBe(File.ReadAllLines(At($"{name}.bits")));

        // Saved by this version it stays the same.
        using TemporaryFolder folder = new();
        model.Save(folder["again"]);
        Predicted(TrainedModel.Load(folder["again"]), data).ShouldBe(File.ReadAllLines(At($"{name}.bits")));
        model.Provenance.CommandLine.ShouldBe("a fixture");
    }

    /// <summary>Batch normalization takes the mean off before it scales since it was made exact far from 0: the last bits differ from
    /// those of that version, and stay what they are in this one.</summary>
    [Theory]
    [InlineData("mlp", "table.csv")]
    [InlineData("conv", "x.npy")]
    public void A_model_with_batch_normalization_predicts_the_same_but_for_rounding(string name, string data)
    {
        TrainedModel model = TrainedModel.Load(At($"{name}.safetensors"));
        double[] found = [.. Predicted(model, data).Select(Value)], before = [.. File.ReadAllLines(At($"{name}.bits")).Select(Value)];
        for (int i = 0; i < before.Length; i++)
            found[i].ShouldBe(before[i], 1e-6);
        using TemporaryFolder folder = new();
        model.Save(folder["again"]);
        Predicted(TrainedModel.Load(folder["again"]), data).Select(Value).ShouldBe(found);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("mlp_plain")]
    [InlineData("conv")]
    [InlineData("conv_plain")]
    [InlineData("lstm")]
    public void Its_network_is_loaded_alone_and_its_weights_are_taken_over(string name)
    {
        Module network = Module.Load(At($"{name}.safetensors")), other = LayerRegistry.Build(network.Describe()).Initialize(7);
        TransferReport report = Transfer.FromFile(other, At($"{name}.safetensors"));
        report.Unused.ShouldBeEmpty();
        other.NamedParameters().Select(p => p.Parameter.Value.ToArray<float>())
            .ShouldBe(network.NamedParameters().Select(p => p.Parameter.Value.ToArray<float>()));
    }

    private static string[] Predicted(TrainedModel model, string data)
    {
        const int Rows = 12;
        using PreparedReader reader = PreparedReader.Open(At(data), model.Preprocessing, requireTarget: true);
        Dataset all = reader.ReadAll();
        float[] features = new float[Rows * all.FeatureWidth];
        all.Gather([.. Enumerable.Range(0, Rows)], features.AsSpan());
        Predictor predictor = new(model);
        double[] predicted = new double[Rows * predictor.Width];
        predictor.Predict(features, Rows, predicted);
        return [.. predicted.Select(value => BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture))];
    }

    private static double Value(string bits) =>
        BitConverter.Int64BitsToDouble(long.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static string At(string name) => Path.Combine(AppContext.BaseDirectory, "Checkpoints", "Old", name);
}
