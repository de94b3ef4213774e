using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Experiments beside replays, made where the signs ask for them.</summary>
internal static class Battery
{
    private const int MostRows = 256, OverfitSteps = 200;

    /// <summary>What constant, linear and nearest answers reach, signals at the start, and whether the network looks at its inputs.</summary>
    public static IEnumerable<ExperimentResult> References(RunSigns signs)
    {
        if (double.IsFinite(signs.Data.Trivial))
            yield return Result("constant", "", new Evidence("validation_metric", signs.Data.Trivial, 1, ""));
        if (double.IsFinite(signs.Data.NeighborMetric))
            yield return Result("neighbors", "", new Evidence("validation_metric", signs.Data.NeighborMetric, 1, ""));
        if (signs.Start is { Layers.Count: > 0 } start)
        {
            yield return Result("start_variance", "", [.. start.Layers.Select(
                layer => new Evidence("layer_deviation", layer.Deviation, 1, "") { Layer = layer.Path })]);
        }

        if (signs.GradientCheck is { } check)
            yield return Result("gradient_check", check.Operation ?? "", new Evidence("gradient_error", check.Error, 0.15, "") { Layer = check.Parameter });
        if (ZeroInput(signs) is { } zero)
            yield return zero;
    }

    /// <summary>A linear model, one batch learned by heart and shuffled labels, for a run that has learned little.</summary>
    /// <param name="signs">The run.</param>
    /// <param name="replays">Counts the work.</param>
    /// <param name="options">Data and network.</param>
    public static IEnumerable<ExperimentResult> OfPoorRun(RunSigns signs, ReplayRunner replays, DoctorOptions options)
    {
        if (signs.Outcome is not { TrainingLoss: > 0.5 } || replays.Left <= 0 || signs.Recipe is not { } recipe || options.Data is null
            && signs.Data.Training is null)
        {
            yield break;
        }

        if (double.IsFinite(signs.Data.LinearMetric))
            yield return Result("linear", "", new Evidence("validation_metric", signs.Data.LinearMetric, 1, ""));
        PreparedRecipe prepared = options.Data is { } data ? recipe.Prepare(data, options.Network) : recipe.Prepare(options.Network);
        if (prepared.Options.Minimizer is not null)
            yield break;
        OverfitResult learned = OverfitTest.Run(prepared.Network, prepared.Split.Training, prepared.Options, steps: OverfitSteps);
        double work = replays.Count((double)learned.Steps * learned.Samples);
        yield return new ExperimentResult(
            "overfit_batch", "", ValueList.Of<Evidence>([new("batch_learned", learned.IsLearned ? 1 : 0, 1, "")]), work);
    }

    /// <summary>Trains on labels in another order: a network that fits them as well as the true ones learns by heart.</summary>
    /// <param name="signs">The run.</param>
    /// <param name="replays">Counts the work.</param>
    /// <param name="options">Data and network.</param>
    /// <returns>The result; null where there are no classes, or no budget is left.</returns>
    public static ExperimentResult? ShuffledLabels(RunSigns signs, ReplayRunner replays, DoctorOptions options)
    {
        if (!signs.Data.HasClasses || replays.Left < 1 || signs.Recipe is not { } recipe || signs.Data.Training is not { } training
            || training.HasLengths || training.Inputs.Count != 1)
        {
            return null;
        }

        TrainingSet shuffled = new(Shuffled(training, options.Seed));
        PreparedRecipe prepared = recipe.Prepare(
            RunData.Of(Split(signs, shuffled)), options.Network);
        TrainingReport report = prepared.Trainer.Fit();
        TrainingOutcome outcome = TrainingOutcome.Of(prepared.Trainer, report);
        return new ExperimentResult(
            "shuffled_labels", "", ValueList.Of<Evidence>([new("training_metric", outcome.TrainingMetric, 1, "")]), replays.Count(outcome.Work));
    }

    private static DataSplit Split(RunSigns signs, TrainingSet shuffled) => new(
        Preprocessing.Of(shuffled.Data), shuffled, signs.Trainer.ValidationData ?? new ValidationSet(signs.Data.Training!), Test: null, Notes: []);

    private static Dataset Shuffled(Dataset training, ulong seed)
    {
        int width = training.FeatureShape.Aggregate(1, (product, size) => product * size);
        int[] rows = [.. Enumerable.Range(0, training.Count)], labels = new int[training.Count];
        float[] features = new float[(long)training.Count * width];
        training.Gather<float>(rows, features);
        training.GatherLabels(rows, labels);
        RandomStream random = new(seed, RandomPurpose.Instruments, ulong.MaxValue);
        for (int i = labels.Length - 1; i > 0; i--)
        {
            int other = random.NextInt32(i + 1);
            (labels[i], labels[other]) = (labels[other], labels[i]);
        }

        return Dataset.ForClassification(features, training.FeatureShape, labels, training.ClassNames);
    }

    /// <summary>How much of the outputs' variation is left where all inputs are 0 but the network is the same.</summary>
    private static ExperimentResult? ZeroInput(RunSigns signs)
    {
        if (signs.End is null || signs.Data.Training is not { Inputs.Count: 1, HasLengths: false } training)
            return null;
        Module module = signs.Trainer.Module;
        Batch batch = training.Take([.. Enumerable.Range(0, Math.Min(MostRows, training.Count))], module.DType);
        if (!batch.Inputs[0].DType.IsFloat())
            return null;
        using ForwardScope mode = ForwardContext.Evaluation();
        double[] real = module.Forward(batch.Inputs[0]).Detach().To(DType.Float64).Contiguous().ToArray<double>();
        double[] none = module.Forward(batch.Inputs[0].Multiply(0)).Detach().To(DType.Float64).Contiguous().ToArray<double>();
        double change = Math.Sqrt(real.Zip(none, (a, b) => (a - b) * (a - b)).Average());
        return Result("zero_input", "", new Evidence("output_change", change, 0, ""));
    }

    private static ExperimentResult Result(string key, string detail, params Evidence[] values) =>
        new(key, detail, ValueList.Of<Evidence>(values), 0);
}
