namespace Thalweg.Minimizers;

/// <summary>BFGS: the direction -H g with a dense approximation H of the inverse Hessian.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 6.1, eq. (6.17); H starts at s'y / y'y, eq. (6.20).
/// Cost: 3 n^2 multiplications for each iteration; memory: n^2 + 15 n doubles.
/// </remarks>
public sealed record Bfgs : LineMinimizer
{
    /// <summary>BFGS with the search of Moré and Thuente.</summary>
    public Bfgs() => Search = LineSearch.MoreThuente;

    /// <inheritdoc/>
    public override string Formula => "d = -H g, H = (I - r s y') H (I - r y s') + r s s', r = 1/y's, from s'y/y'y I; w = w + t d";

    /// <inheritdoc/>
    public override string Source => "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, algorithm 6.1, eq. (6.17) and (6.20)";

    /// <inheritdoc/>
    public override string Use => "up to a few thousand variables whose Hessian is not at hand: few evaluations, hardly anything to choose";

    /// <inheritdoc/>
    public override string IterationCost => "a search: about one evaluation; 3 n^2 multiplications";

    /// <inheritdoc/>
    public override long StateLength(int variables) => ((long)variables + 7 + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new BfgsDescent(length);
}

/// <summary>The update of the inverse.</summary>
internal sealed class BfgsDescent(int n) : IDescent
{
    private readonly double[] _inverse = new double[checked(n * n)], _image = new double[n];
    private bool _hasLearned;

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
        double curvature = VectorMath.Dot(step, change);

        // Also false where it is not a number: a step without positive curvature would make H indefinite.
        if (!(curvature > Evaluator.Precision * VectorMath.Norm(step) * VectorMath.Norm(change)))
            return;

        if (!_hasLearned)
        {
            Reset(curvature / VectorMath.Dot(change, change));
            _hasLearned = true;
        }

        Multiply(change, _image);
        double both = (1 + (VectorMath.Dot(change, _image) / curvature)) / curvature;
        for (int i = 0; i < n; i++)
        {
            Span<double> row = Row(i);
            VectorMath.Add((both * step[i]) - (_image[i] / curvature), step, row);
            VectorMath.Add(-step[i] / curvature, _image, row);
        }
    }

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        if (!_hasLearned)
        {
            VectorMath.Scale(-1, current.Gradient, direction);
            return;
        }

        Multiply(current.Gradient, direction);
        VectorMath.Scale(-1, direction, direction);
    }

    public double FirstLength(in LineStart start) => _hasLearned ? 1 : start.Cautious;

    public bool Restart()
    {
        bool hadLearned = _hasLearned;
        _hasLearned = false;
        return hadLearned;
    }

    public void Exchange(RunArchive archive)
    {
        archive.Vector("inverse_hessian", _inverse);
        archive.Flag("has_learned", ref _hasLearned);
    }

    private Span<double> Row(int i) => _inverse.AsSpan(i * n, n);

    private void Reset(double scale)
    {
        Array.Clear(_inverse);
        for (int i = 0; i < n; i++)
            _inverse[(i * n) + i] = scale;
    }

    private void Multiply(ReadOnlySpan<double> vector, Span<double> product)
    {
        for (int i = 0; i < n; i++)
            product[i] = VectorMath.Dot(Row(i), vector);
    }
}
