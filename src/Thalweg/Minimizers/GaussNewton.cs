namespace Thalweg.Minimizers;

/// <summary>Gauss-Newton: the step that solves the linearized least squares, with a search along it.</summary>
/// <remarks>
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed., 2006), section 10.3, eq. (10.23) and (10.26). It needs residuals, or a
/// loss of outputs.
/// Where the Jacobian has lower rank a small multiple of the identity is added. Cost: one QR, 2 (m + n) n^2 multiplications, or n
/// Gauss-Newton products and n^3 / 3 for each iteration; memory: 3 (m + n) n + 15 n doubles, m residuals.
/// </remarks>
public sealed record GaussNewton : LineMinimizer
{
    /// <summary>Gauss-Newton with the search of Moré and Thuente.</summary>
    public GaussNewton() => Search = LineSearch.MoreThuente;

    /// <inheritdoc/>
    public override string Formula => "J'J d = -J'r by QR of J, or G d = -g with G = J'HJ; w = w + t d";

    /// <inheritdoc/>
    public override string Source => "Nocedal, Wright: Numerical Optimization, 2nd ed., 2006, eq. (10.23) and (10.26)";

    /// <inheritdoc/>
    public override string Use => "least squares with small residuals and a Jacobian of full rank, near the solution";

    /// <inheritdoc/>
    public override string IterationCost => "a QR of J, 2 (m + n) n^2 multiplications and 3 m n doubles more for m residuals, or n " +
        "products with G; a search: about one evaluation";

    /// <inheritdoc/>
    public override long StateLength(int variables) => ((3L * variables) + 7 + (2 * SearchPoints)) * variables;

    /// <inheritdoc/>
    internal override IDescent Descent(int length) => new GaussNewtonDescent(length);
}

/// <summary>Solves for the Gauss-Newton step.</summary>
internal sealed class GaussNewtonDescent(int n) : IDescent
{
    /// <summary>First weight where the rank is lower, as a share of the largest squared column; ten times more until it suffices.</summary>
    private const double FirstWeight = 1e-10;

    private readonly LeastSquares _system = new();
    private readonly double[] _weights = new double[n];

    public void Learn(ReadOnlySpan<double> step, ReadOnlySpan<double> change)
    {
    }

    public void Direct(CurrentPoint current, Span<double> direction)
    {
        _system.Enter(current);
        double most = _system.Diagonal.Max();
        Array.Clear(_weights);
        for (double share = FirstWeight; !_system.Solve(current.Gradient, _weights, direction); share *= 10)
        {
            if (!double.IsFinite(most) || share > 1)
            {
                // No slope follows from it, which ends the run with its reason.
                direction.Fill(double.NaN);
                return;
            }

            Array.Fill(_weights, share * Math.Max(most, double.Epsilon / FirstWeight));
        }
    }

    public double FirstLength(in LineStart start) => 1;

    public bool Restart() => false;

    /// <summary>Each direction follows from its place alone.</summary>
    public void Exchange(RunArchive archive)
    {
    }
}
