using Thalweg.Optimizers;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Looks for one cause in the signs of a run.</summary>
internal abstract class Diagnoser
{
    /// <summary>The cause.</summary>
    public abstract Cause Cause { get; }

    /// <summary>Whether signs alone cannot tell it from look-alikes, so that a replay with the fix decides.</summary>
    public virtual bool NeedsReplay => true;

    /// <summary>Gain of a replay, in units of <see cref="ReplayRunner.Gain"/>, from which on it speaks for the cause.</summary>
    public virtual double GainNeeded => 1;

    /// <summary>What speaks for the cause; null where nothing does.</summary>
    /// <param name="signs">The run.</param>
    public abstract Finding? Examine(RunSigns signs);

    private protected Finding Found(params Evidence[] evidence) => Finding.Of(Cause, evidence);

    /// <summary>The named optimizer of a recipe with its settings; null for a chain or a minimizer.</summary>
    private protected static NamedOptimizer? OptimizerOf(Recipe? recipe)
    {
        string name = recipe?.Training.Optimizer.Name ?? "";
        return Settings.Names<NamedOptimizer>().Contains(name.Split('(')[0].Trim()) ? Settings.Parse<NamedOptimizer>(name) : null;
    }

    /// <summary>A fix with the learning rate multiplied; none where the recipe has no rate.</summary>
    private protected static Fix[] RateTimes(Recipe? recipe, string key, params double[] factors) =>
        recipe?.Training.Optimizer.LearningRate is { } rate
            ? [.. factors.Select(factor => Fix.Of(key, recipe, ("training.optimizer.learning_rate", Number(rate * factor))))]
            : [];

    /// <summary>A number as recipes write it.</summary>
    private protected static string Number(double value) => value.ToString("g6", System.Globalization.CultureInfo.InvariantCulture);
}
