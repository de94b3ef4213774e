namespace Thalweg.Rules;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations.</summary>
/// <remarks>Source: Golub and Van Loan, Matrix computations (4th ed., 2013), algorithms 8.5.1 and 8.5.3. Slow but accurate and short; matrices here are layers' sides.</remarks>
internal static class SymmetricEigen
{
    private const int MaximumSweeps = 30;

    /// <summary>Decomposes a into vectors diag(values) vectors'.</summary>
    /// <param name="a">The matrix, <c>[n, n]</c>; its diagonal holds the eigenvalues afterwards.</param>
    /// <param name="vectors">The eigenvectors, <c>[n, n]</c>, one in each column.</param>
    /// <param name="n">Its size.</param>
    public static void Decompose(Span<double> a, Span<double> vectors, int n)
    {
        vectors.Clear();
        for (int i = 0; i < n; i++)
            vectors[(i * n) + i] = 1;
        for (int sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            double off = 0, diagonal = 0;
            for (int i = 0; i < n; i++)
            {
                diagonal += a[(i * n) + i] * a[(i * n) + i];
                for (int j = 0; j < i; j++)
                    off += a[(i * n) + j] * a[(i * n) + j];
            }

            if (!(off > 1e-30 * diagonal))
                return;
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, vectors, n, p, q);
            }
        }
    }

    /// <summary>result = a^power for a symmetric positive matrix; eigenvalues count as at least the floor.</summary>
    /// <param name="a">The matrix, <c>[n, n]</c>; overwritten.</param>
    /// <param name="result">Its power, <c>[n, n]</c>.</param>
    /// <param name="vectors">Room for <c>[n, n]</c>.</param>
    /// <param name="exponent">The power and the floor.</param>
    /// <param name="n">Its size.</param>
    public static void Power(Span<double> a, Span<double> result, Span<double> vectors, (double Power, double Floor) exponent, int n)
    {
        Decompose(a, vectors, n);
        for (int i = 0; i < n; i++)
            a[(i * n) + i] = Math.Pow(Math.Max(a[(i * n) + i], exponent.Floor), exponent.Power);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++)
                    sum += vectors[(i * n) + k] * a[(k * n) + k] * vectors[(j * n) + k];
                result[(i * n) + j] = sum;
            }
        }
    }

    private static void Rotate(Span<double> a, Span<double> vectors, int n, int p, int q)
    {
        double off = a[(p * n) + q];
        if (off == 0)
            return;
        double tau = (a[(q * n) + q] - a[(p * n) + p]) / (2 * off);
        double t = (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        double c = 1 / Math.Sqrt(1 + (t * t)), s = t * c;
        for (int k = 0; k < n; k++)
        {
            (double x, double y) = (a[(k * n) + p], a[(k * n) + q]);
            (a[(k * n) + p], a[(k * n) + q]) = ((c * x) - (s * y), (s * x) + (c * y));
        }

        for (int k = 0; k < n; k++)
        {
            (double x, double y) = (a[(p * n) + k], a[(q * n) + k]);
            (a[(p * n) + k], a[(q * n) + k]) = ((c * x) - (s * y), (s * x) + (c * y));
            (x, y) = (vectors[(k * n) + p], vectors[(k * n) + q]);
            (vectors[(k * n) + p], vectors[(k * n) + q]) = ((c * x) - (s * y), (s * x) + (c * y));
        }
    }
}
