using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Diagnostics;

/// <summary>Lanczos' iteration with full re-orthogonalization, twice: eigenvalues of a symmetric matrix from products with
/// vectors.</summary>
/// <remarks>Source: Golub, Van Loan: Matrix computations, 4th edition, 2013, section 10.3.5. Without re-orthogonalization converged
/// eigenvalues come back as copies.</remarks>
internal sealed class Lanczos
{
    /// <summary>A remainder below this share of the product is rounding: the space is exhausted.</summary>
    private const double Exhausted = 1e-12;

    private readonly Func<double[], double[]> _multiply;
    private readonly List<double[]> _basis = [];
    private readonly List<double> _diagonal = [], _beside = [];
    private double[]? _next;

    /// <param name="multiply">Multiplies a vector with the matrix.</param>
    /// <param name="start">The first vector, not 0; of any length.</param>
    public Lanczos(Func<double[], double[]> multiply, double[] start)
    {
        _multiply = multiply;
        double norm = Math.Sqrt(FlatMath.Dot(start, start));
        _next = norm > 0 ? [.. start.Select(value => value / norm)] : null;
    }

    /// <summary>Steps made.</summary>
    public int Steps => _diagonal.Count;

    /// <summary>Eigenvalues of the tridiagonal matrix, ascending.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>Weights of the eigenvalues in the first vector: squares of the first elements of the small eigenvectors.</summary>
    public double[] Weights { get; private set; } = [];

    /// <summary>Residuals |A v - value v| of the eigenvectors.</summary>
    public double[] Residuals { get; private set; } = [];

    private Matrix<double>? Vectors { get; set; }

    /// <summary>Makes one step; false where the space is exhausted, so that all eigenvalues in it are exact.</summary>
    public bool Step()
    {
        if (_next is not { } q)
            return false;

        _basis.Add(q);
        double[] product = _multiply(q);
        double size = Math.Sqrt(FlatMath.Dot(product, product));
        double alpha = FlatMath.Dot(product, q);
        _diagonal.Add(alpha);
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] known in _basis)
                FlatMath.AddScaled(product, -FlatMath.Dot(product, known), known);
        }

        double beta = Math.Sqrt(FlatMath.Dot(product, product));
        bool isExhausted = beta <= Exhausted * size || size == 0;
        _next = isExhausted ? null : product;
        for (int i = 0; !isExhausted && i < product.Length; i++)
            product[i] /= beta;

        _beside.Add(isExhausted ? 0 : beta);
        Solve();
        return _next is not null;
    }

    /// <summary>An eigenvector of the large matrix, of length 1.</summary>
    /// <param name="index">Which one, in the order of <see cref="Values"/>.</param>
    public double[] VectorOf(int index)
    {
        double[] vector = new double[_basis[0].Length];
        for (int step = 0; step < Steps; step++)
            FlatMath.AddScaled(vector, Vectors![step, index], _basis[step]);

        return vector;
    }

    private void Solve()
    {
        int k = Steps;
        Matrix<double> small = Matrix<double>.Build.Dense(k, k);
        for (int i = 0; i < k; i++)
        {
            small[i, i] = _diagonal[i];
            if (i + 1 < k)
                small[i, i + 1] = small[i + 1, i] = _beside[i];
        }

        var eigen = small.Evd(Symmetricity.Symmetric);
        Values = [.. eigen.EigenValues.Select(value => value.Real)];
        Vectors = eigen.EigenVectors;
        Weights = [.. Enumerable.Range(0, k).Select(i => Vectors[0, i] * Vectors[0, i])];
        Residuals = [.. Enumerable.Range(0, k).Select(i => Math.Abs(_beside[k - 1] * Vectors[k - 1, i]))];
    }
}
