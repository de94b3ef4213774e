using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>The dense networks of the benchmarks, whose work is large enough to be cut into micro-batches.</summary>
public sealed class BenchmarkNetworkTests
{
    private const int Batches = 4;

    public static TheoryData<string> Names => ["mlp-adam-64", "mlp-sgd-128", "mlp-bn-100", "tabular-tiny"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fifty_steps_give_the_same_bits_for_any_number_of_threads(string name)
    {
        int before = Threads.Count;
        try
        {
            float[]? first = null;
            foreach (int threads in new[] { 1, 2, 3, 8, 2 })
            {
                Threads.Count = threads;
                float[] weights = TakeSteps(name, 50);
                first ??= weights;
                weights.SequenceEqual(first).ShouldBeTrue($"{threads} threads");
            }

            TakeSteps(name, 49).SequenceEqual(first!).ShouldBeFalse();
        }
        finally
        {
            Threads.Count = before;
        }
    }

    [Fact]
    public void Two_trainers_at_once_give_what_each_gives_alone()
    {
        string[] names = ["mlp-adam-64", "mlp-bn-100"];
        float[][] alone = [.. names.Select(name => TakeSteps(name, 30))], together = new float[2][];
        Thread[] trainers = [.. names.Select((name, i) => new Thread(() => together[i] = TakeSteps(name, 30)))];
        Array.ForEach(trainers, trainer => trainer.Start());
        Array.ForEach(trainers, trainer => trainer.Join());
        for (int i = 0; i < names.Length; i++)
            together[i].SequenceEqual(alone[i]).ShouldBeTrue(names[i]);
    }

    private static float[] TakeSteps(string name, int steps)
    {
        (NetworkSpec network, int width, int outputs, int batch, Chain optimizer) = name switch
        {
            "mlp-adam-64" => (new NetworkSpec { HiddenUnits = [256, 128] }, 784, 10, 64, new Adam(1e-3)),
            "mlp-sgd-128" => (new NetworkSpec { HiddenUnits = [256, 128] }, 784, 10, 128, new Sgd(0.1)),
            "mlp-bn-100" => (new NetworkSpec { HiddenUnits = [100, 100, 100, 100, 100], BatchNorm = true }, 784, 10, 100, new Sgd(0.1)),
            _ => ((NetworkSpec, int, int, int, Chain))(new NetworkSpec { HiddenUnits = [32] }, 13, 1, 16, new Adam(1e-3)),
        };
        Dataset data = Data(width, outputs, Batches * batch);
        Trainer trainer = new(
            network.Build([width], outputs), new TrainingSet(data), new ValidationSet(data),
            new TrainerOptions { Optimizer = optimizer, BatchSize = batch });
        int[] samples = Dataset.AllRows(data.Count);
        for (int step = 0; step < steps; step++)
            double.IsFinite(trainer.TakeStep(samples.AsSpan(step % Batches * batch, batch))).ShouldBeTrue();
        return trainer.Parameters.Values.ToArray<float>();
    }

    private static Dataset Data(int width, int outputs, int count)
    {
        RandomStream stream = new(1, RandomPurpose.User);
        float[] features = new float[count * width];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)stream.NextNormal();
        return outputs == 1
            ? Dataset.ForRegression(features, [width], [.. features.Take(count)])
            : Dataset.ForClassification(
                features, [width], [.. Enumerable.Range(0, count).Select(i => i * 7 % outputs)],
                [.. Enumerable.Range(0, outputs).Select(c => $"{c}")]);
    }
}
