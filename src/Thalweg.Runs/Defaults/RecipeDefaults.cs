using System.Globalization;
using Thalweg.Data;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Fills in what a recipe leaves open.</summary>
/// <remarks>Defaults that depend on the data were chosen by validation results on the built-in and the usual data sets; see
/// docs/defaults.md.</remarks>
public static class RecipeDefaults
{
    /// <summary>Activation of the hidden layers.</summary>
    internal const string Activation = "relu";

    /// <summary>How the learning rate of an optimizer falls that is meant to fall.</summary>
    internal const string Schedule = "cosine";

    /// <summary>Watches the metric of the task.</summary>
    internal const string MetricMonitor = "metric";

    /// <summary>Watches the loss.</summary>
    internal const string LossMonitor = "loss";

    /// <summary>Share of a run over which a falling learning rate first rises.</summary>
    private const double WarmupShare = 0.05;

    /// <summary>Samples that are computed at once where a step takes all of them, so that memory does not grow with the data.</summary>
    private const int MinimizerMicroBatch = 1024;

    private const string Constant = "constant", Usual = "the default";

    /// <summary>The default of a field in words, for help and documentation; null where it has none, or one word says it.</summary>
    /// <param name="path">Path of the field.</param>
    public static string? Describe(string path) => path switch
    {
        "training.optimizer.name" => "adamw for tables below 10000 training samples, else adam",
        "training.optimizer.learning_rate" =>
            "for adam and adamw 1e-3 for tables below 10000 training samples and for classes in larger ones, else 3e-3; for others "
            + "their own",
        "training.optimizer.schedule" =>
            "cosine; constant for asgd, delta_bar_delta, ftrl, rprop and schedule_free_*, which change the rate by themselves or need no "
            + "schedule",
        "training.optimizer.warmup" => "0.05; 0 for constant",
        "training.optimizer.weight_decay" =>
            "1 with the default optimizer of tables below 10000 training samples; else that of the optimizer: 0.01 for adamw, else 0",
        "network.initializer" => "xavier_uniform for tables below 10000 training samples, else he after the ReLU family, else xavier",
        "network.dropout" => "0.2 for classes in tables from 10000 training samples, else 0",
        "network.normalization" =>
            "batch for images below 1000 training samples and for resnet, where steps take more than one sample; else none",
        "training.batch_size" => "64; below 1000 training samples 32 for tables and 16 for images; all for a minimizer",
        "training.epochs" => "20 for images, 40 for tables; more, up to 200, where they make less than 2000 steps (tables: 5000)",
        "training.early_stopping.patience" => "a quarter of the looks at the validation data, 5 or more",
        "training.early_stopping.monitor" => "loss for tables below 10000 training samples, else metric",
        "training.early_stopping.keep" => "last for tables below 300 training samples, which then run to the end; else best",
        _ => null,
    };

    /// <summary>The recipe with all defaults.</summary>
    internal static ResolvedRecipe Resolve(Recipe recipe, Dataset training)
    {
        Filling filling = new(recipe);
        TrainingKind kind = new(training);
        FillOptimizer(filling, kind);
        int first = FillBatches(filling, kind);
        FillNetwork(filling, kind, isSingle: first == 1 || recipe.Training.MicroBatchSize == 1);
        FillLength(filling, kind, first);
        FillConstants(filling, training.Task);
        return filling.Result;
    }

    /// <summary>Warm-up of a schedule, a share of the run.</summary>
    internal static double WarmupOf(string schedule) => schedule == Constant ? 0 : WarmupShare;

    /// <summary>Samples per step of training data.</summary>
    internal static int BatchSize(Dataset training) => new TrainingKind(training).BatchSize;

    private static void FillOptimizer(Filling filling, TrainingKind kind)
    {
        OptimizerRecipe given = filling.Given.Training.Optimizer;
        filling.Recorded("training.optimizer.name", kind.IsSmallTable ? "adamw" : "adam", kind.SizeReason);
        if (given.Name is null && kind.IsSmallTable)
        {
            filling.Recorded("training.optimizer.weight_decay", 1.0, "with a rate that falls from 1e-3 over 5000 steps, weights that the "
                + "data do not hold up shrink to a tenth");
        }

        if (OptimizerBuilder.Named(filling.Recipe) is not { } optimizer || optimizer.LearningRate.Schedule is not null
            || OptimizerBuilder.IsText(given.Schedule))
        {
            return;
        }

        string name = filling.Recipe.Training.Optimizer.Name!;
        if (name is "adam" or "adamw")
        {
            filling.Recorded(
                "training.optimizer.learning_rate", kind.IsSmallTable || kind.IsLargeClassTable ? 1e-3 : 3e-3, kind.SizeReason);
        }
        else
        {
            filling.Full("training.optimizer.learning_rate", optimizer.LearningRate.At(0), $"that of {name}");
        }

        filling.Full("training.optimizer.schedule", optimizer.WantsSchedule ? Schedule : Constant, optimizer.WantsSchedule
            ? Usual : $"{name} changes the rate by itself or needs no schedule");
        string schedule = filling.Recipe.Training.Optimizer.Schedule!;
        filling.Full("training.optimizer.warmup", WarmupOf(schedule), schedule == Constant ? "the rate is constant" : Usual);
    }

    /// <summary>Fills in the sizes of batches.</summary>
    /// <returns>Samples of the first step; <see cref="TrainerOptions.FullBatch"/> for all.</returns>
    private static int FillBatches(Filling filling, TrainingKind kind)
    {
        TrainingRecipe given = filling.Given.Training;
        if (given.BatchSize is not null && given.BatchSchedule is not null)
            throw new ThalwegException("training.batch_size and training.batch_schedule contradict each other; leave one out");
        bool isMinimizer = OptimizerBuilder.IsMinimizer(filling.Recipe);
        if (isMinimizer)
            filling.Full("training.micro_batch_size", MinimizerMicroBatch, "so that memory does not grow with the data");
        if (given.BatchSchedule is { } text)
            return (int)Math.Clamp(Settings.Parse<Thalweg.Schedule>(text).At(0), 1, kind.Count);
        if (isMinimizer)
            filling.Recorded("training.batch_size", TrainerOptions.FullBatch, "a minimizer asks for full batches");
        else
            filling.Recorded("training.batch_size", kind.BatchSize, kind.SizeReason);
        return filling.Recipe.Training.BatchSize!.Value;
    }

    private static void FillNetwork(Filling filling, TrainingKind kind, bool isSingle)
    {
        NetworkRecipe given = filling.Given.Network;
        if (NetworkRecipe.IsCustom(filling.Given) || NetworkRecipe.IsList(filling.Given))
            return;
        if (isSingle && given.Normalization?.StartsWith("batch", StringComparison.Ordinal) == true)
        {
            throw new ThalwegException("network.normalization: batch normalization needs 2 or more samples at a time, got 1; use a larger "
                + "batch, or network.normalization none");
        }

        NetworkSpec spec = NetworkSpec.Parse(given.Layers);
        bool isBatch = !isSingle && spec.HasHiddenLayers && ((kind.IsSmall && !kind.IsTable) || spec.Stages.Count > 0);
        filling.Recorded("network.normalization", isBatch ? "batch" : "none", isSingle ? "steps take one sample"
            : spec.Stages.Count > 0 ? "residual networks need one" : kind.SizeReason);
        filling.Recorded("network.dropout", kind.IsLargeClassTable && spec.HasHiddenLayers ? 0.2 : 0, kind.SizeReason);
        if (filling.Recipe.Network.Dropout == 0 && (given.DropoutKind is not null || given.DropoutScaling is not null))
        {
            throw new ThalwegException(
                $"network.dropout_{(given.DropoutKind is null ? "scaling" : "kind")}: there is no dropout here; add it, as in "
                + "network.dropout 0.2, or leave this out");
        }

        if (filling.Recipe.Network.Dropout > 0)
        {
            filling.Full("network.dropout_kind", DropoutKind.Standard, Usual);
            filling.Full("network.dropout_scaling", Layers.DropoutScaling.Inverted, Usual);
        }

        if (kind.IsSmallTable)
        {
            filling.Recorded("network.initializer", "xavier_uniform", "with He's variance of 2 / inputs networks of few inputs and wide "
                + "layers bend sharply between the rows of a small table");
        }
        else
        {
            filling.Full("network.initializer", NetworkRecipe.ByActivation, Usual);
        }

        if (spec.HasHiddenLayers)
            filling.Full("network.activation", Activation, Usual);
        filling.Full("network.output_activation", "none", "the losses of the tasks take the outputs as they are");
    }

    private static void FillLength(Filling filling, TrainingKind kind, int firstBatch)
    {
        EarlyStoppingRecipe given = filling.Given.Training.EarlyStopping;
        int batch = firstBatch == TrainerOptions.FullBatch ? kind.Count : firstBatch;
        filling.Recorded("training.epochs", kind.Epochs(batch), kind.IsTable ? "40 for tables, more where they make less than 5000 steps"
            : "20 for images, more where they make less than 2000 steps");
        int epochs = filling.Recipe.Training.Epochs!.Value;
        if (kind.IsSmallTable)
            filling.Recorded("training.early_stopping.monitor", LossMonitor, "the metric of few rows moves in large steps");
        else
            filling.Full("training.early_stopping.monitor", MetricMonitor, Usual);
        bool isTiny = kind.IsTinyTable;
        if (isTiny)
        {
            filling.Recorded("training.early_stopping.keep", KeptWeights.Last,
                "on some twenty validation samples the best epoch is one of chance");
        }
        else
        {
            filling.Full("training.early_stopping.keep", KeptWeights.Best, Usual);
        }

        bool runsOn = isTiny && given.Keep is null;
        filling.Recorded("training.early_stopping.patience",
            runsOn ? 0 : Math.Max(5, epochs / (filling.Given.Training.EvaluateEvery ?? 1) / 4),
            runsOn ? "the last weights are kept" : "a quarter of the evaluations, 5 or more");
    }

    private static void FillConstants(Filling filling, LearningTask task)
    {
        filling.Full("training.loss", task.DefaultLoss.ToString(), $"that of {task.Name}");
        filling.Full("training.batch_gradient", BatchGradient.Mean, Usual);
        filling.Full("training.last_batch", LastBatch.Kept, Usual);
        filling.Full("training.epoch_loss", EpochLossAverage.MeanOverSamples, Usual);
        filling.Full("training.evaluate_every", 1, Usual);
        filling.Full("training.early_stopping.min_delta", 0.0, Usual);
        filling.Full("training.early_stopping.min_delta_form", MinDeltaMode.Absolute, Usual);
    }

    /// <summary>What the training data are, as far as defaults depend on it.</summary>
    private sealed class TrainingKind(Dataset training)
    {
        private const int UsualBatch = 64, SmallTableBatch = 32, SmallImageBatch = 16;
        private const int SmallData = 1000, TinyTable = 300, LargeTable = 10_000;
        private const int ImageEpochs = 20, TableEpochs = 40, MostEpochs = 200, FewestSteps = 2000, FewestTableSteps = 5000;

        public int Count => training.Count;

        public bool IsTable => training.FeatureShape.Count == 1;

        public bool IsSmall => training.Count < SmallData;

        public bool IsSmallTable => IsTable && training.Count < LargeTable;

        public bool IsTinyTable => IsTable && training.Count < TinyTable;

        /// <summary>Such tables leave time for many steps, and their noise is soon memorized: on Adult the mean validation loss of six
        /// seeds was 0.302 instead of 0.312 and the accuracy 86.3 instead of 86.2 %. On smaller tables the same settings cost up to 4
        /// points.</summary>
        public bool IsLargeClassTable => training.Count >= LargeTable && IsTable && training.Task.HasClasses;

        public int BatchSize => Math.Min(training.Count, !IsSmall ? UsualBatch : IsTable ? SmallTableBatch : SmallImageBatch);

        /// <summary>The size in words.</summary>
        public string SizeReason => string.Create(CultureInfo.InvariantCulture,
            $"{(IsTable ? "a table" : "images")} of {training.Count} training samples");

        public int Epochs(int batch)
        {
            int steps = Math.Max(1, Trainer.StepsIn(training.Count, Math.Clamp(batch, 1, training.Count)));
            (int usual, int fewest) = IsTable ? (TableEpochs, FewestTableSteps) : (ImageEpochs, FewestSteps);
            return Math.Clamp((fewest + steps - 1) / steps, usual, MostEpochs);
        }
    }

    /// <summary>A recipe that is being filled in.</summary>
    private sealed class Filling
    {
        private readonly Dictionary<string, string> _reasons = [];
        private Recipe _recorded;

        public Filling(Recipe given) => Given = Recipe = _recorded = given;

        public Recipe Given { get; }

        public Recipe Recipe { get; private set; }

        public ResolvedRecipe Result =>
            new() { Recipe = Recipe, Given = Given, Reasons = _reasons, Recorded = FlatRecipe.Plain(_recorded) };

        /// <summary>Fills in a default that depends on the data, which the record of the run holds too.</summary>
        public void Recorded(string path, object value, string reason)
        {
            if (Full(path, value, reason))
                _recorded = _recorded.With(path, value);
        }

        /// <summary>Fills in a default of the full recipe.</summary>
        public bool Full(string path, object value, string reason)
        {
            if (Given.Get(path) is not null)
                return false;
            Recipe = Recipe.With(path, value);
            _reasons[path] = reason;
            return true;
        }
    }
}
