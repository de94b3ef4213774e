using Thalweg.Data;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Runs;

namespace Thalweg.Cli.Options;

/// <summary>All options that decide what a run computes.</summary>
internal static class TrainOptions
{
    /// <summary>Makes the options in the order of help.</summary>
    public static IReadOnlyList<Setting> Make() =>
        [.. Data(), .. Weights(), .. Network(), .. Outputs(), .. Forms(), .. StartOptions.Make(), .. Optimizer(), .. Run()];

    /// <summary>A command line that gives the same run: what differs from the defaults.</summary>
    public static string CommandLine(Recipe recipe)
    {
        Recipe defaults = new();
        IEnumerable<string> words =
            from setting in Make()
            let text = setting.Text(recipe)
            where text is not null && text != setting.Text(defaults)
            select text.Length > 0 ? $" {setting.Option.Name} {Shell.Quote(text)}" : $" {setting.Option.Name}";
        return "thalweg train" + string.Concat(words);
    }

    private static IEnumerable<Setting> Data() =>
    [
        OptionFactory.Field(
            "--data", "NAME|PATH", "data.source",
            "Built-in data (thalweg data list), a file or folder (CSV, IDX, NumPy), or - for the standard input [default: glyphs]"),
        OptionFactory.Field(
            "--samples", "N", "data.samples",
            "Number of samples of built-in data [default: as the data says]"),
        OptionFactory.Field(
            "--test", "PATH|SHARE|none", "data.split.test",
            "What the test data are, which training does not see: a file, a share of the rows such as 0.2, or none "
                + "[default: those that come with the data, else a tenth of the rows]"),
        OptionFactory.Field(
            "--validation", "PATH|SHARE|none", "data.split.validation",
            "What the validation data are, by which the best epoch is chosen: a file, a share of the rows, or none, after which the last "
                + "weights are kept [default: 0.1]"),
        .. SplitSettings.Make(),
        OptionFactory.Field(
            "--target", "COLUMN", "data.target",
            "Column to learn: name, 0-based number, or -1 for the last [default: -1]"),
        .. ReadingSettings.Make(),
        OptionFactory.Field(
            "--ignore", "NAME,NAME,...", "data.ignored_columns",
            "Columns to leave out"),
        OptionFactory.Field(
            "--categorical", "NAME,NAME,...", "data.categorical_columns",
            "Columns of numbers to treat as categories"),
        OptionFactory.Field(
            "--task", "", "data.task",
            "Whether to learn classes or numbers [default: by the target; text, or at most 20 different whole numbers, are classes]"),
    ];

    private static IEnumerable<Setting> Weights() =>
    [
        OptionFactory.Field(
            "--class-weights", "balanced|CLASS=WEIGHT,...", "data.class_weights",
            "How much a training sample of each class counts: balanced lets all classes count alike; 'yes=2,no=1', 1 for those that "
                + "are not named. Validation and test figures count each sample once [default: all alike]"),
        OptionFactory.Field(
            "--sampler", "NAME", "training.sampler",
            "Which samples an epoch takes and in which order; balanced draws each class equally often [default: shuffled]",
            Settings.Names<Sampler>()),
        OptionFactory.Field(
            "--sample-weight", "COLUMN", "data.sample_weight",
            "Column that says how much each sample counts in the loss, 0 or more [default: all alike]"),
    ];

    private static IEnumerable<Setting> Network() =>
    [
        OptionFactory.Field(
            "--model", "mlp:UNITS,...|cnn:CHANNELS,...|resnet:CHANNELS,...|linear", "network.layers",
            "Hidden layers; for images also convolutions, as in cnn:32x5,64+1024: channels and window (3), then units; or stages of "
                + "residual blocks, as in resnet:16x3,32x3: channels and number of blocks (2) [default: mlp:256,128]"),
        new ValueSetting(
            OptionFactory.ChoiceWithSettings(
                "--activation", NetworkSpec.ActivationNames, ["maxout"],
                "Activation of the hidden layers (thalweg activations); prelu learns its slopes, maxout(3) takes the largest of 3 (2) maps "
                + "[default: relu]"),
            "network.activation"),
        OptionFactory.Field(
            "--init", "NAME", "network.initializer",
            "How weights start (thalweg initializers), also with settings as in 'he_normal(0.1)' "
                + $"[default: {RecipeDefaults.Describe("network.initializer")}]",
            Names.Initializers),
        new ValueSetting(
            OptionFactory.ChoiceWithSettings(
                "--norm", NormalizationText.Names, NormalizationText.NamesWithSettings,
                "Normalization of the hidden layers (thalweg normalizations), before the activation or after it, also with settings as in "
                + "group(8) or "
                + "'batch(momentum=0.99, momentum_form=retained, variance=biased, population=exact, epsilon=1e-3)' "
                + $"[default: {RecipeDefaults.Describe("network.normalization")}]"),
            "network.normalization"),
        OptionFactory.Field(
            "--dropout", "P", "network.dropout",
            $"Probability of dropout after each hidden layer [default: {RecipeDefaults.Describe("network.dropout")}]"),
    ];

    private static IEnumerable<Setting> Outputs() =>
    [
        OptionFactory.Field(
            "--loss", "NAME", "training.loss",
            "What training lowers (thalweg losses), also with settings as in 'huber(delta=0.5)' "
                + "[default: softmax_cross_entropy for classes, mean_squared_error for numbers]",
            Settings.Names<Loss>()),
        new ValueSetting(
            OptionFactory.Choice(
                "--output-activation", NetworkSpec.OutputActivationNames,
                "Function of the outputs (thalweg activations, softmax, log_softmax); with one, and with losses for counts, probabilities "
                + "or signs, numbers are learned in their own unit [default: none]"),
            "network.output_activation"),
    ];

    private static IEnumerable<Setting> Forms() =>
    [
        OptionFactory.Field(
            "--dropout-scaling", "", "network.dropout_scaling",
            "Where dropout makes up for its zeros: what is kept grows in training, or all shrinks in evaluation [default: training]"),
        OptionFactory.Field(
            "--dropout-kind", "", "network.dropout_kind",
            "What dropout acts on: single elements, whole channels, elements as for SELU, or all elements by Gaussian factors "
                + "[default: standard]"),
        OptionFactory.Field(
            "--drop-path", "P", "network.drop_path",
            "Stochastic depth of a resnet: probability with which a sample skips the last block, less for earlier ones "
                + "[default: 0]"),
        OptionFactory.Field(
            "--bias-init", "NAME", "network.bias_initializer",
            "How biases start, as in 'constant(0.1)'; the names of --init [default: zeros]",
            Names.Initializers),
    ];

    private static IEnumerable<Setting> Optimizer() =>
    [
        OptionFactory.Field(
            "--optimizer", "NAME|chain(...)", "training.optimizer.name",
            "Optimizer (thalweg optimizers) or minimizer (thalweg minimizers), also with settings as in 'adam(b2=0.99)', or a chain " +
                $"of rules [default: {RecipeDefaults.Describe("training.optimizer.name")}]",
            [.. Settings.Names<NamedOptimizer>(), .. Settings.Names<Minimizer>()]),
        OptionFactory.Field(
            "--lr", "RATE", "training.optimizer.learning_rate",
            $"Learning rate [default: {RecipeDefaults.Describe("training.optimizer.learning_rate")}]"),
        new ValueSetting(
            OptionFactory.ChoiceOrText(
                "--schedule", Names.Schedules,
                "How the rate falls over the run, to 0 at its end; or a schedule of its own such as 'step(0.1, every=500)', which holds "
                + "the rate too (thalweg schedules) [default: cosine; constant for asgd, delta_bar_delta, ftrl, rprop and schedule_free_*, "
                + "which change the rate by themselves or need no schedule]"),
            "training.optimizer.schedule"),
        OptionFactory.Field(
            "--warmup", "SHARE|STEPS", "training.optimizer.warmup",
            "Linear warm-up: a share of the run below 1, else steps [default: 0.05; 0 for constant]"),
        OptionFactory.Field(
            "--decay", "LAMBDA", "training.optimizer.weight_decay",
            $"Weight decay [default: {RecipeDefaults.Describe("training.optimizer.weight_decay")}]"),
        OptionFactory.Field(
            "--clip", "NORM", "training.optimizer.clip_norm",
            "Largest norm of the gradient over all parameters [default: none]"),
        OptionFactory.Field(
            "--regularize", "LIST", "training.regularizers",
            "Regularizers separated by commas (thalweg regularizers), as in 'mixup(0.2), input_noise(0.1)' [default: none]",
            Settings.Names<Regularizer>()),
    ];

    private static IEnumerable<Setting> Run() =>
    [
        OptionFactory.Field(
            "--batch", "N|full", "training.batch_size",
            "Samples per step: full-batch descent, single-sample descent with 1, else mini-batches [default: " +
                $"{RecipeDefaults.Describe("training.batch_size")}]"),
        OptionFactory.Field(
            "--batch-schedule", "SCHEDULE", "training.batch_schedule",
            "Samples per step as a function of the epoch from 0, such as 'growth(32, every=5)' (thalweg schedules), in place of " +
                "--batch"),
        OptionFactory.Field(
            "--batch-gradient", "", "training.batch_gradient",
            "How the gradients of a step's samples become one [default: mean]"),
        OptionFactory.Field(
            "--micro-batch", "N", "training.micro_batch_size",
            "Samples computed at once; gradients add up to those of the batch [default: the batch]"),
        OptionFactory.Field(
            "--shards", "N", "training.shards",
            "Shards of a step, each with a gradient sum of its own; part of the bits of a run [default: 1]"),
        OptionFactory.Field(
            "--last-batch", "", "training.last_batch",
            "What becomes of a smaller last batch of an epoch [default: kept]"),
        OptionFactory.Field(
            "--epochs", "N", "training.epochs",
            $"Passes over the training data [default: {RecipeDefaults.Describe("training.epochs")}]"),
        OptionFactory.Field(
            "--patience", "N", "training.early_stopping.patience",
            "Looks at the validation data without a better metric before the run stops; 0 never [default: " +
                $"{RecipeDefaults.Describe("training.early_stopping.patience")}]"),
        OptionFactory.Field(
            "--metrics", "LIST", "training.metrics",
            "Metrics to compute beside that of the task, separated by commas, as in 'macro_f1, top_k_accuracy(5)' [default: none]",
            Settings.Names<Metric>()),
        OptionFactory.Field(
            "--monitor", "NAME", "training.early_stopping.monitor",
            "Metric on the validation data that chooses the best epoch and stops the run; metric is that of the task [default: "
                + $"{RecipeDefaults.Describe("training.early_stopping.monitor")}]",
            Settings.Names<Metric>()),
        OptionFactory.Field(
            "--delta", "D", "training.early_stopping.min_delta",
            "Least improvement of the validation metric that counts as one [default: any]"),
        OptionFactory.Field(
            "--delta-form", "", "training.early_stopping.min_delta_form",
            "Unit of --delta: that of the metric, or a share of the best value [default: " +
                "absolute]"),
        OptionFactory.Field(
            "--max-steps", "N", "training.max_steps",
            "End after so many steps, within an epoch too; the schedule of the rate spans them [default: all epochs]"),
        OptionFactory.Field(
            "--max-time", "TIME", "training.max_time",
            "End after a time such as 90s, 10min or 2h, with the step under way [default: no limit]"),
        OptionFactory.Field(
            "--evaluate-every", "N", "training.evaluate_every",
            "Epochs from one look at the validation data to the next [default: 1]"),
        OptionFactory.Field(
            "--epoch-loss", "", "training.epoch_loss",
            "Training loss of an epoch: mean over samples, or of the batches' means " +
                "[default: samples]"),
        OptionFactory.Field(
            "--keep", "", "training.early_stopping.keep",
            "Weights that the run ends with: of the best epoch, or the last "
                + $"[default: {RecipeDefaults.Describe("training.early_stopping.keep")}]"),
        OptionFactory.Field(
            "--seed", "N", "seed",
            "Names split, weights, order and dropout: the same seed gives the same bits [default: 1]"),
        OptionFactory.Field(
            "--precision", "", "precision",
            "Element type of the network [default: float32]"),
    ];
}
