using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>How far a run has come, read from its state: gates let only some gradients through, and the others count updates.</summary>
/// <param name="chain">The rules.</param>
/// <param name="state">Their state.</param>
internal sealed class ChainProgress(Chain chain, OptimizerState state)
{
    /// <inheritdoc cref="OptimizerRun.Average"/>
    public Tensor? Average
    {
        get
        {
            for (int place = 0; place < chain.Count; place++)
            {
                if (chain[place].AverageSlot is { } slot)
                    return new RuleState(chain[place], state.ByRule[place], ParameterSegments.Single(0))[slot];
            }

            return null;
        }
    }

    /// <inheritdoc cref="OptimizerRun.Skipped"/>
    public long Skipped
    {
        get
        {
            double seen = state.Step, skipped = 0;
            for (int place = 0; place < chain.Count && chain[place] is GateRule; place++)
            {
                double passed = PassedBy(place);
                skipped += chain[place] is SkipNonFinite ? seen - passed : 0;
                seen = passed;
            }

            return (long)skipped;
        }
    }

    /// <inheritdoc cref="OptimizerRun.Updates"/>
    public long Updates
    {
        get
        {
            double seen = state.Step;
            for (int place = 0; place < chain.Count && chain[place] is GateRule; place++)
                seen = PassedBy(place);
            return (long)seen;
        }
    }

    /// <inheritdoc cref="OptimizerRun.LearningRate"/>
    public double LearningRate
    {
        get
        {
            double rate = double.NaN, scale = 1;
            for (int place = 0; place < chain.Count; place++)
            {
                if (chain[place] is ScaleByLearningRate rule && double.IsNaN(rate))
                    rate = rule.LearningRate.At(Math.Max(0, Updates - 1));
                if (chain[place] is ReduceOnPlateau)
                    scale *= ReduceOnPlateau.ScaleOf(state.ByRule[place]);
            }

            return rate * scale;
        }
    }

    /// <summary>Whether the next gradient is the first of an update, and not one that <see cref="Accumulate"/> adds to others.</summary>
    private bool BeginsUpdate
    {
        get
        {
            double seen = state.Step;
            for (int place = 0; place < chain.Count && chain[place] is GateRule gate; place++)
            {
                if (gate.IsWithinUpdate((long)seen))
                    return false;
                seen = PassedBy(place);
            }

            return true;
        }
    }

    /// <summary>What the rules want to be told before the next update; asked in every step, which must not allocate.</summary>
    /// <param name="all">What they need together.</param>
    /// <param name="each">What each needs.</param>
    public SignalKinds Wanted(RuleNeeds all, RuleNeeds[] each)
    {
        SignalKinds wanted = SignalKinds.None;
        if ((all.CurvatureEvery is null && all.FactorsEvery is null) || !BeginsUpdate)
            return wanted;
        long updates = Updates;
        if (all.CurvatureEvery is { } every && updates % every == 0)
            wanted |= SignalKinds.Curvature;
        foreach (RuleNeeds needs in each)
        {
            if (needs.FactorsEvery is { } period && updates % period == 0)
                wanted |= SignalKinds.LayerFactors;
        }

        return wanted;
    }

    private double PassedBy(int place) => state.ByRule[place][GateRule.Passed].AsSpan<double>()[0];
}
