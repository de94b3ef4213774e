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
            for (int position = 0; position < chain.Count; position++)
            {
                if (chain[position].AverageSlot is { } slot)
                    return new RuleState(chain[position], state.ByRule[position], ParameterSegments.Single(0))[slot];
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
            for (int position = 0; position < chain.Count && chain[position] is GateRule; position++)
            {
                double passed = PassedBy(position);
                skipped += chain[position] is SkipNonFinite ? seen - passed : 0;
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
            for (int position = 0; position < chain.Count && chain[position] is GateRule; position++)
                seen = PassedBy(position);
            return (long)seen;
        }
    }

    /// <inheritdoc cref="OptimizerRun.LearningRate"/>
    public double LearningRate
    {
        get
        {
            double rate = double.NaN, scale = 1;
            for (int position = 0; position < chain.Count; position++)
            {
                if (chain[position] is ScaleByLearningRate rule && double.IsNaN(rate))
                    rate = rule.LearningRate.At(Math.Max(0, Updates - 1));
                if (chain[position] is ReduceOnPlateau)
                    scale *= ReduceOnPlateau.ScaleOf(state.ByRule[position]);
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
            for (int position = 0; position < chain.Count && chain[position] is GateRule gate; position++)
            {
                if (gate.IsWithinUpdate((long)seen))
                    return false;
                seen = PassedBy(position);
            }

            return true;
        }
    }

    /// <summary>What the rules need before the next update; asked in every step, which must not allocate.</summary>
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

    private double PassedBy(int position) => state.ByRule[position][GateRule.Passed].AsSpan<double>()[0];
}
