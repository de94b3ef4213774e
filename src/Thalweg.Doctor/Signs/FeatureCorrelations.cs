using Thalweg.Data;

namespace Thalweg.Diagnosis;

/// <summary>Correlations between the features of a table.</summary>
internal static class FeatureCorrelations
{
    private const int MostFeatures = 64, MostRows = 2000, Sweeps = 30;

    /// <summary>Largest over smallest eigenvalue of the correlation matrix; NaN where features are no table of 2 to 64 columns.</summary>
    /// <param name="data">The samples; null for none.</param>
    public static double Condition(Dataset? data)
    {
        if (data is not { Inputs.Count: 1, HasLengths: false } || data.FeatureShape.Count != 1 || data.FeatureWidth is < 2 or > MostFeatures || data.Count < 3)
            return double.NaN;
        int width = data.FeatureWidth, rows = Math.Min(MostRows, data.Count);
        double[] values = new double[rows * width];
        data.Gather<double>([.. Enumerable.Range(0, rows)], values);
        double[] eigenvalues = Eigenvalues(Correlations(values, rows, width));
        return eigenvalues.Length < 2 ? double.NaN : eigenvalues.Max() / Math.Max(eigenvalues.Min(), 1e-9);
    }

    /// <summary>Correlations of the columns that vary.</summary>
    private static double[,] Correlations(double[] values, int rows, int width)
    {
        List<double[]> columns = [];
        for (int j = 0; j < width; j++)
        {
            double[] column = [.. Enumerable.Range(0, rows).Select(row => values[(row * width) + j])];
            double mean = column.Average(), deviation = Math.Sqrt(column.Average(value => (value - mean) * (value - mean)));
            if (deviation > 1e-9)
                columns.Add([.. column.Select(value => (value - mean) / deviation)]);
        }

        double[,] matrix = new double[columns.Count, columns.Count];
        for (int i = 0; i < columns.Count; i++)
        {
            for (int j = 0; j < columns.Count; j++)
                matrix[i, j] = columns[i].Zip(columns[j], (a, b) => a * b).Sum() / rows;
        }

        return matrix;
    }

    /// <summary>Eigenvalues of a symmetric matrix by Jacobi's rotations. Source: Golub, Van Loan, Matrix computations, 2013, section 8.5.</summary>
    private static double[] Eigenvalues(double[,] a)
    {
        int n = a.GetLength(0);
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, n, p, q);
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, i])];
    }

    private static void Rotate(double[,] a, int n, int p, int q)
    {
        if (Math.Abs(a[p, q]) < 1e-14)
            return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)), c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
    }
}
