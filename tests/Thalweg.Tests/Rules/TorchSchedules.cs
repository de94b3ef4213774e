using System.Text.Json;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Tests.Rules;

/// <summary>What PyTorch calls the schedules of this library. Uses the public interface alone.</summary>
internal static class TorchSchedules
{
    /// <summary>The schedule of the learning rate, one step of it per training step.</summary>
    /// <param name="name">Name of the scheduler.</param>
    /// <param name="options">Its options.</param>
    /// <param name="rate">The learning rate that the optimizer was made with.</param>
    public static Schedule Rate(string name, JsonElement options, double rate) => name switch
    {
        "StepLR" => new StepSchedule(rate, options.Whole("step_size", 1)) { Factor = options.Number("gamma", 0.1) },
        "MultiStepLR" => new MultiStepSchedule(rate, Milestones(options)) { Factor = options.Number("gamma", 0.1) },
        "ExponentialLR" => new ExponentialSchedule(rate, options.Number("gamma", 1)),
        "ConstantLR" => new SequenceSchedule(rate * options.Number("factor", 1.0 / 3), rate, options.Whole("total_iters", 5)),
        "LinearLR" => new LinearSchedule(rate * options.Number("start_factor", 1.0 / 3), options.Whole("total_iters", 5))
        {
            End = rate * options.Number("end_factor", 1),
        },
        "PolynomialLR" => new PolynomialSchedule(rate, options.Whole("total_iters", 5)) { Power = options.Number("power", 1) },
        "CosineAnnealingLR" => new CosineSchedule(rate, options.Whole("T_max", 1)) { End = options.Number("eta_min", 0), Periodic = true },
        "CosineAnnealingWarmRestarts" => new CosineRestartsSchedule(rate, options.Whole("T_0", 1))
        {
            Growth = options.Whole("T_mult", 1),
            End = options.Number("eta_min", 0),
        },
        "OneCycleLR" => OneCycle(options),
        "CyclicLR" => Cyclic(options, options.Number("base_lr", 0), options.Number("max_lr", 0)),
        "SequentialLR" => Sequence(options, rate),
        "ChainedScheduler" => Parts(options).Select(part => Rate(part.Name, part.Options, rate)).Aggregate((all, next) =>
            new ProductSchedule(all, new ProductSchedule(next, 1 / rate))),
        "SWALR" => Annealed(options, rate),
        _ => throw new InvalidOperationException($"the scheduler '{name}' has no counterpart here"),
    };

    /// <summary>The schedule of the momentum, or of Adam's first decay; null where the scheduler leaves it alone.</summary>
    public static Schedule? Momentum(string name, JsonElement options)
    {
        if (name is not ("OneCycleLR" or "CyclicLR") || !options.Flag("cycle_momentum", true))
            return null;
        if (name == "CyclicLR")
            return Cyclic(options, options.Number("max_momentum", 0.9), options.Number("base_momentum", 0.8));
        double high = options.Number("max_momentum", 0.95), low = options.Number("base_momentum", 0.85);
        return OneCycle(options) with { Start = high, Peak = low, End = high };
    }

    /// <summary>The rule of ReduceLROnPlateau, whose factor multiplies the rate.</summary>
    public static ReduceOnPlateau Plateau(JsonElement options, double rate) => new()
    {
        Factor = options.Number("factor", 0.1),
        Patience = options.Whole("patience", 10),
        Threshold = options.Number("threshold", 1e-4),
        ThresholdForm = options.Word("threshold_mode", "rel") == "rel" ? PlateauThreshold.Relative : PlateauThreshold.Absolute,
        Cooldown = options.Whole("cooldown", 0),
        Minimum = options.Number("min_lr", 0) / rate,
        Epsilon = options.Number("eps", 1e-8) / rate,
        LessIsBetter = options.Word("mode", "min") == "min",
    };

    private static Milestones Milestones(JsonElement options) =>
        Schedules.Milestones.Of([.. options.GetProperty("milestones").Numbers().Select(step => (int)step).Order()]);

    private static OneCycleSchedule OneCycle(JsonElement options)
    {
        double peak = options.Number("max_lr", 0), start = peak / options.Number("div_factor", 25);
        int steps = options.Whole("total_steps", options.Whole("epochs", 1) * options.Whole("steps_per_epoch", 1));
        return new(start, peak, start / options.Number("final_div_factor", 1e4), steps)
        {
            Rise = options.Number("pct_start", 0.3),
            ThreePhases = options.Flag("three_phase"),
            Form = Form(options),
        };
    }

    private static CyclicSchedule Cyclic(JsonElement options, double low, double high)
    {
        int rise = options.Whole("step_size_up", 2000);
        return new(low, high, rise)
        {
            Fall = options.Whole("step_size_down", rise),
            Form = options.Word("mode", "triangular") switch
            {
                "triangular" => CycleForm.Triangular,
                "triangular2" => CycleForm.Halving,
                _ => CycleForm.Exponential,
            },
            Factor = options.Number("gamma", 1),
        };
    }

    private static Schedule Sequence(JsonElement options, double rate)
    {
        Milestones at = Milestones(options);
        Schedule[] parts = [.. Parts(options).Select(part => Rate(part.Name, part.Options, rate))];
        // From the last to the first, because the step of each sequence counts from its own beginning.
        Schedule rest = parts[^1];
        for (int i = parts.Length - 2; i >= 0; i--)
            rest = new SequenceSchedule(parts[i], rest, at[i] - (i == 0 ? 0 : at[i - 1]));
        return rest;
    }

    private static Schedule Annealed(JsonElement options, double rate)
    {
        int steps = options.Whole("anneal_epochs", 10);
        double end = options.Number("swa_lr", rate);
        if (steps == 0)
            return new ConstantSchedule(end);
        return Form(options) == AnnealForm.Cosine ? new CosineSchedule(rate, steps) { End = end } : new LinearSchedule(rate, steps) { End = end };
    }

    private static AnnealForm Form(JsonElement options) => options.Word("anneal_strategy", "cos") == "cos" ? AnnealForm.Cosine : AnnealForm.Linear;

    private static IEnumerable<(string Name, JsonElement Options)> Parts(JsonElement options) =>
        options.GetProperty("schedulers").EnumerateArray().Select(part => (part.GetProperty("scheduler").GetString()!, part.GetProperty("options")));
}
