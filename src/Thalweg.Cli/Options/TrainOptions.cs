using System.Globalization;
using Thalweg.Cli.Runs;
using Thalweg.Initializers;
using Thalweg.Losses;
using Thalweg.Minimizers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Training;

namespace Thalweg.Cli.Options;

/// <summary>All options that decide what a run computes.</summary>
internal static class TrainOptions
{
    private static readonly (string, Func<double, bool>) s_positive = ("a finite number above 0", value => value > 0);
    private static readonly (string, Func<double, bool>) s_notNegative = ("a finite number of 0 or more", value => value >= 0);
    private static readonly (string, Func<double, bool>) s_fraction = ("a number from 0 up to, but not, 1", value => value is >= 0 and < 1);

    /// <summary>Makes the options in the order of help.</summary>
    public static IReadOnlyList<Setting> Make() =>
        [.. Data(), .. Weights(), .. Network(), .. Outputs(), .. Forms(), .. StartOptions.Make(), .. Optimizer(), .. Run()];

    /// <summary>A command line that gives the same run: what differs from the defaults.</summary>
    public static string CommandLine(TrainSettings settings)
    {
        TrainSettings defaults = new();
        IEnumerable<string> words =
            from setting in Make()
            let text = setting.Text(settings)
            where text is not null && text != setting.Text(defaults)
            select text.Length > 0 ? $" {setting.Option.Name} {Shell.Quote(text)}" : $" {setting.Option.Name}";
        return "thalweg train" + string.Concat(words);
    }

    /// <summary>Names of initializers, the short ones first.</summary>
    public static IReadOnlyList<string> InitializerNames { get; } = ["he", "xavier", .. Initializer.Names];

    private static IEnumerable<Setting> Data() =>
    [
        new ValueSetting<string>(
            OptionFactory.Text(
                "--data", "NAME|PATH",
                "Built-in data (thalweg data list), a file or folder (CSV, IDX, NumPy), or - for the standard input [default: glyphs]"),
            s => s.Data, (s, value) => s with { Data = value }),
        new ValueSetting<int?>(
            OptionFactory.Whole("--samples", "N", 10, "Number of samples of built-in data [default: as the data says]"),
            s => s.Samples, (s, value) => s with { Samples = value }),
        new ValueSetting<string>(
            OptionFactory.Text(
                "--test", "PATH|SHARE|none",
                "What the test data are, which training does not see: a file, a share of the rows such as 0.2, or none "
                + "[default: those that come with the data, else a tenth of the rows]"),
            s => s.Test, (s, value) => s with { Test = value }),
        new ValueSetting<string>(
            OptionFactory.Text("--target", "COLUMN", "Column to learn: name, 0-based number, or -1 for the last [default: -1]"),
            s => s.Target, (s, value) => s with { Target = value }),
        .. ReadingSettings.Make(),
        new ValueSetting<string>(
            OptionFactory.Names("--ignore", "Columns to leave out"),
            s => s.Ignored, (s, value) => s with { Ignored = value }),
        new ValueSetting<string>(
            OptionFactory.Names("--categorical", "Columns of numbers to treat as categories"),
            s => s.Categorical, (s, value) => s with { Categorical = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--task", ["classification", "regression"],
                "Whether to learn classes or numbers [default: by the target; text, or at most 20 different whole numbers, are classes]"),
            s => s.Task, (s, value) => s with { Task = value }),
    ];

    private static IEnumerable<Setting> Weights() =>
    [
        new ValueSetting<string>(
            OptionFactory.Text(
                "--class-weights", "balanced|CLASS=WEIGHT,...",
                "How much a training sample of each class counts: balanced lets all classes count alike; 'yes=2,no=1', 1 for those that "
                + "are not named. Validation and test figures count each sample once [default: all alike]"),
            s => s.ClassWeights, (s, value) => s with { ClassWeights = value }),
        new ValueSetting<string>(
            OptionFactory.Text(
                "--sample-weight", "COLUMN", "Column that says how much each sample counts in the loss, 0 or more [default: all alike]"),
            s => s.SampleWeight, (s, value) => s with { SampleWeight = value }),
    ];

    private static IEnumerable<Setting> Network() =>
    [
        new ValueSetting<string>(
            OptionFactory.Text(
                "--model", "mlp:UNITS,...|cnn:CHANNELS,...|resnet:CHANNELS,...|linear",
                "Hidden layers; for images also convolutions, as in cnn:32x5,64+1024: channels and window (3), then units; or stages of "
                + "residual blocks, as in resnet:16x3,32x3: channels and number of blocks (2) [default: mlp:256,128]"),
            s => s.Model, (s, value) => s with { Model = value }),
        new ValueSetting<string>(
            OptionFactory.ChoiceWithSettings(
                "--activation", NetworkSpec.ActivationNames, ["maxout"],
                "Activation of the hidden layers (thalweg activations); prelu learns its slopes, maxout(3) takes the largest of 3 (2) maps [default: relu]"),
            s => s.Activation, (s, value) => s with { Activation = value }),
        new ValueSetting<string>(
            OptionFactory.Named(
                "--init", "NAME", InitializerNames,
                "How weights start (thalweg initializers), also with settings as in 'he_normal(0.1)' "
                + $"[default: {TrainDefaults.InitializerWords}]"),
            s => s.Initializer, (s, value) => s with { Initializer = value }),
        new ValueSetting<string>(
            OptionFactory.ChoiceWithSettings(
                "--norm", NormalizationText.Names, NormalizationText.NamesWithSettings,
                "Normalization of the hidden layers (thalweg normalizations), before the activation or after it, also with settings as in group(8) or "
                + "'batch(momentum=0.99, momentum_form=retained, variance=biased, population=exact, epsilon=1e-3)' "
                + $"[default: {TrainDefaults.NormWords}]"),
            s => s.Norm, (s, value) => s with { Norm = value }),
        new ValueSetting<double?>(
            OptionFactory.Real("--dropout", "P", s_fraction,
                $"Probability of dropout after each hidden layer [default: {TrainDefaults.DropoutWords}]"),
            s => s.Dropout, (s, value) => s with { Dropout = value }),
    ];

    private static IEnumerable<Setting> Outputs() =>
    [
        new ValueSetting<string>(
            OptionFactory.Named(
                "--loss", "NAME", LossText.Names,
                "What training lowers (thalweg losses), also with settings as in 'huber(delta=0.5)' "
                + "[default: softmax_cross_entropy for classes, mean_squared_error for numbers]"),
            s => s.Loss, (s, value) => s with { Loss = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--output-activation", NetworkSpec.OutputActivationNames,
                "Function of the outputs (thalweg activations, softmax, log_softmax); with one, and with losses for counts, probabilities or signs, numbers are learned in their own "
                + "unit [default: none]"),
            s => s.OutputActivation, (s, value) => s with { OutputActivation = value }),
    ];

    private static IEnumerable<Setting> Forms() =>
    [
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--dropout-scaling", ["training", "evaluation"],
                "Where dropout makes up for its zeros: what is kept grows in training, or all shrinks in evaluation [default: training]"),
            s => s.DropoutScaling, (s, value) => s with { DropoutScaling = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--dropout-kind", [.. Enum.GetNames<DropoutKind>().Select(name => name.ToLowerInvariant())],
                "What dropout acts on: single elements, whole channels, elements as for SELU, or all elements by Gaussian factors "
                + "[default: standard]"),
            s => s.DropoutKind, (s, value) => s with { DropoutKind = value }),
        new ValueSetting<double?>(
            OptionFactory.Real("--drop-path", "P", s_fraction,
                "Stochastic depth of a resnet: probability with which a sample skips the last block, less for earlier ones "
                + "[default: 0]"),
            s => s.DropPath, (s, value) => s with { DropPath = value }),
        new ValueSetting<string>(
            OptionFactory.Named("--bias-init", "NAME", InitializerNames, "How biases start, as in 'constant(0.1)'; the names of --init [default: zeros]"),
            s => s.BiasInitializer, (s, value) => s with { BiasInitializer = value }),
    ];

    private static IEnumerable<Setting> Optimizer() =>
    [
        new ValueSetting<string>(
            OptionFactory.Named(
                "--optimizer", "NAME|chain(...)", [.. Settings.Names<NamedOptimizer>(), .. Settings.Names<Minimizer>()],
                "Optimizer (thalweg optimizers) or minimizer (thalweg minimizers), also with settings as in 'adam(b2=0.99)', or a chain " +
                $"of rules [default: {TrainDefaults.OptimizerWords}]"),
            s => s.Optimizer, (s, value) => s with { Optimizer = value }),
        new ValueSetting<double?>(
            OptionFactory.Real("--lr", "RATE", s_positive, $"Learning rate [default: {TrainDefaults.RateWords}]"),
            s => s.LearningRate, (s, value) => s with { LearningRate = value }),
        new ValueSetting<string>(
            OptionFactory.ChoiceOrText(
                "--schedule", OptimizerBuilder.Schedules,
                "How the rate falls over the run, to 0 at its end; or a schedule of its own such as 'step(0.1, every=500)', which holds "
                + "the rate too (thalweg schedules) [default: cosine; constant for asgd, delta_bar_delta, ftrl, rprop and schedule_free_*, "
                + "which change the rate by themselves or need no schedule]"),
            s => s.Schedule, (s, value) => s with { Schedule = value }),
        new ValueSetting<double?>(
            OptionFactory.Real(
                "--warmup", "SHARE|STEPS", s_notNegative,
                "Linear warm-up: a share of the run below 1, else steps [default: 0.05; 0 for constant]"),
            s => s.Warmup, (s, value) => s with { Warmup = value }),
        new ValueSetting<double?>(
            OptionFactory.Real("--decay", "LAMBDA", s_notNegative, $"Weight decay [default: {TrainDefaults.DecayWords}]"),
            s => s.Decay, (s, value) => s with { Decay = value }),
        new ValueSetting<double?>(
            OptionFactory.Real("--clip", "NORM", s_positive, "Largest norm of the gradient over all parameters [default: none]"),
            s => s.Clip, (s, value) => s with { Clip = value }),
        new ValueSetting<string>(
            OptionFactory.Named(
                "--regularize", "LIST", Settings.Names<Regularizer>(),
                "Regularizers separated by commas (thalweg regularizers), as in 'mixup(0.2), input_noise(0.1)' [default: none]"),
            s => s.Regularize, (s, value) => s with { Regularize = value }),
    ];

    private static IEnumerable<Setting> Run() =>
    [
        new ValueSetting<int?>(
            OptionFactory.Samples(
                "--batch", "Samples per step: full-batch descent, single-sample descent with 1, else mini-batches [default: " +
                $"{TrainDefaults.BatchWords}]"),
            s => s.Batch, (s, value) => s with { Batch = value },
            value => value == TrainerOptions.FullBatch ? "full" : string.Create(CultureInfo.InvariantCulture, $"{value}")),
        new ValueSetting<string>(
            OptionFactory.Text(
                "--batch-schedule", "SCHEDULE",
                "Samples per step as a function of the epoch from 0, such as 'growth(32, every=5)' (thalweg schedules), in place of " +
                "--batch"),
            s => s.BatchSchedule, (s, value) => s with { BatchSchedule = value }),
        new ValueSetting<string>(
            OptionFactory.Choice("--batch-gradient", ["mean", "sum"], "How the gradients of a step's samples become one [default: mean]"),
            s => s.BatchGradient, (s, value) => s with { BatchGradient = value }),
        new ValueSetting<int?>(
            OptionFactory.Whole(
                "--micro-batch", "N", 1, "Samples computed at once; gradients add up to those of the batch [default: the batch]"),
            s => s.MicroBatch, (s, value) => s with { MicroBatch = value }),
        new ValueSetting<string>(
            OptionFactory.Choice("--last-batch", ["kept", "dropped"], "What becomes of a smaller last batch of an epoch [default: kept]"),
            s => s.LastBatch, (s, value) => s with { LastBatch = value }),
        new ValueSetting<int?>(
            OptionFactory.Whole("--epochs", "N", 1, $"Passes over the training data [default: {TrainDefaults.EpochsWords}]"),
            s => s.Epochs, (s, value) => s with { Epochs = value }),
        new ValueSetting<int?>(
            OptionFactory.Whole(
                "--patience", "N", 0,
                "Looks at the validation data without a better metric before the run stops; 0 never [default: " +
                $"{TrainDefaults.PatienceWords}]"),
            s => s.Patience, (s, value) => s with { Patience = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--monitor", ["metric", "loss"],
                "Figure on the validation data that chooses the best epoch and stops the run [default: "
                + $"{TrainDefaults.MonitorWords}]"),
            s => s.Monitor, (s, value) => s with { Monitor = value }),
        new ValueSetting<double?>(
            OptionFactory.Real(
                "--delta", "D", s_notNegative, "Least improvement of the validation metric that counts as one [default: any]"),
            s => s.Delta, (s, value) => s with { Delta = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--delta-form", ["absolute", "relative"], "Unit of --delta: that of the metric, or a share of the best value [default: " +
                "absolute]"),
            s => s.DeltaForm, (s, value) => s with { DeltaForm = value }),
        new ValueSetting<int?>(
            OptionFactory.Whole("--evaluate-every", "N", 1, "Epochs from one look at the validation data to the next [default: 1]"),
            s => s.EvaluateEvery, (s, value) => s with { EvaluateEvery = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--epoch-loss", ["samples", "batches"], "Training loss of an epoch: mean over samples, or of the batches' means " +
                "[default: samples]"),
            s => s.EpochLoss, (s, value) => s with { EpochLoss = value }),
        new ValueSetting<string>(
            OptionFactory.Choice(
                "--keep", ["best", "last"], $"Weights that the run ends with: of the best epoch, or the last [default: {TrainDefaults.KeepWords}]"),
            s => s.Keep, (s, value) => s with { Keep = value }),
        new ValueSetting<ulong?>(
            OptionFactory.Seed("Names split, weights, order and dropout: the same seed gives the same bits [default: 1]"),
            s => s.Seed, (s, value) => s with { Seed = value!.Value }),
        new ValueSetting<string>(
            OptionFactory.Choice("--precision", ["float32", "float64"], "Element type of the network [default: float32]"),
            s => s.Precision, (s, value) => s with { Precision = value }),
    ];
}
