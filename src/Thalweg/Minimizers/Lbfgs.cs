namespace Thalweg.Minimizers;

/// <summary>Limited-memory BFGS: the direction -H g, H made of the last steps and changes of the gradient.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithms 7.4 and 7.5; H starts at s'y / y'y, eq. (7.20).
/// Cost: 4 m n multiplications for each iteration; memory: 2 m + 15 vectors of n doubles, m the memory.
/// With <see cref="LineSearch.None"/> or <see cref="LineSearch.StrongWolfe"/> the steps are those of <c>torch.optim.LBFGS</c>.
/// </remarks>
public sealed record Lbfgs : LineMinimizer
{
    /// <summary>L-BFGS with the search of Moré and Thuente.</summary>
    public Lbfgs() => Search = LineSearch.MoreThuente;

    /// <summary>Steps that are remembered, 1 or more; default 10.</summary>
    /// <exception cref="ThalwegException">The number is below 1; give another.</exception>
    public int Memory { get; init => field = AtLeast(1, value); } = 10;

    /// <inheritdoc/>
    public override string Formula =>
        $"d = -H g, H = (I - r s y') H (I - r y s') + r s s' over the last {Memory} steps s and changes y, r = 1/y's, from s'y/y'y I; w " +
        "= w + t d";

    /// <inheritdoc/>
    public override string Source => "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, algorithms 7.4 and 7.5, eq. (7.20)";

    /// <inheritdoc/>
    public override string Use => "smooth functions of any number of variables, full batches: the first to try";

    /// <inheritdoc/>
    public override string IterationCost => $"a search: about one evaluation; {4 * Memory} n multiplications";

    /// <inheritdoc/>
    public override long StateLength(int variables) => ((2L * Memory) + 7 + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new LbfgsDescent(Memory, length);
}

/// <summary>The two loops.</summary>
internal sealed class LbfgsDescent(int memory, int n) : IDescent
{
    private readonly List<Pair> _pairs = [];
    private readonly double[] _alpha = new double[memory];
    private double _scale = 1;
    private bool _isRestarted;

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
        double curvature = VectorMath.Dot(change, step);

        // Also false where it is not a number. A bound that is no multiple of y'y would forget all steps near a minimum.
        if (!(curvature > Evaluator.Precision * VectorMath.Dot(change, change)))
            return;

        if (_pairs.Count == memory)
        {
            Pair oldest = _pairs[0];
            _pairs.RemoveAt(0);
            step.CopyTo(oldest.Step);
            change.CopyTo(oldest.Change);
            _pairs.Add(oldest with { Inverse = 1 / curvature });
        }
        else
        {
            _pairs.Add(new(step.ToArray(), change.ToArray(), 1 / curvature));
        }

        _scale = curvature / VectorMath.Dot(change, change);
        _isRestarted = false;
    }

    public double FirstLength(in LineStart start) => start.IsFirst || _isRestarted ? start.Cautious : 1;

    public bool Restart()
    {
        bool hasPairs = _pairs.Count > 0;
        _pairs.Clear();
        (_scale, _isRestarted) = (1, true);
        return hasPairs;
    }

    /// <summary>Pairs that are still to come count as zeros: what a checkpoint holds has the same shape at any step.</summary>
    public void Exchange(RunArchive archive)
    {
        int count = _pairs.Count;
        archive.Count("pairs", ref count);
        archive.Number("scale", ref _scale);
        archive.Flag("is_restarted", ref _isRestarted);
        Pair[] pairs = [.. Enumerable.Range(0, memory).Select(k => k < _pairs.Count ? _pairs[k] : new(new double[n], new double[n], 0))];
        _pairs.Clear();
        for (int k = 0; k < memory; k++)
        {
            double inverse = pairs[k].Inverse;
            archive.Vector($"pair.{k}.step", pairs[k].Step);
            archive.Vector($"pair.{k}.change", pairs[k].Change);
            archive.Number($"pair.{k}.inverse", ref inverse);
            if (k < count)
                _pairs.Add(pairs[k] with { Inverse = inverse });
        }
    }

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        VectorMath.Scale(-1, current.Gradient, direction);
        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            _alpha[k] = VectorMath.Dot(_pairs[k].Step, direction) * _pairs[k].Inverse;
            VectorMath.Add(-_alpha[k], _pairs[k].Change, direction);
        }

        VectorMath.Scale(_scale, direction, direction);

        for (int k = 0; k < _pairs.Count; k++)
        {
            double beta = VectorMath.Dot(_pairs[k].Change, direction) * _pairs[k].Inverse;
            VectorMath.Add(_alpha[k] - beta, _pairs[k].Step, direction);
        }
    }

    private sealed record Pair(double[] Step, double[] Change, double Inverse);
}
