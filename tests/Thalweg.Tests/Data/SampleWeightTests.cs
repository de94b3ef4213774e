using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Tests.Training;

namespace Thalweg.Tests.Data;

/// <summary>Weights of samples: what they may be, and what is started from them.</summary>
public sealed class SampleWeightTests
{
    [Fact]
    public void Weights_that_are_none_are_refused()
    {
        Dataset data = Samples.Clusters(3);
        Should.Throw<ThalwegException>(() => data.WithWeights([1, 2])).Message.ShouldContain("3 sample weights, got 2");
        Should.Throw<ThalwegException>(() => data.WithWeights([1, -1, 1])).Message.ShouldContain("got -1 for sample 1");
        Should.Throw<ThalwegException>(() => data.WithWeights([1, 1, float.NaN])).Message.ShouldContain("for sample 2");
        Should.Throw<ThalwegException>(() => data.WithWeights([0, 0, 0])).Message.ShouldContain("above 0");
        data.HasWeights.ShouldBeFalse();
        Dataset weighted = data.WithRows([2, 0]).WithWeights([5, 7]);
        float[] weights = new float[2];
        weighted.GatherWeights<float>([0, 1], weights);
        weights.ShouldBe([5f, 7f]);
        weighted.WithRows([0]).GatherWeights<float>([0], weights);
        weights[0].ShouldBe(7);
    }

    [Fact]
    public void The_output_bias_counts_samples_by_their_weights()
    {
        const int Count = 50;
        Dataset data = Samples.Clusters(Count);
        float[] weights = [.. Enumerable.Range(0, Count).Select(i => 1f + (i % 4))];
        int[] labels = new int[Count];
        data.GatherLabels(Dataset.AllRows(Count), labels);
        Sequential network = new(new Dense(2, 3));
        network.Initialize(1, DType.Float64);
        OutputBias.FromData(network, new TrainingSet(data.WithWeights(weights)));
        double total = weights.Sum(w => (double)w);
        for (int c = 0; c < 3; c++)
        {
            double weight = labels.Select((label, i) => label == c ? weights[i] : 0.0).Sum();
            network.NamedParameters().Last().Parameter.Value.Read(c)
                .ShouldBe(Math.Log(((weight * Count / total) + 1) / (Count + 3)), 1e-12);
        }
    }

    [Fact]
    public void Losses_with_equal_class_weights_are_equal()
    {
        Loss one = new CrossEntropyLoss { ClassWeights = [1, 5, 0.5] }, two = new CrossEntropyLoss { ClassWeights = [1, 5, 0.5] };
        one.ShouldBe(two);
        one.GetHashCode().ShouldBe(two.GetHashCode());
        one.ShouldNotBe(new CrossEntropyLoss { ClassWeights = [1, 5, 0.4] });
    }
}
