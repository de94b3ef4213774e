using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Diagnostics;

/// <summary>Lanczos' iteration with full re-orthogonalization, twice: eigenvalues of a symmetric matrix from products with
/// vectors.</summary>
/// <remarks>Source: Golub, Van Loan: Matrix computations, 4th edition, 2013, section 10.3.5. Without re-orthogonalization converged
/// eigenvalues come back as copies.</remarks>
internal sealed class Lanczos : IDisposable
{
    /// <summary>A remainder below this share of the product is rounding: the space is exhausted.</summary>
    private const double Exhausted = 1e-12;

    /// <summary>A pass that leaves less than this share has cancelled digits, and is made again (Daniel, Gragg, Kaufman, Stewart, 1976: twice
    /// is enough).</summary>
    private const double Cancelled = 0.5;

    private readonly Func<double[], double[]> _multiply;
    private readonly List<double[]> _basis = [];
    private readonly List<double> _diagonal = [], _beside = [];
    private readonly VectorPool _vectors;
    private double[]? _next;

    /// <param name="multiply">Multiplies a vector with the matrix; what it returns belongs to the iteration.</param>
    /// <param name="start">The first vector, not 0; of any length.</param>
    /// <param name="vectors">Takes vectors back at the end; default none.</param>
    public Lanczos(Func<double[], double[]> multiply, double[] start, VectorPool? vectors = null)
    {
        (_multiply, _vectors) = (multiply, vectors ?? new VectorPool(start.Length));
        double norm = Math.Sqrt(FlatMath.Dot(start, start));
        if (norm > 0)
            FlatMath.Scale(1 / norm, start, _next = _vectors.Rent());
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
        double beta = Orthogonalize(product, size, alpha);
        bool isExhausted = beta <= Exhausted * size || size == 0;
        _next = isExhausted ? null : product;
        if (!isExhausted)
            FlatMath.Scale(1 / beta, product, product);
        else
            _vectors.Return(product);

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

    /// <summary>Gives the vectors back; results in numbers stay.</summary>
    public void Dispose()
    {
        foreach (double[] vector in _basis)
            _vectors.Return(vector);

        if (_next is not null)
            _vectors.Return(_next);

        _basis.Clear();
        _next = null;
    }

    /// <summary>Takes the directions of the basis out of a product, and gives the length that is left.</summary>
    private double Orthogonalize(double[] product, double size, double alpha)
    {
        // The two that exact arithmetic leaves come first: what they take away is no loss of digits in the others.
        FlatMath.AddScaled(product, -alpha, _basis[^1]);
        if (_basis.Count > 1)
            FlatMath.AddScaled(product, -FlatMath.Dot(product, _basis[^2]), _basis[^2]);

        double before = Math.Sqrt(FlatMath.Dot(product, product));
        for (int pass = 0; pass < 2 && before > Exhausted * size; pass++)
        {
            foreach (double[] known in _basis)
                FlatMath.AddScaled(product, -FlatMath.Dot(product, known), known);

            double after = Math.Sqrt(FlatMath.Dot(product, product));
            if (after > Cancelled * before)
                return after;

            before = after;
        }

        return before;
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
