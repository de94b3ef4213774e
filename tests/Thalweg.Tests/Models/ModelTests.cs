using System.Reflection;
using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Initializers;
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
        NetworkSpec.Parse("mlp:256,128").HiddenUnits.ShouldBe([256, 128]);
        NetworkSpec.Parse("linear").HiddenUnits.ShouldBeEmpty();
        Sequential network = new NetworkSpec { HiddenUnits = [8], BatchNorm = true, Dropout = 0.1 }.Build([1, 4, 4], 3);
        network.Modules.Select(m => m.Module.GetType().Name)
            .ShouldBe(["Flatten", "Dense", "BatchNorm1d", "ActivationLayer", "Dropout", "Dense"]);
        network.Initialize(1);
        network.Forward(Tensor.Ones([2, 1, 4, 4])).Shape.ShouldBe([2, 3]);
        new NetworkSpec { HiddenUnits = [] }.Build([4], 1).ParameterCount.ShouldBe(5);
    }

    [Fact]
    public void Networks_for_images_are_built_by_name()
    {
        NetworkSpec spec = NetworkSpec.Parse("cnn:4x5,6+8");
        spec.Convolutions.ShouldBe([new(4, 5), new(6)]);
        Sequential plain = spec.Build([1, 28, 28], 10);
        plain.Modules.Select(m => m.Module.GetType().Name)
            .ShouldBe(["Conv2d", "MaxPool2d", "Conv2d", "MaxPool2d", "Flatten", "Dense", "Dense"]);
        plain.ParameterCount.ShouldBe((25 * 4) + 4 + (9 * 4 * 6) + 6 + (6 * 49 * 8) + 8 + 90);
        Sequential full = (spec with { BatchNorm = true, Dropout = 0.1 }).Build([3, 9, 7], 2);
        full.Modules.Take(5).Select(m => m.Module.GetType().Name)
            .ShouldBe(["Conv2d", "BatchNorm2d", "ActivationLayer", "MaxPool2d", "Dropout"]);
        full.Initialize(1);
        full.Forward(Tensor.Ones([2, 3, 9, 7])).Shape.ShouldBe([2, 2]);
    }

    [Fact]
    public void Residual_networks_are_built_by_name()
    {
        NetworkSpec spec = NetworkSpec.Parse("resnet:4x1,8+6") with { BatchNorm = true };
        spec.Stages.ShouldBe([new(4, 1), new(8)]);
        Sequential network = spec.Build([3, 9, 7], 10);
        network.Modules.Select(m => m.Module.GetType().Name).ShouldBe(
            [
                "Conv2d", "BatchNorm2d", "ActivationLayer", "Residual", "Residual", "Residual", "AdaptiveAvgPool2d", "Flatten", "Dense",
                "BatchNorm1d", "ActivationLayer", "Dense",
            ]);

        // Windows of 3 x 3 without biases, two numbers per channel for normalization, and one shortcut.
        int convolutions = 9 * ((3 * 4) + (2 * 4 * 4) + (4 * 8) + (3 * 8 * 8)), shortcut = (4 * 8) + 16, scales = (3 * 8) + (4 * 16);
        network.ParameterCount.ShouldBe(convolutions + shortcut + scales + (8 * 6) + 12 + 70);
        network.Initialize(1);
        network.Forward(Tensor.Ones([2, 3, 9, 7])).Shape.ShouldBe([2, 10]);
        Should.Throw<ThalwegException>(() => spec.Build([784], 2)).Message.ShouldContain("for a residual network, got samples [784]");
    }

    [Fact]
    public void Paths_of_a_residual_network_are_dropped_by_depth()
    {
        Sequential network = (NetworkSpec.Parse("resnet:4x2,8x2") with { DropPath = 0.4 }).Build([1, 8, 8], 2);
        double[] rates = [.. network.Modules.Select(m => m.Module).OfType<Residual>()
            .Select(block => ((Sequential)block.Modules[0].Module).Modules[^1].Module).Cast<StochasticDepth>().Select(d => d.Probability)];
        rates.ShouldBe([0.1, 0.2, 0.3, 0.4], 1e-12);
    }

    [Theory]
    [InlineData("mlp:8", "layer", "Dense LayerNorm ActivationLayer Dense")]
    [InlineData("mlp:8", "rms", "Dense RmsNorm ActivationLayer Dense")]
    [InlineData("mlp:8", "group", "Dense GroupNorm ActivationLayer Dense")]
    [InlineData("mlp:8", "weight", "WeightNorm Dense")]
    [InlineData("mlp:8", "spectral", "SpectralNorm Dense")]
    [InlineData("cnn:8+4", "layer",
        "Conv2d GroupNorm ActivationLayer MaxPool2d Flatten Dense LayerNorm ActivationLayer Dense")]
    [InlineData("cnn:8+4", "instance", "Conv2d InstanceNorm ActivationLayer MaxPool2d Flatten Dense Dense")]
    [InlineData("cnn:8", "spectral", "SpectralNorm MaxPool2d Flatten Dense")]
    public void Hidden_layers_are_normalized_by_name(string text, string normalization, string layers)
    {
        NetworkSpec spec = NetworkSpec.Parse(text) with { Normalization = NormalizationText.Parse(normalization) };
        IReadOnlyList<int> shape = spec.Convolutions.Count == 0 ? [5] : [1, 6, 6];
        Sequential network = spec.Build(shape, 3);
        string.Join(' ', network.Modules.Select(m => m.Module.GetType().Name)).ShouldBe(layers);
        network.Initialize(1);
        network.Forward(Tensor.Ones([4, .. shape])).Shape.ShouldBe([4, 3]);
        spec.BatchNorm.ShouldBeFalse();
    }

    [Theory]
    [InlineData(256, 32)]
    [InlineData(16, 4)]
    [InlineData(6, 1)]
    public void Groups_are_32_or_have_4_channels(int units, int groups) =>
        ((GroupNorm)new NetworkSpec { HiddenUnits = [units], Normalization = new GroupNormalization() }.Build([5], 3).Modules[1].Module)
            .Groups.ShouldBe(groups);

    [Fact]
    public void Normalizations_without_a_form_for_the_layers_are_refused()
    {
        NetworkSpec dense = NetworkSpec.Parse("mlp:8"), images = NetworkSpec.Parse("cnn:8");
        Refused(dense with { Normalization = new InstanceNormalization() }, [5]).ShouldContain("got dense layers alone");
        Refused(images with { Normalization = new RmsNormalization() }, [1, 6, 6]).ShouldContain("for the normalization rms");
        Refused(images with { MaxoutPieces = 2 }, [1, 6, 6]).ShouldContain("dense layers alone for maxout");
        NetworkSpec maxout = new() { HiddenUnits = [4], MaxoutPieces = 2 };
        Refused(maxout with { Normalization = new WeightNormalization() }, [3]).ShouldContain("normalization of outputs for maxout");
        Refused(maxout with { Normalization = new SpectralNormalization() }, [3]).ShouldContain("normalization of outputs for maxout");

        static string Refused(NetworkSpec spec, int[] shape) => Should.Throw<ThalwegException>(() => spec.Build(shape, 2)).Message;
    }

    [Fact]
    public void Activations_with_weights_and_kinds_of_dropout_are_layers()
    {
        NetworkSpec spec = NetworkSpec.Parse("mlp:8") with { Dropout = 0.1 };
        Names(spec.WithActivation("prelu") with { BatchNorm = true }).ShouldBe("Dense BatchNorm1d PRelu Dropout Dense");
        Names(spec.WithActivation("maxout(3)") with { DropoutKind = DropoutKind.Gaussian }).ShouldBe("Maxout GaussianDropout Dense");
        spec.WithActivation("maxout").MaxoutPieces.ShouldBe(2);
        spec.WithActivation("maxout(3)").WithActivation("tanh").ShouldBe(spec with { Activation = Activation.Tanh });
        Names(spec with { DropoutKind = DropoutKind.Alpha }).ShouldBe("Dense AlphaDropout Dense");
        Names(spec with { DropoutKind = DropoutKind.Channel }).ShouldBe("Dense ChannelDropout Dense");
        Should.Throw<ThalwegException>(() => spec.WithActivation("maxout(1)")).Message.ShouldContain("2 to 64 maps");
        Should.Throw<ThalwegException>(() => spec.WithActivation("max")).Message.ShouldContain("expected one of");

        static string Names(NetworkSpec spec) => string.Join(' ', spec.Build([5], 3).Modules.Select(m => m.Module.GetType().Name));
    }

    [Theory]
    [InlineData(new[] { 784 })]
    [InlineData(new[] { 1, 3, 28 })]
    public void Convolutions_need_images_that_are_large_enough(int[] shape) =>
        Should.Throw<ThalwegException>(() => NetworkSpec.Parse("cnn:4,4").Build(shape, 2)).Message
            .ShouldContain("expected images [channels, height, width] of 4 pixels or more a side for 2 convolutions");

    [Theory]
    [InlineData("mlp")]
    [InlineData("mlp:")]
    [InlineData("mlp:0")]
    [InlineData("mlp:3,x")]
    [InlineData("mlp:70000")]
    [InlineData("cnn")]
    [InlineData("cnn:")]
    [InlineData("cnn:8x0")]
    [InlineData("cnn:8x33")]
    [InlineData("cnn:8+")]
    [InlineData("cnn:8+0")]
    [InlineData("rnn:8")]
    [InlineData("resnet:")]
    [InlineData("resnet:8x0")]
    [InlineData("resnet:8x257")]
    public void Bad_names_are_refused(string text) =>
        Should.Throw<ThalwegException>(() => NetworkSpec.Parse(text)).Message
            .ShouldContain("examples are mlp:256,128, cnn:32,64+128 and resnet:16,32");

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
    public void A_model_is_saved_without_an_origin_and_loaded_from_the_folder_of_its_run()
    {
        TrainedModel trained = Train("blobs", DType.Float32, out _);
        string folder = Path.Combine(Path.GetTempPath(), $"thalweg-{Guid.NewGuid()}"), file = Path.Combine(folder, ModelFile.FileName);
        Directory.CreateDirectory(folder);
        try
        {
            Should.Throw<ThalwegException>(() => TrainedModel.Load(folder)).Message.ShouldBe(
                $"[checkpoint] {folder}: expected model.safetensors in the folder, found none; give the folder of a run that has saved " +
                "a model, or the model file");
            new TrainedModel(trained.Module, trained.Preprocessing).Save(file);
            foreach (string path in new[] { file, folder, folder + Path.DirectorySeparatorChar })
            {
                Provenance origin = TrainedModel.Load(path).Provenance;
                origin.ThalwegVersion.ShouldBe(
                    typeof(Tensor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
                (origin.CommandLine, origin.Data, origin.Seed).ShouldBe(("not recorded", "not recorded", null));
                origin.Libraries[".NET"].ShouldBe(Environment.Version.ToString());
                origin.Metrics.ShouldBeEmpty();
                Transfer.FromFile(trained.Module, path).Matched.Count().ShouldBe(4);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Should.Throw<ThalwegException>(() => TrainedModel.Load(folder)).Message.ShouldBe(
            $"[checkpoint] {folder}: there is no such model; give the file of a saved model, or the folder of a run");
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

    [Fact]
    public void An_initializer_that_no_file_can_name_is_refused_at_the_save()
    {
        TrainedModel trained = Train("moons", DType.Float32, out _);
        Thalweg.Layers.Module[] layers = [new Dense(2, 2), new Conv2d(2, 2, 3), new Maxout(2, 2), new Embedding(2, 2)];
        foreach (Thalweg.Layers.Module layer in layers)
        {
            Parameter weight = layer.NamedParameters().First().Parameter;
            weight.Initializer = new Ramp();
            Sequential network = (Sequential)new Sequential(new Residual(layer)).Initialize(1);
            TrainedModel model = new(network, trained.Preprocessing, trained.Provenance);
            Should.Throw<ThalwegException>(() => model.Save(_path)).Message.ShouldContain("[initializer] expected a registered one");
            File.Exists(_path).ShouldBeFalse();
            weight.Initializer = Initializer.HeNormal();
            model.Save(_path);
            TrainedModel.Load(_path).Module.NamedParameters().First().Parameter.Value.ToArray<float>()
                .ShouldBe(weight.Value.ToArray<float>());
            File.Delete(_path);
        }
    }

    /// <summary>An initializer of a user.</summary>
    private sealed record Ramp : Initializer
    {
        public override void Fill(Tensor target, ref RandomStream stream)
        {
            for (long i = 0; i < target.Length; i++)
                target.Write(i, i);
        }
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
