using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Faults;

/// <summary>What a network is trained by: a recipe, and what a recipe cannot say.</summary>
internal sealed record Setup(Recipe Recipe)
{
    /// <summary>Makes data in place of those of the recipe, divided by the seed of the recipe; null for those of the recipe.</summary>
    public Func<ulong, RunData>? Data { get; init; }

    /// <summary>Makes the network in place of that of the recipe, from the seed of the recipe; null for that of the recipe.</summary>
    public Func<ulong, NetworkFactory>? Network { get; init; }

    /// <summary>Readings of the test data by different models before the run.</summary>
    public int TestReads { get; init; }

    /// <summary>The same with another seed: other weights, another order of the samples, another division of the rows.</summary>
    public Setup WithSeed(ulong seed) => this with { Recipe = Recipe with { Seed = seed } };

    /// <summary>The data, opened and divided.</summary>
    public RunData Open()
    {
        RunData data = Data?.Invoke(Recipe.Seed) ?? Recipe.OpenData();
        if (TestReads > 0)
            data.Split.Test!.Ledger = new MemoryTestLedger();
        for (int i = 0; i < TestReads; i++)
            data.Split.Test!.Read("to compare models", $"model-{i}");
        return data;
    }

    /// <summary>Data, network and trainer, without training.</summary>
    public PreparedRecipe Prepare() => Recipe.Prepare(Open(), Network?.Invoke(Recipe.Seed));

    /// <summary>Trains.</summary>
    /// <param name="judge">What the result is judged on; null for the validation data of the run.</param>
    public Outcome Train(Dataset? judge = null)
    {
        PreparedRecipe prepared = Prepare();
        TrainingReport report = prepared.Trainer.Fit();
        EpochReport? kept = report.Kept ?? report.Epochs.LastOrDefault();
        Evaluation? judged = judge is not null ? prepared.ToModel("").Evaluate(judge)
            : kept is { IsEvaluated: true } ? kept.Validation : null;
        return new(
            judged?.Metric ?? double.NaN, judged?.Loss ?? double.NaN, kept?.Training.Loss ?? double.NaN,
            report.Reason != EndReason.NonFinite, report.Seconds)
        {
            TrainingMetric = kept?.Training.Metric ?? double.NaN,
            Other = judged?.Others is { Count: > 0 } others ? others[0].Value : double.NaN,
        };
    }
}

/// <summary>What a training reached.</summary>
/// <param name="Metric">Accuracy or R2 on the data to judge by.</param>
/// <param name="Loss">Loss there.</param>
/// <param name="TrainingLoss">Loss of the last epoch's batches.</param>
/// <param name="IsFinite">Whether it ran to its end.</param>
/// <param name="Seconds">Time of the training in seconds.</param>
internal sealed record Outcome(double Metric, double Loss, double TrainingLoss, bool IsFinite, double Seconds)
{
    /// <summary>Accuracy or R2 on the training data during the last epoch.</summary>
    public double TrainingMetric { get; init; }

    /// <summary>The first metric that the recipe asks for beside that of the task.</summary>
    public double Other { get; init; }

    /// <summary>The metric with a floor, so that a diverged regression counts as a useless one.</summary>
    public double Bounded => !IsFinite || !double.IsFinite(Metric) ? -1 : Math.Max(-1, Metric);
}
