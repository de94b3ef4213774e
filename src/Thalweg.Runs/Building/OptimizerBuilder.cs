using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Schedules;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Puts the optimizer of a full recipe together from a name or a chain, and the fields around it.</summary>
internal static class OptimizerBuilder
{
    /// <summary>The sampler where none is asked for.</summary>
    public const string UsualSampler = "shuffled";

    /// <summary>Whether the recipe trains by a minimizer.</summary>
    public static bool IsMinimizer(Recipe recipe) => Settings.Names<Minimizer>().Contains(NameOf(TextOf(recipe)));

    /// <summary>Whether a schedule is written out, with its rate, in place of a name.</summary>
    public static bool IsText(string? schedule) => schedule?.Contains('(', StringComparison.Ordinal) == true;

    /// <summary>The named optimizer as it is written, without the fields around it; null for a chain or a minimizer.</summary>
    /// <exception cref="ThalwegException">The name or a setting is not known.</exception>
    public static NamedOptimizer? Named(Recipe recipe)
    {
        string text = TextOf(recipe), name = NameOf(text);
        if (IsChain(name) || Settings.Names<Minimizer>().Contains(name))
            return null;
        if (Settings.Names<NamedOptimizer>().Contains(name))
            return Settings.Parse<NamedOptimizer>(text);
        string known = Names.OneOf(name, [.. Settings.Names<NamedOptimizer>(), .. Settings.Names<Minimizer>()]);
        throw new ThalwegException($"training.optimizer.name: expected {known} or chain(...), got '{text}'");
    }

    /// <summary>How the run trains.</summary>
    /// <param name="recipe">The full recipe.</param>
    /// <param name="samples">Number of training samples.</param>
    /// <exception cref="ThalwegException">A name is not known, a number is out of range, or fields contradict each other.</exception>
    public static TrainerOptions Options(Recipe recipe, int samples)
    {
        TrainingRecipe training = recipe.Training;
        EarlyStoppingRecipe stopping = training.EarlyStopping;
        Minimizer? minimizer = Minimizer(recipe);
        TrainerOptions options = new()
        {
            Minimizer = minimizer,
            Loss = NetworkBuilder.LossOf(recipe),
            Epochs = training.Epochs!.Value,
            BatchSize = training.BatchSize ?? TrainerOptions.FullBatch,
            BatchSchedule = training.BatchSchedule is { } text ? Settings.Parse<Schedule>(text) : null,
            BatchGradient = training.BatchGradient!.Value,
            EpochLoss = training.EpochLoss!.Value,
            MicroBatchSize = training.MicroBatchSize,
            Shards = training.Shards ?? 1,
            LastBatch = training.LastBatch!.Value,
            Regularizers = Settings.ParseAll<Regularizer>(training.Regularizers ?? ""),
            Patience = stopping.Patience!.Value,
            Monitor = Settings.Parse<Metric>(stopping.Monitor!),
            Metrics = Settings.ParseAll<Metric>(training.Metrics ?? ""),
            MinDelta = new MinDelta { Delta = stopping.MinDelta!.Value, Form = stopping.MinDeltaForm!.Value },
            EvaluateEvery = training.EvaluateEvery!.Value,
            MaxSteps = training.MaxSteps,
            MaxTime = training.MaxTime is { } time ? DurationText.Read("training.max_time", time) : null,
            Sampler = Settings.Parse<Sampler>(training.Sampler ?? UsualSampler),
            RestoreBest = stopping.Keep == KeptWeights.Best,
            Seed = recipe.Seed,
            Recovery = recipe.Run.ToRecovery(),
        };
        return minimizer is null ? options with { Optimizer = Build(recipe, Math.Max(1, options.StepsFor(samples))) } : options;
    }

    /// <summary>The optimizer as a person would name it: by its name with its settings, or the rules where a chain was asked for.</summary>
    /// <param name="recipe">The full recipe.</param>
    /// <param name="options">How the run trains.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public static string Describe(Recipe recipe, TrainerOptions options, long steps)
    {
        if (options.Minimizer is { } minimizer)
            return minimizer.ToString();
        string[] around = [.. Frozen(recipe).Select(rule => rule.ToString())];
        return string.Join(", ", [.. around, Direction(recipe, Math.Max(1, steps)).Text]);
    }

    private static string TextOf(Recipe recipe) => recipe.Training.Optimizer.Name!.Trim();

    private static string NameOf(string text) => text.Split('(')[0].Trim();

    private static bool IsChain(string name) => name == "chain" || Settings.Names<Rule>().Contains(name);

    /// <summary>The minimizer that was asked for, or null where it is an optimizer.</summary>
    private static Minimizer? Minimizer(Recipe recipe)
    {
        if (!IsMinimizer(recipe))
            return null;
        string text = TextOf(recipe), name = NameOf(text);
        RefuseBeside(recipe.Training.Optimizer, $"{name} has no such setting", withDecayAndClip: true);
        if (recipe.Start.Frozen is not null)
        {
            throw new ThalwegException(
                $"start.frozen: {name} moves all parameters together; leave it out, or take an optimizer such as adam");
        }

        return Settings.Parse<Minimizer>(text);
    }

    /// <summary>The chain of rules.</summary>
    private static Chain Build(Recipe recipe, long steps)
    {
        Chain chain = Direction(recipe, steps).Chain;
        Freeze[] frozen = Frozen(recipe);
        return frozen.Length == 0 ? chain : [.. frozen, .. chain, .. frozen];
    }

    /// <summary>A rule for each pattern of parameters that stay as they start.</summary>
    private static Freeze[] Frozen(Recipe recipe) => [.. (recipe.Start.Frozen ?? []).Select(pattern => new Freeze(pattern))];

    /// <summary>The rules that make the update, and their text: the name of the optimizer where one was given.</summary>
    private static (Chain Chain, string Text) Direction(Recipe recipe, long steps)
    {
        OptimizerRecipe fields = recipe.Training.Optimizer;
        string text = TextOf(recipe), name = NameOf(text);
        if (Named(recipe) is not { } optimizer)
        {
            RefuseBeside(fields, "training.optimizer.name chain(...) holds everything itself", withDecayAndClip: true);
            Chain chain = ChainText.Parse(text);
            return chain.Any(rule => rule is ScaleByLearningRate or Scale or FollowRegularizedLeader)
                ? (chain, chain.ToString())
                : throw new ThalwegException(
                    $"training.optimizer.name: expected a learning rate in '{text}', got none, and the weights would climb; end it with " +
                    "scale_by_learning_rate(0.001)");
        }

        if (optimizer.LearningRate.Schedule is not null)
            RefuseBeside(fields, $"training.optimizer.name {name}(...) has a schedule of its own", withDecayAndClip: false);
        else
            optimizer = optimizer with { LearningRate = Rate(fields, steps) };
        if (fields.WeightDecay is { } decay)
            optimizer = optimizer with { Decay = decay };
        return fields.ClipNorm is { } clip
            ? ([new ClipByGlobalNorm(clip), .. optimizer.Chain], $"{new ClipByGlobalNorm(clip)}, {optimizer}")
            : (optimizer.Chain, optimizer.ToString());
    }

    /// <summary>The learning rate over a run.</summary>
    public static Hyperparameter Rate(OptimizerRecipe fields, long steps)
    {
        string kind = fields.Schedule ?? RecipeDefaults.Schedule;
        if (IsText(kind))
        {
            RefuseBeside(fields with { Schedule = null }, $"training.optimizer.schedule {kind} holds it", withDecayAndClip: false);
            return Settings.Parse<Schedule>(kind);
        }

        if (!Names.Schedules.Contains(kind))
            throw new ThalwegException($"training.optimizer.schedule: expected {Names.OneOf(kind, Names.Schedules)}, got '{kind}'");
        double rate = fields.LearningRate ?? throw new ThalwegException(
            "training.optimizer.learning_rate: expected a rate, which the schedule starts from, got none; give one");
        double given = fields.Warmup ?? RecipeDefaults.WarmupOf(kind);
        int most = (int)Math.Min(steps, int.MaxValue);

        // Below 1 it is a share of the run, from 1 on a number of steps; the default must leave a short run some steps.
        int warmup = given < 1 ? (int)(given * most) : (int)Math.Min(given, int.MaxValue);
        if (kind != "constant" && warmup >= most)
        {
            throw new ThalwegException(
                $"training.optimizer.warmup: expected less than the {most} steps of the run, got {given}; shorten it or train longer");
        }

        return kind switch
        {
            "linear" => new LinearSchedule(rate, most) { Warmup = warmup },
            "cosine" => new CosineSchedule(rate, most) { Warmup = warmup },
            _ => warmup == 0 ? rate : new ConstantSchedule(rate) { Warmup = warmup },
        };
    }

    private static void RefuseBeside(OptimizerRecipe fields, string reason, bool withDecayAndClip)
    {
        (string Name, bool IsGiven)[] others =
        [
            ("learning_rate", fields.LearningRate is not null),
            ("schedule", fields.Schedule is not null),
            ("warmup", fields.Warmup is not null),
            ("weight_decay", withDecayAndClip && fields.WeightDecay is not null),
            ("clip_norm", withDecayAndClip && fields.ClipNorm is not null),
        ];
        foreach ((string name, bool isGiven) in others)
        {
            if (isGiven)
                throw new ThalwegException($"training.optimizer.{name}: {reason}; write it there, or leave it out");
        }
    }
}
