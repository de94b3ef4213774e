using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Labs;

/// <summary>Networks of labs, and how long they train.</summary>
internal static class LabNetworks
{
    /// <summary>Far more epochs than any experiment takes: the number of steps ends it.</summary>
    private const int NoEnd = 1_000_000;

    /// <summary>What a loss that is not finite counts as.</summary>
    private const double Diverged = 1e6;

    /// <summary>Dense layers in a row.</summary>
    /// <param name="activation">Activation of all but the last.</param>
    /// <param name="sizes">Inputs, hidden units, outputs.</param>
    public static Sequential Mlp(Activation activation, params int[] sizes) => Mlp(activation, null, sizes);

    /// <summary>Dense layers in a row, with a start of their own.</summary>
    /// <param name="activation">Activation of all but the last.</param>
    /// <param name="start">Initializer of the weights; null for that of the layer.</param>
    /// <param name="sizes">Inputs, hidden units, outputs.</param>
    public static Sequential Mlp(Activation activation, Initializer? start, params int[] sizes) => new(
    [
        new Flatten(),
        .. Enumerable.Range(1, sizes.Length - 1)
            .Select(i => (Module)new Dense(sizes[i - 1], sizes[i], i < sizes.Length - 1 ? activation : Activation.None, start)),
    ]);

    /// <summary>Learning rates that are tried for a rule, from small to large, each about three times the one before.</summary>
    /// <param name="rule">Text of the rule.</param>
    public static double[] Rates(string rule) => rule.Split('(')[0] switch
    {
        "sgd" => [0.01, 0.03, 0.1, 0.3, 1],
        "momentum" or "nesterov" => [0.001, 0.003, 0.01, 0.03, 0.1],
        "adagrad" => [0.003, 0.01, 0.03, 0.1, 0.3],
        "adadelta" => [0.03, 0.1, 0.3, 1, 3],
        _ => [0.0003, 0.001, 0.003, 0.01, 0.03],
    };

    /// <summary>Options of a run of so many updates, without early stopping.</summary>
    /// <param name="chain">The optimizer.</param>
    /// <param name="batch">Samples of a batch; <see cref="TrainerOptions.FullBatch"/> for all.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Seed of weights and order.</param>
    public static TrainerOptions Steps(Chain chain, int batch, long steps, ulong seed) => new()
    {
        Optimizer = chain,
        BatchSize = batch,
        Epochs = NoEnd,
        MaxSteps = steps,
        Seed = seed,
        Patience = 0,
        RestoreBest = false,
    };

    /// <summary>Loss and accuracy on samples.</summary>
    public static Evaluation Evaluate(Module network, Dataset data) => new Evaluator(network, null).Evaluate(data);

    /// <summary>Samples with some labels drawn anew.</summary>
    /// <param name="data">The samples, of classes.</param>
    /// <param name="share">Share of the labels, in [0, 1].</param>
    /// <param name="seed">Names the labels.</param>
    public static Dataset Mislabel(Dataset data, double share, ulong seed)
    {
        RandomStream random = new(seed, RandomPurpose.Corruption);
        (float[] features, int[] labels) = Read(data);
        foreach (ref int label in labels.AsSpan())
        {
            if (random.NextDouble() < share)
                label = random.NextInt32(data.ClassNames.Count);
        }

        return Dataset.ForClassification(features, data.FeatureShape, labels, data.ClassNames);
    }

    /// <summary>Samples in an order of choice.</summary>
    /// <param name="data">The samples, of classes.</param>
    /// <param name="order">Which samples, in which order.</param>
    public static Dataset Take(Dataset data, IReadOnlyList<int> order)
    {
        float[] features = new float[order.Count * data.FeatureWidth];
        int[] labels = new int[order.Count];
        data.Gather<float>([.. order], features);
        data.GatherLabels([.. order], labels);
        return Dataset.ForClassification(features, data.FeatureShape, labels, data.ClassNames);
    }

    /// <summary>Samples sorted by class.</summary>
    /// <param name="data">The samples, of classes.</param>
    public static Dataset Sorted(Dataset data)
    {
        (_, int[] labels) = Read(data);
        return Take(data, [.. Enumerable.Range(0, data.Count).OrderBy(sample => labels[sample])]);
    }

    private static (float[] Features, int[] Labels) Read(Dataset data)
    {
        int[] all = [.. Enumerable.Range(0, data.Count)];
        float[] features = new float[data.Count * data.FeatureWidth];
        int[] labels = new int[data.Count];
        data.Gather<float>(all, features);
        data.GatherLabels(all, labels);
        return (features, labels);
    }

    /// <summary>Trains, and takes the loss on samples from time to time.</summary>
    /// <param name="context">Counts the updates.</param>
    /// <param name="trainer">The run.</param>
    /// <param name="data">The samples.</param>
    /// <param name="every">Updates from one evaluation to the next.</param>
    /// <returns>The losses; a large number in place of one that is not finite, and after it.</returns>
    public static double[] Curve(this LabContext context, Trainer trainer, Dataset data, int every)
    {
        double[] losses = new double[trainer.TotalSteps / every];
        Array.Fill(losses, Diverged);
        context.Fit(trainer, step =>
        {
            if (step.Updates % every == 0 && Evaluate(trainer.Module, data).Loss is var loss && double.IsFinite(loss))
                losses[(step.Updates / every) - 1] = loss;
        });
        return losses;
    }

    /// <summary>Trains until a loss on samples is reached.</summary>
    /// <param name="context">Counts the updates.</param>
    /// <param name="trainer">The run; its options bound the updates.</param>
    /// <param name="data">The samples that the loss is taken on.</param>
    /// <param name="target">The loss.</param>
    /// <param name="every">Updates from one evaluation to the next.</param>
    /// <returns>Updates until then; all updates of the run where the loss is not reached.</returns>
    public static long UpdatesTo(this LabContext context, Trainer trainer, Dataset data, double target, int every)
    {
        long reached = trainer.TotalSteps;
        context.Fit(trainer, step =>
        {
            if (step.Updates % every == 0 && Evaluate(trainer.Module, data).Loss <= target)
            {
                reached = step.Updates;
                trainer.RequestStop("the loss is reached");
            }
        });
        return reached;
    }
}
