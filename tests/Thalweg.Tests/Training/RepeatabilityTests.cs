using Shouldly;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Tests.Rules;
using Thalweg.Training;
using Xunit;

namespace Thalweg.Tests.Training;

/// <summary>Networks of each kind train to the same bits for any number of threads and from run to run; `bits` of the benchmarks does the
/// same at full size.</summary>
[Collection(nameof(ThreadCount))]
public sealed class RepeatabilityTests
{
    private const int Batch = 32, Steps = 8, Classes = 3;

    private static readonly Dictionary<string, (int[] Sample, Func<Module> Build)> s_networks = new()
    {
        ["dense"] = ([64], () => new Sequential(
            new Dense(64, 256, Activation.Relu), new BatchNorm1d(256), new Dropout(0.2), new Dense(256, Classes))),
        ["convolution"] = ([3, 12, 12], () => new Sequential(
            new Conv2d(3, 16, 3, new ConvolutionOptions { Padding = 1 }), new BatchNorm2d(16), new ActivationLayer(Activation.Relu),
            new MaxPool2d(2),
            new Conv2d(16, 32, 3, new ConvolutionOptions { Padding = 1 }), new AdaptiveAvgPool2d(), new Flatten(), new Dense(32, Classes))),
        ["recurrent"] =
            ([12, 16], () => new Sequential(new Lstm(16, 48, new RecurrentOptions { AllSteps = false }), new Dense(48, Classes))),
        ["attention"] = ([12, 32], () => new Sequential(new TransformerEncoder(1, 32, 4), new Mean(1), new Dense(32, Classes))),
        ["checkpointed"] = ([64], () => new Sequential(
            new Recomputed(new Sequential(new Dense(64, 128, Activation.Gelu), new Dropout(0.1))), new Dense(128, Classes))),
    };

    [Theory]
    [InlineData("dense")]
    [InlineData("convolution")]
    [InlineData("recurrent")]
    [InlineData("attention")]
    [InlineData("checkpointed")]
    public void Bits_depend_neither_on_threads_nor_on_the_run(string name)
    {
        float[] expected = ThreadCount.With(1, () => Train(name));
        expected.ShouldAllBe(value => float.IsFinite(value));
        foreach (int threads in new[] { 1, 2, 3, 8 })
            ThreadCount.With(threads, () => Train(name)).SequenceEqual(expected).ShouldBeTrue($"{threads} threads");
    }

    private static float[] Train(string name)
    {
        (int[] sample, Func<Module> build) = s_networks[name];
        int width = sample.Aggregate(1, (product, size) => product * size);
        RandomStream stream = new(7, RandomPurpose.User);
        float[] features = new float[Batch * Steps * width];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)stream.NextNormal();
        int[] labels = [.. Enumerable.Range(0, Batch * Steps).Select(i => i % Classes)];
        Dataset data = Dataset.ForClassification(features, sample, labels, Samples.Names);
        TrainerOptions options = new() { Optimizer = new Adam(1e-3), BatchSize = Batch, Epochs = 1, RestoreBest = false };
        Trainer trainer = new(build(), new TrainingSet(data), new ValidationSet(data), options);
        trainer.Fit();
        return [.. trainer.Parameters.Values.ToArray<float>(),
            .. trainer.Module.NamedBuffers().SelectMany(b => b.Value.ToArray<double>()).Select(b => (float)b)];
    }
}
