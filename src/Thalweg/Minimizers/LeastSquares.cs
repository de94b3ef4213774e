using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Thalweg.Minimizers;

/// <summary>Damped steps of least squares: from the Jacobian by QR where there is one, else from the Gauss-Newton
/// matrix by Cholesky.</summary>
internal sealed class LeastSquares
{
    /// <summary>Pivot, as a share of its column, below which the Jacobian counts as of lower rank; a share of the largest would
    /// depend on units.</summary>
    private const double LeastPivot = 1e-13;

    private Matrix<double>? _jacobian, _matrix;
    private Vector<double>? _residuals;

    /// <summary>Squares of the columns of the Jacobian: the diagonal of J'J or G.</summary>
    public double[] Diagonal { get; private set; } = [];

    /// <summary>Linearizes the function at a place.</summary>
    /// <exception cref="ThalwegException">The function has neither residuals nor Gauss-Newton products.</exception>
    public void Enter(CurrentPoint current)
    {
        int n = current.Point.Length, m = current.Evaluator.Function.ResidualCount;
        if (m == 0)
        {
            _matrix = DenseCurvature.GaussNewton(current);
            Diagonal = _matrix.Diagonal().ToArray();
            return;
        }

        double[] residuals = new double[m], jacobian = new double[checked(m * n)];
        current.Evaluator.Function.Linearize(current.Point, residuals, jacobian);
        _residuals = Vector<double>.Build.Dense(residuals);
        _jacobian = Matrix<double>.Build.Dense(m, n, (i, j) => jacobian[(i * n) + j]);
        Diagonal = [.. Enumerable.Range(0, n).Select(j => _jacobian.Column(j).DotProduct(_jacobian.Column(j)))];
    }

    /// <summary>Writes the step that minimizes |J s + r|^2 + sum of weight s^2; false where the system has no solution.</summary>
    public bool Solve(double[] gradient, ReadOnlySpan<double> weights, Span<double> step)
    {
        Vector<double>? solution = _jacobian is null ? SolveMatrix(gradient, weights) : SolveJacobian(weights);
        solution?.AsArray().CopyTo(step);
        return solution is not null;
    }

    private Vector<double>? SolveMatrix(double[] gradient, ReadOnlySpan<double> weights)
    {
        Matrix<double> damped = _matrix!.Clone();
        for (int i = 0; i < weights.Length; i++)
            damped[i, i] += weights[i];

        return LinearAlgebra.SymmetricSystem.Factorize(damped)?.Solve(Vector<double>.Build.Dense(gradient)).Negate();
    }

    /// <summary>QR of the Jacobian over the roots of the weights, which keeps the digits that J'J would lose.</summary>
    private Vector<double>? SolveJacobian(ReadOnlySpan<double> weights)
    {
        int m = _jacobian!.RowCount, n = _jacobian.ColumnCount;
        Matrix<double> stacked = Matrix<double>.Build.Dense(m + n, n);
        stacked.SetSubMatrix(0, 0, _jacobian);
        for (int i = 0; i < n; i++)
            stacked[m + i, i] = Math.Sqrt(weights[i]);

        Vector<double> right = Vector<double>.Build.Dense(m + n);
        right.SetSubVector(0, m, -_residuals!);
        QR<double> factors = stacked.QR(QRMethod.Thin);
        for (int i = 0; i < n; i++)
        {
            // Also null where the pivot is not a number.
            if (!(Math.Abs(factors.R[i, i]) > LeastPivot * Math.Sqrt(Diagonal[i] + weights[i])))
                return null;
        }

        return factors.Solve(right);
    }
}
