namespace Thalweg.Minimizers;

/// <summary>Limited-memory BFGS: the direction -H g, H made of the last steps and changes of the gradient.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithms 7.4 and 7.5; H starts at s'y / y'y, eq. (7.20).
/// Cost: 4 m n multiplications for each iteration; memory: 2 m + 5 vectors of n doubles, m the memory.
/// With <see cref="LineSearch.None"/> or <see cref="LineSearch.StrongWolfe"/> the steps are those of <c>torch.optim.LBFGS</c>.
/// </remarks>
public sealed record Lbfgs : Minimizer
{
    /// <summary>Steps that are remembered, 1 or more; default 10.</summary>
    /// <exception cref="ThalwegException">The number is below 1; give another.</exception>
    public int Memory
    {
        get;
        init => field = value > 0 ? value : throw new ThalwegException($"[lbfgs] expected a memory of 1 or more steps, got {value}; give another number");
    } = 10;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new LbfgsDescent(Memory);
}

/// <summary>The two loops.</summary>
internal sealed class LbfgsDescent(int memory) : IDescent
{
    /// <summary>Curvature s'y up to which a step is not remembered: it would make H indefinite.</summary>
    private const double LeastCurvature = 1e-10;

    private readonly List<Pair> _pairs = [];
    private readonly double[] _alpha = new double[memory];
    private double _scale = 1;

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
        double curvature = VectorMath.Dot(change, step);
        if (!(curvature > LeastCurvature))
        {
            return;
        }

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
    }

    public void Direct(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            direction[i] = -gradient[i];
        }

        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            _alpha[k] = VectorMath.Dot(_pairs[k].Step, direction) * _pairs[k].Inverse;
            VectorMath.Add(-_alpha[k], _pairs[k].Change, direction);
        }

        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] *= _scale;
        }

        for (int k = 0; k < _pairs.Count; k++)
        {
            double beta = VectorMath.Dot(_pairs[k].Change, direction) * _pairs[k].Inverse;
            VectorMath.Add(_alpha[k] - beta, _pairs[k].Step, direction);
        }
    }

    private sealed record Pair(double[] Step, double[] Change, double Inverse);
}
