using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Diagnostics;

/// <summary>Up to which sharpness the optimizer of a run is stable on a quadratic: what its chain of rules does there.</summary>
/// <remarks>
/// With effective rate r (rate times the share of the gradient that enters the velocity) and momentum m: gradient descent 2/r, heavy ball
/// (2 + 2m)/r, Nesterov (2 + 2m)/((1 + 2m) r). Adam and its kin: the same for the Hessian preconditioned by their denominator P, the
/// eigenvalues of P^-1/2 H P^-1/2. Source: Cohen, Kaur, Li, Kolter, Talwalkar, Gradient descent typically occurs at the edge of stability,
/// ICLR 2021, section 2 and appendix B; Cohen and others, Adaptive gradient methods at the edge of stability, arXiv:2207.14484, section 2.
/// </remarks>
internal sealed record StabilityModel
{
    /// <summary>Momentum m, in [0, 1).</summary>
    public double Momentum { get; private init; }

    /// <summary>Share of the gradient that enters the velocity.</summary>
    public double Gain { get; private init; } = 1;

    /// <summary>Whether the gradient is taken ahead.</summary>
    public bool IsNesterov { get; private init; }

    /// <summary>The rule that divides by a denominator for each parameter, and where in the chain; null for none.</summary>
    public (Rule Rule, int Position)? Denominator { get; private init; }

    /// <summary>What is left aside; null for nothing.</summary>
    public string? Note { get; private init; }

    /// <summary>The largest stable sharpness for a learning rate.</summary>
    /// <param name="rate">The learning rate.</param>
    public double ThresholdAt(double rate) => (2 + (2 * Momentum)) / ((IsNesterov ? 1 + (2 * Momentum) : 1) * rate * Gain);

    /// <summary>The model of a chain; null where a rule of it is not known, which is then named.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="update">Updates made so far.</param>
    /// <param name="unknown">The rule that is not known.</param>
    public static StabilityModel? Of(Chain chain, long update, out string? unknown)
    {
        StabilityModel model = new();
        unknown = null;
        for (int i = 0; i < chain.Count && unknown is null; i++)
        {
            switch (chain[i])
            {
                case ScaleByLearningRate:
                case Accumulate:
                case SkipNonFinite:
                    break;
                case ClipByGlobalNorm or ClipByValue or ClipEach or AddDecayedWeights:
                    model = model with { Note = "clipping and decay of the optimizer are left aside" };
                    break;
                case ScaleByMomentum momentum:
                    model = model.With(momentum, update);
                    break;
                case ScaleByAdam { Form: AdamVariant.Separate or AdamVariant.Folded } adam:
                    model = model with { Denominator = (adam, i), Momentum = adam.B1.At(update), Gain = 1 - adam.B1.At(update) };
                    break;
                case ScaleByRms { Centered: false } or ScaleByAdaGrad:
                    model = model with { Denominator = (chain[i], i) };
                    break;
                default:
                    unknown = Settings.NameOf(chain[i].GetType());
                    break;
            }
        }

        return unknown is null ? model : null;
    }

    /// <summary>1/sqrt of the denominator for each parameter, 0 in the padding; null where there is none.</summary>
    /// <param name="run">The optimizer at work, with one update or more.</param>
    public double[]? InverseRoots(OptimizerRun run)
    {
        if (Denominator is not (var rule, var position))
        {
            return null;
        }

        string prefix = $"{position}.{Settings.NameOf(rule.GetType())}.";
        double[] Slot(string name) => CurvatureOperator.ToDoubles(run.State.Slots.First(slot => slot.Name == prefix + name).Values);
        double[] denominator = rule switch
        {
            ScaleByAdam adam => OfAdam(adam, run.Updates, Slot),
            ScaleByRms rms => [.. Slot("r").Select(r => Rooted(r, rms.EpsilonPlace, rms.Epsilon.At(run.Updates)))],
            ScaleByAdaGrad ada => [.. Slot("s").Select(s => Rooted(s, ada.EpsilonPlace, ada.Epsilon.At(run.Updates)))],
            _ => throw new ThalwegException($"[sharpness] expected a rule with a denominator, got {rule}; measure without it"),
        };
        double[] roots = new double[denominator.Length];
        foreach (ParameterSegment segment in run.Segments.Items)
        {
            for (int i = segment.Offset; i < segment.Offset + segment.Size; i++)
                roots[i] = 1 / Math.Sqrt(denominator[i]);
        }

        return roots;
    }

    private static double Rooted(double square, EpsilonPlace place, double epsilon) =>
        place == EpsilonPlace.Inside ? Math.Sqrt(square + epsilon) : Math.Sqrt(square) + epsilon;

    /// <summary>(1 - b1^t) (sqrt(v/(1 - b2^t)) + e), in the form that the rule has.</summary>
    private static double[] OfAdam(ScaleByAdam adam, long t, Func<string, double[]> slot)
    {
        double first = 1 - Math.Pow(adam.B1.At(t), t), second = 1 - Math.Pow(adam.B2.At(t), t), epsilon = adam.Epsilon.At(t);
        double[] v = slot(adam.AmsGrad == AmsGradVariant.None ? "v" : "v_max");
        return [.. v.Select(square => (adam.AmsGrad, adam.Form) switch
        {
            (AmsGradVariant.Uncorrected, _) => Math.Sqrt(square) + epsilon,
            (AmsGradVariant.CorrectedMaximum, _) => first * (Math.Sqrt(square) + epsilon),
            (AmsGradVariant.None, AdamVariant.Folded) => first * (Math.Sqrt(square) + epsilon) / Math.Sqrt(second),
            _ => first * (Math.Sqrt(square / second) + epsilon),
        })];
    }

    private StabilityModel With(ScaleByMomentum rule, long update)
    {
        double mu = rule.Mu.At(update);
        return this with
        {
            Momentum = mu,
            Gain = rule.Form == MomentumVariant.Averaged ? 1 - mu : 1 - rule.Dampening.At(update),
            IsNesterov = rule.Nesterov != NesterovVariant.None,
        };
    }
}
