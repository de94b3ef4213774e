namespace Thalweg.Tuning;

/// <summary>A symmetric positive definite matrix, factored: A = L L^T.</summary>
/// <remarks>Not MathNet's: its factorization starts threads from order 64 on, beside trainings that keep the cores busy. Sums have four totals in a
/// fixed order, so that bits are equal everywhere.</remarks>
internal sealed class PositiveMatrix
{
    private readonly double[][] _rows;

    private PositiveMatrix(double[][] rows) => _rows = rows;

    /// <summary>Factors a matrix.</summary>
    /// <param name="rows">Lower triangle: row i has i + 1 entries. It is overwritten.</param>
    /// <returns>The factored matrix; null where the matrix is not positive definite.</returns>
    public static PositiveMatrix? Factor(double[][] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            double[] row = rows[i];
            for (int j = 0; j < i; j++)
                row[j] = (row[j] - Dot(row, rows[j], j)) / rows[j][j];
            double rest = row[i] - Dot(row, row, i);
            if (!(rest > 0))
                return null;
            row[i] = Math.Sqrt(rest);
        }

        return new(rows);
    }

    /// <summary>Half the logarithm of the determinant.</summary>
    public double HalfLogDeterminant()
    {
        double sum = 0;
        for (int i = 0; i < _rows.Length; i++)
            sum += Math.Log(_rows[i][i]);
        return sum;
    }

    /// <summary>The inverse, as a lower triangle.</summary>
    public double[][] Inverse()
    {
        int size = _rows.Length;

        // Columns of the inverse of L, as rows: columns[j][i - j] is its entry (i, j).
        double[][] columns = new double[size][];
        for (int j = 0; j < size; j++)
        {
            double[] column = columns[j] = new double[size - j];
            column[0] = 1 / _rows[j][j];
            for (int i = j + 1; i < size; i++)
                column[i - j] = -Dot(_rows[i].AsSpan(j, i - j), column.AsSpan(0, i - j)) / _rows[i][i];
        }

        double[][] inverse = new double[size][];
        for (int i = 0; i < size; i++)
        {
            inverse[i] = new double[i + 1];
            for (int j = 0; j <= i; j++)
                inverse[i][j] = Dot(columns[j].AsSpan(i - j), columns[i]);
        }

        return inverse;
    }

    /// <summary>A lower triangle written out as a square.</summary>
    public static double[][] Square(double[][] lower)
    {
        double[][] square = [.. lower.Select(row => new double[lower.Length])];
        for (int i = 0; i < lower.Length; i++)
        {
            for (int j = 0; j <= i; j++)
                square[i][j] = square[j][i] = lower[i][j];
        }

        return square;
    }

    /// <summary>The sum of products, in four totals.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double a = 0, b = 0, c = 0, d = 0;
        right = right[..left.Length];
        int i = 0;
        for (; i + 3 < left.Length; i += 4)
        {
            a += left[i] * right[i];
            b += left[i + 1] * right[i + 1];
            c += left[i + 2] * right[i + 2];
            d += left[i + 3] * right[i + 3];
        }

        for (; i < left.Length; i++)
            a += left[i] * right[i];
        return a + b + (c + d);
    }

    private static double Dot(double[] left, double[] right, int count) => Dot(left.AsSpan(0, count), right.AsSpan(0, count));
}
