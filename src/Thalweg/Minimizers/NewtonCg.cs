namespace Thalweg.Minimizers;

/// <summary>Which matrix of second derivatives a method uses.</summary>
public enum CurvatureMatrix
{
    /// <summary>The Hessian; negative curvature ends the inner iteration.</summary>
    Hessian,

    /// <summary>The Gauss-Newton matrix J' H J, never negative: Hessian-free training of networks.</summary>
    GaussNewton,
}

/// <summary>Newton's method whose equations are solved by conjugate gradients, from products alone, and only as far as it pays.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), algorithm 7.1, tolerance min(0.5, sqrt|g|) |g|; with Gauss-Newton
/// products:
/// Martens, "Deep learning via Hessian-free optimization", ICML 2010. Cost: one product for each inner iteration; memory: 20 n doubles.
/// </remarks>
public sealed record NewtonCg : LineMinimizer
{
    /// <summary>Newton-CG with the search of Moré and Thuente.</summary>
    public NewtonCg() => Search = LineSearch.MoreThuente;

    /// <summary>Which products are taken, default <see cref="CurvatureMatrix.Hessian"/>.</summary>
    public CurvatureMatrix Curvature { get; init; }

    /// <summary>Most products of one iteration, 1 or more; default 250, and never more than 20 n.</summary>
    /// <exception cref="ThalwegException">The number is below 1; give another.</exception>
    public int MaximumProducts { get; init => field = AtLeast(1, value); } = 250;

    /// <summary>Term lambda added to the diagonal, 0 or more; default 0.</summary>
    /// <exception cref="ThalwegException">The number is negative or not finite; give another.</exception>
    public double Damping { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Formula =>
        $"({(Curvature == CurvatureMatrix.Hessian ? "H" : "G")}{(Damping > 0 ? " + lambda I" : "")}) d = -g by conjugate gradients to " +
        "|r| <= min(0.5, sqrt|g|) |g|, or to the first direction of negative curvature; w = w + t d";

    /// <inheritdoc/>
    public override string Source => Curvature == CurvatureMatrix.Hessian
        ? "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, algorithm 7.1"
        : "Martens: Deep learning via Hessian-free optimization, 2010, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "many variables with Hessian products; gauss_newton for networks: Hessian-free training on full batches";

    /// <inheritdoc/>
    public override string IterationCost => $"{(Curvature == CurvatureMatrix.Hessian ? "Hessian" : "Gauss-Newton")} products as the " +
        "inner iteration needs, a search: about one evaluation";

    /// <inheritdoc/>
    public override long StateLength(int variables) => (12L + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new NewtonCgDescent(this, length);
}

/// <summary>The inner iteration.</summary>
internal sealed class NewtonCgDescent(NewtonCg settings, int n) : IDescent
{
    private readonly double[] _residual = new double[n], _conjugate = new double[n], _product = new double[n];

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
    }

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        double norm = VectorMath.Norm(current.Gradient), tolerance = Math.Min(0.5, Math.Sqrt(norm)) * norm;
        direction.Clear();
        current.Gradient.CopyTo(_residual, 0);
        VectorMath.Scale(-1, current.Gradient, _conjugate);
        double square = norm * norm;
        int most = (int)Math.Min(settings.MaximumProducts, 20L * n);
        for (int inner = 0; inner < most; inner++)
        {
            Multiply(current);
            double curvature = VectorMath.Dot(_conjugate, _product);
            if (!(curvature > Evaluator.Precision * VectorMath.Dot(_conjugate, _conjugate)))
            {
                // Along each conjugate direction the function falls at first; it is taken as far as its curvature, were it
                // positive, would lead.
                VectorMath.Add(Math.Min(1 / Evaluator.Precision, square / Math.Abs(curvature)), _conjugate, direction);
                return;
            }

            double length = square / curvature;
            VectorMath.Add(length, _conjugate, direction);
            VectorMath.Add(length, _product, _residual);
            double next = VectorMath.Dot(_residual, _residual);
            if (Math.Sqrt(next) <= tolerance)
                return;

            for (int i = 0; i < n; i++)
                _conjugate[i] = (next / square * _conjugate[i]) - _residual[i];

            square = next;
        }
    }

    public double FirstLength(in LineStart start) => 1;

    public bool Restart() => false;

    /// <summary>Each direction follows from its place alone.</summary>
    public void Exchange(RunArchive archive)
    {
    }

    private void Multiply(CurrentPoint current)
    {
        if (settings.Curvature == CurvatureMatrix.Hessian)
            current.Evaluator.MultiplyHessian(current, _conjugate, _product);
        else
            current.Evaluator.MultiplyGaussNewton(current, _conjugate, _product);

        VectorMath.Add(settings.Damping, _conjugate, _product);
    }
}
