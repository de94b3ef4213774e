namespace Thalweg.Rules;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix, by Householder reduction to three diagonals and
/// implicit QL steps.</summary>
/// <remarks>
/// Source: Martin, Reinsch and Wilkinson, Householder's tridiagonalization of a symmetric matrix (1968), procedure tred2; Bowdler, Martin,
/// Reinsch and Wilkinson, The QR and QL algorithms for symmetric matrices (1968), procedure tql2. The vectors are kept as rows until the
/// end, so that the inner loops run through neighbors. About 9 n^3 multiplications, where cyclic Jacobi rotations take several times as
/// many along columns.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MostIterations = 60;
    private const double Precision = 2.220446049250313e-16;

    /// <summary>Decomposes a into vectors diag(values) vectors'.</summary>
    /// <param name="a">The matrix, <c>[n, n]</c>; its diagonal holds the eigenvalues afterwards, the rest nothing.</param>
    /// <param name="vectors">The eigenvectors, <c>[n, n]</c>, one in each column.</param>
    /// <param name="n">Its size.</param>
    public static void Decompose(Span<double> a, Span<double> vectors, int n)
    {
        if (n == 1)
        {
            vectors[0] = 1;
            return;
        }

        a[..(n * n)].CopyTo(vectors);
        Span<double> d = a[..n], e = a.Slice(n, n);
        Reduce(vectors, d, e, n);
        Accumulate(vectors, d, e, n);
        Diagonalize(vectors, d, e, n);
        Transpose(vectors, n);

        // From the end: the places of later eigenvalues lie behind all that is still to be read.
        for (int i = n - 1; i > 0; i--)
            a[(i * n) + i] = d[i];
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
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++)
                    sum += vectors[(i * n) + k] * a[(k * n) + k] * vectors[(j * n) + k];
                result[(i * n) + j] = result[(j * n) + i] = sum;
            }
        }
    }

    /// <summary>Reflects rows and columns away until three diagonals are left: d, and e beside it from element 1.</summary>
    private static void Reduce(Span<double> v, Span<double> d, Span<double> e, int n)
    {
        for (int j = 0; j < n; j++)
            d[j] = v[(j * n) + n - 1];
        for (int i = n - 1; i > 0; i--)
        {
            double scale = 0, h = 0;
            for (int k = 0; k < i; k++)
                scale += Math.Abs(d[k]);
            if (scale == 0)
            {
                e[i] = d[i - 1];
                for (int j = 0; j < i; j++)
                {
                    d[j] = v[(j * n) + i - 1];
                    v[(j * n) + i] = v[(i * n) + j] = 0;
                }
            }
            else
            {
                for (int k = 0; k < i; k++)
                {
                    d[k] /= scale;
                    h += d[k] * d[k];
                }

                double f = d[i - 1], g = f > 0 ? -Math.Sqrt(h) : Math.Sqrt(h);
                e[i] = scale * g;
                h -= f * g;
                d[i - 1] = f - g;
                Reflect(v, d, e, (n, i), h);
            }

            d[i] = h;
        }
    }

    /// <summary>Applies one reflection from both sides to the part before row i.</summary>
    private static void Reflect(Span<double> v, Span<double> d, Span<double> e, (int N, int I) size, double h)
    {
        (int n, int i) = size;
        e[..i].Clear();
        for (int j = 0; j < i; j++)
        {
            Span<double> row = v.Slice(j * n, i);
            double f = d[j], g = e[j] + (row[j] * f);
            v[(i * n) + j] = f;
            for (int k = j + 1; k < i; k++)
            {
                g += row[k] * d[k];
                e[k] += row[k] * f;
            }

            e[j] = g;
        }

        double sum = 0;
        for (int j = 0; j < i; j++)
        {
            e[j] /= h;
            sum += e[j] * d[j];
        }

        double half = sum / (h + h);
        for (int j = 0; j < i; j++)
            e[j] -= half * d[j];
        for (int j = 0; j < i; j++)
        {
            Span<double> row = v.Slice(j * n, i);
            double f = d[j], g = e[j];
            for (int k = j; k < i; k++)
                row[k] -= (f * e[k]) + (g * d[k]);
            d[j] = row[i - 1];
            v[(j * n) + i] = 0;
        }
    }

    /// <summary>Multiplies the reflections together; row j becomes vector j of the reduction.</summary>
    private static void Accumulate(Span<double> v, Span<double> d, Span<double> e, int n)
    {
        for (int i = 0; i < n - 1; i++)
        {
            v[(i * n) + n - 1] = v[(i * n) + i];
            v[(i * n) + i] = 1;
            double h = d[i + 1];
            Span<double> next = v.Slice((i + 1) * n, i + 1);
            if (h != 0)
            {
                for (int k = 0; k <= i; k++)
                    d[k] = next[k] / h;
                for (int j = 0; j <= i; j++)
                {
                    Span<double> row = v.Slice(j * n, i + 1);
                    double g = 0;
                    for (int k = 0; k <= i; k++)
                        g += next[k] * row[k];
                    for (int k = 0; k <= i; k++)
                        row[k] -= g * d[k];
                }
            }

            next.Clear();
        }

        for (int j = 0; j < n; j++)
        {
            d[j] = v[(j * n) + n - 1];
            v[(j * n) + n - 1] = 0;
        }

        v[(n * n) - 1] = 1;
        e[0] = 0;
    }

    /// <summary>Turns the three diagonals into one.</summary>
    private static void Diagonalize(Span<double> v, Span<double> d, Span<double> e, int n)
    {
        e[1..].CopyTo(e);
        e[n - 1] = 0;
        double shift = 0, size = 0;
        for (int first = 0; first < n; first++)
        {
            size = Math.Max(size, Math.Abs(d[first]) + Math.Abs(e[first]));
            int last = first;
            while (last < n - 1 && !(Math.Abs(e[last]) <= Precision * size))
                last++;
            for (int i = 0; last > first && i < MostIterations && (i == 0 || Math.Abs(e[first]) > Precision * size); i++)
                shift += StepQl(v, d, e, (n, first, last));
            d[first] += shift;
            e[first] = 0;
        }
    }

    /// <summary>One implicit QL step on rows first to last; returns its shift.</summary>
    private static double StepQl(Span<double> v, Span<double> d, Span<double> e, (int N, int First, int Last) range)
    {
        (int n, int first, int last) = range;
        double g = d[first], p = (d[first + 1] - g) / (2 * e[first]), r = double.Hypot(p, 1);
        r = p < 0 ? -r : r;
        d[first] = e[first] / (p + r);
        d[first + 1] = e[first] * (p + r);
        double next = d[first + 1], shift = g - d[first];
        for (int i = first + 2; i < n; i++)
            d[i] -= shift;
        double c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0, beside = e[first + 1];
        p = d[last];
        for (int i = last - 1; i >= first; i--)
        {
            (c3, c2, s2) = (c2, c, s);
            g = c * e[i];
            double h = c * p;
            r = double.Hypot(p, e[i]);
            e[i + 1] = s * r;
            s = e[i] / r;
            c = p / r;
            p = (c * d[i]) - (s * g);
            d[i + 1] = h + (s * ((c * g) + (s * d[i])));
            Span<double> upper = v.Slice(i * n, n), lower = v.Slice((i + 1) * n, n);
            for (int k = 0; k < upper.Length; k++)
            {
                double x = upper[k], y = lower[k];
                lower[k] = (s * x) + (c * y);
                upper[k] = (c * x) - (s * y);
            }
        }

        p = -s * s2 * c3 * beside * e[first] / next;
        e[first] = s * p;
        d[first] = c * p;
        return shift;
    }

    private static void Transpose(Span<double> v, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                (v[(i * n) + j], v[(j * n) + i]) = (v[(j * n) + i], v[(i * n) + j]);
        }
    }
}
