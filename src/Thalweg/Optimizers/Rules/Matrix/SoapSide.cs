using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>One side of a weight matrix under SOAP: the average of G G' and its basis, both <c>[n, n]</c>; the sum is null where the side
/// is not turned.</summary>
internal readonly unsafe struct SoapSide<T>(T* sum, T* basis, int n)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Smallest part of a unit vector that two projections still bring to full precision.</summary>
    private const double LeastPart = 1e-10;

    /// <summary>Whether the side has a basis.</summary>
    public bool IsTransposed => sum is not null;

    /// <summary>Elements of the sum; 0 where the side is not turned.</summary>
    public int Size => IsTransposed ? n * n : 0;

    /// <summary>The basis, an eigenvector in each column.</summary>
    public Matrix<T> Basis => new(basis, n, n, n, 1);

    /// <summary>The first average, (1-b) G G', and its eigenvectors, those of large eigenvalues first.</summary>
    public void Begin(Matrix<T> gradient, Fusion<T> fusion, double b)
    {
        if (!IsTransposed)
            return;

        int size = n * n;
        fixed (T* product = fusion.Scratch<T>(size))
            Add(gradient, product, b);
        Span<double> work = fusion.Scratch<double>((2 * size) + (2 * n));
        Span<double> matrix = work[..size], vectors = work.Slice(size, size), values = work.Slice(2 * size, n),
            places = work[((2 * size) + n)..];
        for (int i = 0; i < size; i++)
            matrix[i] = double.CreateTruncating(sum[i]);
        SymmetricEigen.Decompose(matrix, vectors, n);
        for (int j = 0; j < n; j++)
            (values[j], places[j]) = (-matrix[(j * n) + j], j);
        values.Sort(places);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                basis[(i * n) + j] = T.CreateTruncating(vectors[(i * n) + (int)places[j]]);
        }
    }

    /// <summary>sum = b sum + (1-b) G G'.</summary>
    /// <param name="gradient">G, <c>[n, m]</c>.</param>
    /// <param name="product">Room for <c>[n, n]</c>.</param>
    /// <param name="b">Share that is kept.</param>
    public void Add(Matrix<T> gradient, T* product, double b)
    {
        if (!IsTransposed)
            return;

        MatMul.Multiply(gradient, gradient.Transposed, product, n, default);
        T keep = T.CreateTruncating(b), rest = T.CreateTruncating(1 - b);
        for (int i = 0; i < n * n; i++)
            sum[i] = (keep * sum[i]) + (rest * product[i]);
    }

    /// <summary>One step of orthogonal iteration, Q = QR(L Q), after columns were sorted by their eigenvalues; the second moment
    /// is sorted along.</summary>
    /// <param name="fusion">Gives room.</param>
    /// <param name="second">Second moment of the parameter.</param>
    /// <param name="step">Elements of it from one index of this side to the next.</param>
    /// <param name="otherStep">Elements from one index of the other side to the next.</param>
    /// <param name="others">Length of the other side.</param>
    public void Rotate(Fusion<T> fusion, T* second, int step, int otherStep, int others)
    {
        if (!IsTransposed)
            return;

        int size = n * n;
        Span<double> work = fusion.Scratch<double>((2 * size) + (3 * n));
        Span<double> rows = work[..size], product = work.Slice(size, size), values = work.Slice(2 * size, n),
            places = work.Slice((2 * size) + n, n), line = work[((2 * size) + (2 * n))..];
        Multiply(rows, product);
        for (int j = 0; j < n; j++)
        {
            double value = 0;
            for (int i = 0; i < n; i++)
                value += rows[(j * n) + i] * product[(j * n) + i];
            (values[j], places[j]) = (-value, j);
        }

        values.Sort(places);
        for (int j = 0; j < n; j++)
            product.Slice((int)places[j] * n, n).CopyTo(rows[(j * n)..]);
        Orthonormalize(rows);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
                basis[(i * n) + j] = T.CreateTruncating(rows[(j * n) + i]);
        }

        for (nint other = 0; other < others; other++)
        {
            for (int j = 0; j < n; j++)
                line[j] = double.CreateTruncating(second[(other * otherStep) + ((nint)places[j] * step)]);
            for (int j = 0; j < n; j++)
                second[(other * otherStep) + ((nint)j * step)] = T.CreateTruncating(line[j]);
        }
    }

    /// <summary>The columns of the basis as rows, and those of the sum times the basis.</summary>
    private void Multiply(Span<double> rows, Span<double> product)
    {
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
                rows[(j * n) + i] = double.CreateTruncating(basis[(i * n) + j]);
        }

        for (int j = 0; j < n; j++)
        {
            Span<double> target = product.Slice(j * n, n);
            target.Clear();
            for (int k = 0; k < n; k++)
            {
                double factor = rows[(j * n) + k];
                for (int i = 0; i < n; i++)
                    target[i] += factor * double.CreateTruncating(sum[(k * n) + i]);
            }
        }
    }

    /// <summary>Gram-Schmidt on rows; one that lies among those before it gives way to the first axis that does not.</summary>
    private void Orthonormalize(Span<double> rows)
    {
        for (int j = 0; j < n; j++)
        {
            Span<double> row = rows.Slice(j * n, n);
            double left = Normalize(row) > 0 ? Project(rows, j) : 0;
            for (int axis = 0; left < LeastPart && axis < n; axis++)
            {
                row.Clear();
                row[axis] = 1;
                left = Project(rows, j);
            }
        }
    }

    /// <summary>Takes from row j what lies along the rows before it, twice, which is enough for full precision; gives the length
    /// left at first.</summary>
    private double Project(Span<double> rows, int j)
    {
        Span<double> row = rows.Slice(j * n, n);
        double left = 1;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int k = 0; k < j; k++)
            {
                Span<double> other = rows.Slice(k * n, n);
                double along = 0;
                for (int i = 0; i < n; i++)
                    along += other[i] * row[i];
                for (int i = 0; i < n; i++)
                    row[i] -= along * other[i];
            }

            double norm = Normalize(row);
            left = pass == 0 ? norm : left;
        }

        return left;
    }

    private static double Normalize(Span<double> row)
    {
        double squares = 0;
        foreach (double x in row)
            squares += x * x;
        double norm = Math.Sqrt(squares);
        for (int i = 0; i < row.Length && norm > 0; i++)
            row[i] /= norm;
        return norm;
    }
}
