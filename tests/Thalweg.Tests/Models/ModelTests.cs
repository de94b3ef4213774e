using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Tests.Models;

public sealed class ModelTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Networks_are_built_by_name()
    {
        NetworkSpec.ParseUnits("mlp:256,128").ShouldBe([256, 128]);
        NetworkSpec.ParseUnits("linear").ShouldBeEmpty();
        Sequential network = new NetworkSpec { HiddenUnits = [8], BatchNorm = true, Dropout = 0.1 }.Build([1, 4, 4], 3);
        network.Modules.Select(m => m.Module.GetType().Name)
            .ShouldBe(["Flatten", "Dense", "BatchNorm1d", "ActivationLayer", "Dropout", "Dense"]);
        network.Initialize(1);
        network.Forward(Tensor.Ones([2, 1, 4, 4])).Shape.ShouldBe([2, 3]);
        new NetworkSpec { HiddenUnits = [] }.Build([4], 1).ParameterCount.ShouldBe(5);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("mlp:")]
    [InlineData("mlp:0")]
    [InlineData("mlp:3,x")]
    [InlineData("mlp:70000")]
    [InlineData("cnn")]
    public void Bad_names_are_refused(string text) =>
        Should.Throw<ThalwegException>(() => NetworkSpec.ParseUnits(text)).Message.ShouldContain("an example is mlp:256,128");

    [Theory]
    [InlineData("blobs", DType.Float32)]
    [InlineData("moons", DType.Float64)]
    public void A_saved_model_scores_and_predicts_the_same(string data, DType dtype)
    {
        TrainedModel model = Train(data, dtype, out DataSplit split);
        model.Save(_path);
        TrainedModel loaded = TrainedModel.Load(_path);
        Evaluation expected = model.Evaluate(split.Validation.Data);
        loaded.Evaluate(split.Validation.Data).ShouldBe(expected);
        loaded.Provenance.Seed.ShouldBe(1UL);
        loaded.Module.IsTraining.ShouldBeFalse();

        Predictor predictor = new(loaded, 8);
        float[] features = new float[8 * split.Training.Data.FeatureWidth];
        int[] labels = new int[8];
        split.Validation.Data.Gather(Dataset.AllRows(8), features.AsSpan());
        split.Validation.Data.GatherLabels(Dataset.AllRows(8), labels);
        double[] probabilities = new double[8 * predictor.Width];
        predictor.Predict(features, 8, probabilities);
        for (int row = 0; row < 8; row++)
        {
            double[] p = probabilities[(row * predictor.Width)..((row + 1) * predictor.Width)];
            p.Sum().ShouldBe(1, 1e-12);
            Array.IndexOf(p, p.Max()).ShouldBe(labels[row]);
        }
    }

    [Fact]
    public void Weights_that_do_not_fit_the_architecture_are_named()
    {
        TrainedModel model = Train("blobs", DType.Float32, out _);
        model.Save(_path);
        SafetensorsFile file = ModelFile.Load(_path).Weights;
        Should.Throw<ThalwegException>(() => ModuleState.Read(file, new Sequential(new Dense(2, 5)), "here")).Message.ShouldStartWith(
            "here: expected '0.weight' as Float32 [2, 5]");
        Should.Throw<ThalwegException>(() => ModuleState.Read(file,
            new Sequential(new Flatten(), new Flatten(), new Flatten(), new Dense(2, 16)), "here")).Message.ShouldContain(
                "expected a tensor '3.weight'");
        Should.Throw<ThalwegException>(
            () => ModuleState.Read(file, new Sequential(new Dense(2, 16)), "here")).Message.ShouldContain("found '1.bias' too");
    }

    private static TrainedModel Train(string data, DType dtype, out DataSplit split)
    {
        split = DataSource.Open(data, new DataOptions { SampleCount = 400 }).Split();
        Sequential network = new NetworkSpec { HiddenUnits = [16] }.Build(
            split.Training.Data.FeatureShape, split.Training.Data.ClassNames.Count);
        network.Initialize(1, dtype);
        new Trainer(network, split.Training, split.Validation,
            new TrainerOptions { Optimizer = new Adam(0.02), Epochs = 20, BatchSize = 32, Patience = 0 }).Fit();
        Provenance provenance = new() { ThalwegVersion = "test", CommandLine = "test", Seed = 1, Data = data };
        return new TrainedModel(network, split.Preprocessing, provenance);
    }
}
