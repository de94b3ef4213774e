using Thalweg.Data;
using Thalweg.Minimizers;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>Everything that decides what a run computes; null where the default depends on the data.</summary>
/// <remarks>Threads, output folder and printing are not among them: they change nothing about the weights.</remarks>
internal sealed record TrainSettings
{
    public string Data { get; init; } = "glyphs";

    public int? Samples { get; init; }

    public string? Test { get; init; }

    public string? Target { get; init; }

    public string? Columns { get; init; }

    public string? Ignored { get; init; }

    public string? Categorical { get; init; }

    public bool? HasHeader { get; init; }

    public char? Separator { get; init; }

    public string? Encoding { get; init; }

    public char? Comment { get; init; }

    public string? Layout { get; init; }

    public char? Decimal { get; init; }

    public char? Thousands { get; init; }

    /// <summary>Words that stand for a missing value, parted by commas.</summary>
    public string? Missing { get; init; }

    public string? Task { get; init; }

    /// <summary>Weights of the classes: <c>balanced</c>, or <c>a=2,b=1</c>.</summary>
    public string? ClassWeights { get; init; }

    public string? SampleWeight { get; init; }

    /// <summary>Whether notes and warnings are errors.</summary>
    public bool Strict { get; init; }

    public string Model { get; init; } = "mlp:256,128";

    public string Activation { get; init; } = "relu";

    public string? OutputActivation { get; init; }

    public string? Loss { get; init; }

    public string? Initializer { get; init; }

    public string? Norm { get; init; }

    public double? Dropout { get; init; }

    public string? DropoutScaling { get; init; }

    public string? DropoutKind { get; init; }

    public double? DropPath { get; init; }

    public string? BiasInitializer { get; init; }

    public string? From { get; init; }

    public string? FromLayout { get; init; }

    public bool Lsuv { get; init; }

    public int? Pretrain { get; init; }

    public bool OutputBias { get; init; }

    public string? Freeze { get; init; }

    public string? Optimizer { get; init; }

    public double? LearningRate { get; init; }

    public string? Schedule { get; init; }

    public double? Warmup { get; init; }

    public double? Decay { get; init; }

    public double? Clip { get; init; }

    /// <summary>Samples per step; <see cref="TrainerOptions.FullBatch"/> for all.</summary>
    public int? Batch { get; init; }

    public string? BatchSchedule { get; init; }

    public string? BatchGradient { get; init; }

    public int? MicroBatch { get; init; }

    public string? LastBatch { get; init; }

    public string? Regularize { get; init; }

    public string? Monitor { get; init; }

    public double? Delta { get; init; }

    public string? DeltaForm { get; init; }

    public int? EvaluateEvery { get; init; }

    public string? EpochLoss { get; init; }

    public string? Keep { get; init; }

    public int? Epochs { get; init; }

    public int? Patience { get; init; }

    public ulong Seed { get; init; } = 1;

    public string Precision { get; init; } = "float32";

    /// <summary>Fills in the defaults that depend on the data.</summary>
    /// <param name="training">The training samples.</param>
    /// <exception cref="ThalwegException">Two options say how many samples a step takes, or single samples are to be normalized over
    /// batches.</exception>
    public TrainSettings For(Dataset training)
    {
        if (Batch is not null && BatchSchedule is not null)
            throw new ThalwegException("--batch and --batch-schedule contradict each other; leave one out");
        string optimizer = Optimizer ?? TrainDefaults.Optimizer(training);
        bool isMinimizer = Settings.Names<Minimizer>().Contains(optimizer.Split('(')[0].Trim());
        int usual = isMinimizer ? TrainerOptions.FullBatch : TrainDefaults.Batch(training);
        int? batch = BatchSchedule is null ? Batch ?? usual : null;
        int first = BatchSchedule is { } text ? (int)Math.Clamp(Settings.Parse<Schedule>(text).At(0), 1, training.Count) : batch!.Value;
        bool isSingle = first == 1 || MicroBatch == 1;
        if (isSingle && Norm?.StartsWith("batch", StringComparison.Ordinal) == true)
            throw new ThalwegException(
                "--norm: batch normalization needs 2 or more samples at a time, got 1; use a larger batch, or --norm none");
        double dropout = Dropout ?? TrainDefaults.Dropout(Model, training);
        if (dropout == 0 && (DropoutKind ?? DropoutScaling) is not null)
            throw new ThalwegException(
                $"--dropout-{(DropoutKind is null ? "scaling" : "kind")}: there is no dropout here; add it, as in --dropout 0.2, "
                + "or leave this out");
        int epochs = Epochs ?? TrainDefaults.Epochs(training, first == TrainerOptions.FullBatch ? training.Count : first);
        string? keep = Keep ?? TrainDefaults.Keep(training);
        return this with
        {
            Norm = Norm ?? (isSingle ? "none" : TrainDefaults.Norm(Model, training)),
            Dropout = dropout,
            LearningRate = LearningRate
                ?? (optimizer is "adam" or "adamw" && !OptimizerBuilder.IsText(Schedule) ? TrainDefaults.Rate(training) : null),
            Optimizer = optimizer,
            Decay = Decay ?? (Optimizer is null ? TrainDefaults.Decay(training) : null),
            Initializer = Initializer ?? TrainDefaults.Initializer(training),
            Monitor = Monitor ?? TrainDefaults.Monitor(training),
            Batch = batch,
            Epochs = epochs,
            Keep = keep,
            Patience = Patience ?? (keep == "last" && Keep is null ? 0 : TrainDefaults.Patience(epochs / (EvaluateEvery ?? 1))),
        };
    }
}

/// <summary>Defaults that depend on the data, chosen by validation results on the built-in and the usual data sets.</summary>
internal static class TrainDefaults
{
    private const int UsualBatch = 64, SmallTableBatch = 32, SmallBatch = 16, SmallData = 1000;
    private const int TinyTable = 300, LargeTable = 10_000;

    /// <summary>The optimizer where nothing says otherwise.</summary>
    public const string UsualOptimizer = "adam";

    private const int ImageEpochs = 20, TableEpochs = 40, MostEpochs = 200, FewestSteps = 2000, FewestTableSteps = 5000;

    /// <summary>In words, for help.</summary>
    public const string RateWords =
        "for adam and adamw 1e-3 for tables below 10000 training samples and for classes in larger ones, else 3e-3; for others their own";

    /// <summary>In words, for help.</summary>
    public const string OptimizerWords = "adamw for tables below 10000 training samples, else adam";

    /// <summary>In words, for help.</summary>
    public const string DecayWords = "1 with the default optimizer of tables below 10000 training samples; else that of the optimizer: 0.01 for adamw, else 0";

    /// <summary>In words, for help.</summary>
    public const string InitializerWords =
        "xavier_uniform for tables below 10000 training samples, else he after the ReLU family, else xavier";

    /// <summary>In words, for help.</summary>
    public const string KeepWords = "last for tables below 300 training samples, which then run to the end; else best";

    /// <summary>In words, for help.</summary>
    public const string DropoutWords = "0.2 for classes in tables from 10000 training samples, else 0";

    /// <summary>In words, for help.</summary>
    public const string NormWords =
        "batch for images below 1000 training samples and for resnet, where steps take more than one sample; else none";

    /// <summary>In words, for help.</summary>
    public const string BatchWords = "64; below 1000 training samples 32 for tables and 16 for images; all for a minimizer";

    /// <summary>In words, for help.</summary>
    public const string EpochsWords = "20 for images, 40 for tables; more, up to 200, where they make less than 2000 steps (tables: 5000)";

    /// <summary>In words, for help.</summary>
    public const string PatienceWords = "a quarter of the looks at the validation data, 5 or more";

    /// <summary>In words, for help.</summary>
    public const string MonitorWords = "loss for tables below 10000 training samples, else metric";

    /// <summary>Normalization of the hidden layers.</summary>
    public static string Norm(string model, Dataset training) =>
        NetworkSpec.Parse(model) is { HasHiddenLayers: true } spec
        && ((training.Count < SmallData && !IsTable(training)) || spec.Stages.Count > 0)
            ? "batch"
            : "none";

    /// <summary>Name of the optimizer.</summary>
    public static string Optimizer(Dataset training) => IsSmallTable(training) ? "adamw" : UsualOptimizer;

    /// <summary>Its decay: with a rate that falls from 1e-3 over 5000 steps, weights that the data do not hold up shrink to a tenth.</summary>
    public static double? Decay(Dataset training) => IsSmallTable(training) ? 1 : null;

    /// <summary>How weights start; null leaves it to the activation.</summary>
    /// <remarks>Few inputs and wide layers: with He's variance of 2 / inputs such networks bend sharply between the rows; see
    /// docs/defaults.md.</remarks>
    public static string? Initializer(Dataset training) => IsSmallTable(training) ? "xavier_uniform" : null;

    /// <summary>The figure that chooses the best epoch.</summary>
    public static string? Monitor(Dataset training) => IsSmallTable(training) ? "loss" : null;

    /// <summary>Which weights are kept: on some twenty validation samples the best epoch is one of chance.</summary>
    public static string? Keep(Dataset training) => IsTable(training) && training.Count < TinyTable ? "last" : null;

    /// <summary>Learning rate of Adam and AdamW.</summary>
    public static double Rate(Dataset training) => IsSmallTable(training) || IsLargeClassTable(training) ? 1e-3 : 3e-3;

    /// <summary>Probability of dropout.</summary>
    public static double Dropout(string model, Dataset training) =>
        IsLargeClassTable(training) && NetworkSpec.Parse(model).HasHiddenLayers ? 0.2 : 0;

    /// <summary>Samples per step.</summary>
    public static int Batch(Dataset training) => Math.Min(
        training.Count, training.Count >= SmallData ? UsualBatch : IsTable(training) ? SmallTableBatch : SmallBatch);

    /// <summary>Passes over the training data.</summary>
    public static int Epochs(Dataset training, int batch)
    {
        int steps = Math.Max(1, Trainer.StepsIn(training.Count, Math.Clamp(batch, 1, training.Count)));
        (int usual, int fewest) = IsTable(training) ? (TableEpochs, FewestTableSteps) : (ImageEpochs, FewestSteps);
        return Math.Clamp((fewest + steps - 1) / steps, usual, MostEpochs);
    }

    /// <summary>Epochs without improvement after which a run stops.</summary>
    public static int Patience(int epochs) => Math.Max(5, epochs / 4);

    private static bool IsTable(Dataset training) => training.FeatureShape.Count == 1;

    private static bool IsSmallTable(Dataset training) => IsTable(training) && training.Count < LargeTable;

    /// <summary>Such tables leave time for many steps, and their noise is soon learned by heart: on Adult the mean validation loss of six
    /// seeds was 0.302 instead of 0.312 and the accuracy 86.3 instead of 86.2 %. On smaller tables the same settings cost up to 4
    /// points.</summary>
    private static bool IsLargeClassTable(Dataset training) =>
        training.Count >= LargeTable && IsTable(training) && training.Task.HasClasses;
}
