using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Conformance.Tables;

/// <summary>Schedules by the names of the reference; one step of them per training step.</summary>
internal static class SchedulerTable
{
    /// <summary>The one that is no function of the step.</summary>
    public const string PlateauName = "ReduceLROnPlateau";

    private static readonly Dictionary<string, Func<Options, double, Schedule>> s_all = new()
    {
        ["StepLR"] = (o, rate) => new StepSchedule(rate, o.Integer("step_size", 1)) { Factor = o.Number("gamma", 0.1) },
        ["MultiStepLR"] = (o, rate) => new MultiStepSchedule(rate, MilestonesOf(o)) { Factor = o.Number("gamma", 0.1) },
        ["ExponentialLR"] = (o, rate) => new ExponentialSchedule(rate, o.Number("gamma")),
        ["ConstantLR"] = HeldBack,
        ["LinearLR"] = (o, rate) =>
            new LinearSchedule(
                rate * o.Number("start_factor", 1.0 / 3), o.Integer("total_iters", 5))
            { End = rate * o.Number("end_factor", 1) },
        ["PolynomialLR"] = (o, rate) => new PolynomialSchedule(rate, o.Integer("total_iters", 5)) { Power = o.Number("power", 1) },
        ["CosineAnnealingLR"] = (o, rate) =>
            new CosineSchedule(rate, o.Integer("T_max", 1)) { End = o.Number("eta_min", 0), Periodic = true },
        ["CosineAnnealingWarmRestarts"] = (o, rate) =>
            new CosineRestartsSchedule(rate, o.Integer("T_0", 1)) { Growth = o.Integer("T_mult", 1), End = o.Number("eta_min", 0) },
        ["OneCycleLR"] = (o, _) => OneCycle(o),
        ["CyclicLR"] = (o, _) => Cyclic(o, o.Number("base_lr"), o.Number("max_lr")),
        ["SequentialLR"] = Sequence,
        ["ChainedScheduler"] = (o, rate) =>
            Parts(o, rate).Aggregate((all, next) => new ProductSchedule(all, new ProductSchedule(next, 1 / rate))),
        ["SWALR"] = Annealed,
    };

    /// <summary>The schedule of the learning rate.</summary>
    public static Schedule Rate(string name, Options options, double rate) =>
        s_all.TryGetValue(name, out Func<Options, double, Schedule>? make)
            ? make(options, rate)
            : throw new UnsupportedException($"scheduler {name}");

    /// <summary>The schedule of the momentum, or of Adam's first decay; null where the scheduler leaves it alone.</summary>
    public static Schedule? Momentum(string name, Options options)
    {
        if (name is not ("OneCycleLR" or "CyclicLR"))
            return null;

        (double low, double high) = name == "CyclicLR"
            ? (options.Number("base_momentum", 0.8), options.Number("max_momentum", 0.9))
            : (options.Number("base_momentum", 0.85), options.Number("max_momentum", 0.95));
        if (!options.Flag("cycle_momentum", true))
            return null;

        return name == "CyclicLR" ? Cyclic(options, high, low) : OneCycle(options) with { Start = high, Peak = low, End = high };
    }

    /// <summary>The learning rate and the momentum of a case that may have a scheduler; every option must have been used.</summary>
    public static (Hyperparameter Rate, Schedule? Momentum) Of(GoldenCase golden, double rate)
    {
        if (!golden.Has("scheduler"))
            return (rate, null);

        string name = golden.Text("scheduler");
        if (name == PlateauName)
            return (rate, null);

        Options options = new(golden["scheduler_options"]);
        (Schedule schedule, Schedule? momentum) = (Rate(name, options, rate), Momentum(name, options));
        options.RefuseUnread();
        return (schedule, momentum);
    }

    /// <summary>The chain of a case, with the rule of its ReduceLROnPlateau before the rate if it has one.</summary>
    public static Chain WithPlateau(GoldenCase golden, Chain chain, double rate)
    {
        // The reference reads the rate of Rprop once, before the first step.
        if (!golden.Has("scheduler") || golden.Text("scheduler") != PlateauName || golden.Text("optimizer") == "Rprop")
            return chain;

        Options options = new(golden["scheduler_options"]);
        ReduceOnPlateau plateau = Plateau(options, rate);
        options.RefuseUnread();
        return [.. chain.SelectMany(rule => rule is ScaleByLearningRate ? (Rule[])[plateau, rule] : [rule])];
    }

    /// <summary>The rule of ReduceLROnPlateau, whose factor multiplies the rate.</summary>
    public static ReduceOnPlateau Plateau(Options o, double rate) => new()
    {
        Factor = o.Number("factor", 0.1),
        Patience = o.Integer("patience", 10),
        Threshold = o.Number("threshold", 1e-4),
        ThresholdForm = o.Text("threshold_mode", "rel") == "rel" ? PlateauThreshold.Relative : PlateauThreshold.Absolute,
        Cooldown = o.Integer("cooldown", 0),
        Minimum = o.Number("min_lr", 0) / rate,
        Epsilon = o.Number("eps", 1e-8) / rate,
        LessIsBetter = o.Text("mode", "min") == "min",
    };

    /// <summary>A share of the rate for some steps, then the rate.</summary>
    private static Schedule HeldBack(Options o, double rate)
    {
        (double share, int steps) = (o.Number("factor", 1.0 / 3), o.Integer("total_iters", 5));
        return steps == 0 ? new ConstantSchedule(rate) : new SequenceSchedule(rate * share, rate, steps);
    }

    private static Milestones MilestonesOf(Options o) => Milestones.Of([.. o.Integers("milestones").Order()]);

    private static OneCycleSchedule OneCycle(Options o)
    {
        double peak = o.Number("max_lr"), start = peak / o.Number("div_factor", 25);
        int steps = o.Integer("total_steps", o.Integer("epochs", 1) * o.Integer("steps_per_epoch", 1));
        return new(start, peak, start / o.Number("final_div_factor", 1e4), steps)
        {
            Rise = o.Number("pct_start", 0.3),
            ThreePhases = o.Flag("three_phase"),
            Form = Form(o),
        };
    }

    private static CyclicSchedule Cyclic(Options o, double low, double high)
    {
        int rise = o.Integer("step_size_up", 2000);
        return new(low, high, rise)
        {
            Fall = o.Integer("step_size_down", rise),
            Form = o.Text("mode", "triangular") switch
            {
                "triangular" => CycleVariant.Triangular,
                "triangular2" => CycleVariant.Halving,
                "exp_range" => CycleVariant.Exponential,
                string other => throw new UnsupportedException($"mode {other}"),
            },
            Factor = o.Number("gamma", 1),
        };
    }

    /// <summary>From the last to the first, because the step of each sequence counts from its own beginning.</summary>
    private static Schedule Sequence(Options o, double rate)
    {
        int[] at = o.Integers("milestones");
        Schedule[] parts = [.. Parts(o, rate)];
        Schedule rest = parts[^1];
        for (int i = parts.Length - 2; i >= 0; i--)
            rest = new SequenceSchedule(parts[i], rest, at[i] - (i == 0 ? 0 : at[i - 1]));

        return rest;
    }

    private static Schedule Annealed(Options o, double rate)
    {
        int steps = o.Integer("anneal_epochs", 10);
        double end = o.Number("swa_lr", rate);
        bool cosine = Form(o) == AnnealVariant.Cosine;
        if (steps == 0)
            return new ConstantSchedule(end);

        return cosine ? new CosineSchedule(rate, steps) { End = end } : new LinearSchedule(rate, steps) { End = end };
    }

    private static AnnealVariant Form(Options o) => o.Text("anneal_strategy", "cos") == "cos" ? AnnealVariant.Cosine : AnnealVariant.Linear;

    private static IEnumerable<Schedule> Parts(Options o, double rate)
    {
        foreach (JsonElement part in o.Element("schedulers").EnumerateArray())
        {
            Options own = new(part.GetProperty("options"));
            yield return Rate(part.GetProperty("scheduler").GetString()!, own, rate);
            own.RefuseUnread();
        }
    }
}
