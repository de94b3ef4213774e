using Thalweg.Cli.Options;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>Puts the optimizer together from a name or a chain, and the options around it.</summary>
internal static class OptimizerBuilder
{
    private const double DefaultWarmup = 0.05;

    /// <summary>Samples that are computed at once where a step takes all of them, so that memory does not grow with the data.</summary>
    private const int MinimizerPiece = 1024;

    /// <summary>Names of the schedules.</summary>
    public static IReadOnlyList<string> Schedules { get; } = ["constant", "cosine", "linear"];

    /// <summary>The minimizer that was asked for, or null where it is an optimizer.</summary>
    /// <exception cref="ThalwegException">A setting is not known or out of range, or options contradict each other.</exception>
    public static Minimizer? Minimizer(TrainSettings settings)
    {
        string text = (settings.Optimizer ?? TrainDefaults.UsualOptimizer).Trim(), name = text.Split('(')[0].Trim();
        if (!Settings.Names<Minimizer>().Contains(name))
            return null;
        RefuseBeside(settings, $"{name} has no such setting", withDecayAndClip: true);
        if (settings.Freeze is not null)
            throw new ThalwegException($"--freeze: {name} moves all parameters together; leave it out, or take an optimizer such as adam");
        return Settings.Parse<Minimizer>(text);
    }

    /// <summary>How the run trains.</summary>
    /// <param name="settings">What was asked for, with the defaults filled in.</param>
    /// <param name="samples">Number of training samples.</param>
    /// <exception cref="ThalwegException">A name is not known, a number is out of range, or options contradict each other.</exception>
    public static TrainerOptions Options(TrainSettings settings, int samples)
    {
        Minimizer? minimizer = Minimizer(settings);
        TrainerOptions options = new()
        {
            Minimizer = minimizer,
            Loss = RunData.LossOf(settings),
            Epochs = settings.Epochs!.Value,
            BatchSize = settings.Batch ?? TrainerOptions.FullBatch,
            BatchSchedule = settings.BatchSchedule is { } text ? Settings.Parse<Schedule>(text) : null,
            BatchGradient = settings.BatchGradient == "sum" ? BatchGradient.Sum : BatchGradient.Mean,
            EpochLoss = settings.EpochLoss == "batches" ? EpochLossForm.MeanOfBatchMeans : EpochLossForm.MeanOverSamples,
            MicroBatchSize = settings.MicroBatch ?? (minimizer is null ? null : MinimizerPiece),
            LastBatch = settings.LastBatch == "dropped" ? LastBatch.Dropped : LastBatch.Kept,
            Regularizers = Settings.ParseAll<Regularizer>(settings.Regularize ?? ""),
            Patience = settings.Patience!.Value,
            Monitor = settings.Monitor == "loss" ? Metric.Loss : Metric.OfTask,
            Improvement = new Improvement
            {
                Delta = settings.Delta ?? 0,
                Form = settings.DeltaForm == "relative" ? DeltaForm.Relative : DeltaForm.Absolute,
            },
            EvaluateEvery = settings.EvaluateEvery ?? 1,
            RestoreBest = settings.Keep != "last",
            Seed = settings.Seed,
        };
        return minimizer is null ? options with { Optimizer = Build(settings, Math.Max(1, options.StepsFor(samples))) } : options;
    }

    /// <summary>The chain of rules.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="steps">Steps of the whole run, which a schedule spans.</param>
    /// <exception cref="ThalwegException">A name is not known, a number is out of range, or options contradict each other.</exception>
    public static Chain Build(TrainSettings settings, long steps)
    {
        Chain chain = Direction(settings, steps).Chain;
        Freeze[] frozen = Frozen(settings);
        return frozen.Length == 0 ? chain : [.. frozen, .. chain, .. frozen];
    }

    /// <summary>The optimizer as a person would name it: by its name with its settings, or the rules where a chain was asked for.</summary>
    /// <param name="settings">What was asked for, with the defaults filled in.</param>
    /// <param name="options">How the run trains.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public static string Describe(TrainSettings settings, TrainerOptions options, long steps)
    {
        if (options.Minimizer is { } minimizer)
            return minimizer.ToString();
        string[] around = [.. Frozen(settings).Select(rule => rule.ToString())];
        return string.Join(", ", [.. around, Direction(settings, Math.Max(1, steps)).Text]);
    }

    /// <summary>A rule for each pattern of parameters that stay as they start.</summary>
    private static Freeze[] Frozen(TrainSettings settings) =>
        [.. (LayoutOptions.Split(settings.Freeze) ?? []).Select(pattern => new Freeze(pattern))];

    /// <summary>The rules that make the update, and their text: the name of the optimizer where one was given.</summary>
    private static (Chain Chain, string Text) Direction(TrainSettings settings, long steps)
    {
        string text = (settings.Optimizer ?? TrainDefaults.UsualOptimizer).Trim(), name = text.Split('(')[0].Trim();
        if (name == "chain" || Settings.Names<Rule>().Contains(name))
        {
            RefuseBeside(settings, "--optimizer chain(...) holds everything itself", withDecayAndClip: true);
            Chain chain = ChainText.Parse(text);
            return chain.Any(rule => rule is ScaleByLearningRate or Scale or FollowRegularizedLeader)
                ? (chain, chain.ToString())
                : throw new ThalwegException(
                    $"--optimizer: expected a learning rate in '{text}', got none, and the weights would climb; end it with " +
                    "scale_by_learning_rate(0.001)");
        }

        if (!Settings.Names<NamedOptimizer>().Contains(name))
            throw new ThalwegException(
                $"--optimizer: expected {OptionFactory.OneOf(name, [.. Settings.Names<NamedOptimizer>(), .. Settings.Names<Minimizer>()])} or chain(...), " +
                $"got '{text}'");
        NamedOptimizer optimizer = Settings.Parse<NamedOptimizer>(text);
        if (optimizer.LearningRate.Schedule is not null)
            RefuseBeside(settings, $"--optimizer {name}(...) has a schedule of its own", withDecayAndClip: false);
        else
            optimizer = optimizer with { LearningRate = Rate(settings, optimizer, steps) };
        if (settings.Decay is { } decay)
            optimizer = optimizer with { Decay = decay };
        return settings.Clip is { } clip
            ? ([new ClipByGlobalNorm(clip), .. optimizer.Chain], $"{new ClipByGlobalNorm(clip)}, {optimizer}")
            : (optimizer.Chain, optimizer.ToString());
    }

    /// <summary>Whether a schedule is written out, with its rate, in place of a name.</summary>
    public static bool IsText(string? schedule) => schedule?.Contains('(', StringComparison.Ordinal) == true;

    private static Hyperparameter Rate(TrainSettings settings, NamedOptimizer optimizer, long steps)
    {
        double rate = settings.LearningRate ?? optimizer.LearningRate.At(0);
        string kind = settings.Schedule ?? (optimizer.WantsSchedule ? "cosine" : "constant");
        if (IsText(kind))
        {
            RefuseBeside(settings with { Schedule = null }, $"--schedule {kind} holds it", withDecayAndClip: false);
            return Settings.Parse<Schedule>(kind);
        }

        double given = settings.Warmup ?? (kind == "constant" ? 0 : DefaultWarmup);
        int most = (int)Math.Min(steps, int.MaxValue);

        // Below 1 it is a share of the run, from 1 on a number of steps; the default must leave a short run some steps.
        int warmup = given < 1 ? (int)(given * most) : (int)Math.Min(given, int.MaxValue);
        if (kind != "constant" && warmup >= most)
            throw new ThalwegException(
                $"--warmup: expected less than the {most} steps of the run, got {given}; shorten it or train longer");
        return kind switch
        {
            "linear" => new LinearSchedule(rate, most) { Warmup = warmup },
            "cosine" => new CosineSchedule(rate, most) { Warmup = warmup },
            _ => warmup == 0 ? rate : new ConstantSchedule(rate) { Warmup = warmup },
        };
    }

    private static void RefuseBeside(TrainSettings settings, string reason, bool withDecayAndClip)
    {
        (string Name, bool IsGiven)[] options =
        [
            ("--lr", settings.LearningRate is not null),
            ("--schedule", settings.Schedule is not null),
            ("--warmup", settings.Warmup is not null),
            ("--decay", withDecayAndClip && settings.Decay is not null),
            ("--clip", withDecayAndClip && settings.Clip is not null),
        ];
        foreach ((string name, bool isGiven) in options)
        {
            if (isGiven)
                throw new ThalwegException($"{name}: {reason}; write it there, or leave it out");
        }
    }
}
