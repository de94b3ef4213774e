using Thalweg.Optimizers;

namespace Thalweg.Diagnosis;

/// <summary>Looks for one cause in the signs of a run.</summary>
internal abstract class Diagnoser
{
    /// <summary>The cause.</summary>
    public abstract Cause Cause { get; }

    /// <summary>Whether signs alone cannot tell it from look-alikes, so that a replay with the fix decides.</summary>
    public virtual bool NeedsReplay => true;

    /// <summary>Whether signs are enough for a finding where no replay can be made.</summary>
    public virtual bool StandsAlone => false;

    /// <summary>Gain of a replay, in units of <see cref="ReplayRunner.Gain"/>, from which on it speaks for the cause.</summary>
    public virtual double GainNeeded => 1;

    /// <summary>What speaks for the cause; null where nothing does.</summary>
    /// <param name="signs">The run.</param>
    public abstract Finding? Examine(RunSigns signs);

    private protected Finding Found(params Evidence[] evidence) => Finding.Of(Cause, evidence);

    private protected static ValueList<Fix> List(params IEnumerable<Fix>[] fixes) => ValueList.Of<Fix>([.. fixes.SelectMany(fix => fix)]);

    /// <summary>The named optimizer of a run with its settings; null for a chain, a minimizer or a run without a recipe.</summary>
    private protected static NamedOptimizer? OptimizerOf(RunSigns signs)
    {
        string name = signs.Recipe?.Training.Optimizer.Name ?? "";
        return Settings.Names<NamedOptimizer>().Contains(name.Split('(')[0].Trim()) ? Settings.Parse<NamedOptimizer>(name) : null;
    }

    /// <summary>How far the run is from having learned its training data: loss as a share of that of the trivial answer.</summary>
    private protected static Evidence Underfits(RunSigns signs, double threshold = 0.15) =>
        Evidence.Above("training_loss_share", signs.Outcome?.TrainingLoss ?? double.NaN, threshold, 0.1);
}
