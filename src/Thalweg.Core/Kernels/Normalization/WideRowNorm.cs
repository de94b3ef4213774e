using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Normalization of rows whose squares leave the range of the type, one number at a time.</summary>
internal readonly unsafe struct WideRowNorm<T>(RowNormWork<T> work)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Normalizes a row; nothing where a number of it is not finite.</summary>
    public void Normalize(nint row)
    {
        if (!TryMeasure(row, out WideRange<T> moments))
            return;
        T* x = work.X + (row * work.Columns), y = work.Y + (row * work.Columns);
        nint first = work.FirstScale(row), run = work.Run;
        (work.Mean[row], work.Rest[row]) = moments.Mean;
        work.Inverse[row] = T.CreateTruncating(moments.Inverse);
        for (nint i = 0; i < work.Columns; i++)
        {
            double scale = work.Gamma == null ? 1 : double.CreateTruncating(work.Gamma[first + (i / run)]);
            double shift = work.Beta == null ? 0 : double.CreateTruncating(work.Beta[first + (i / run)]);
            y[i] = T.CreateTruncating((scale * moments.Normalize(x[i])) + shift);
        }
    }

    /// <summary>Differentiates a row; false where a number is not finite.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sums">Column sums of the block of the row, which its own are added to, or null.</param>
    public bool TryDifferentiate(nint row, T* sums)
    {
        if (!TryMeasure(row, out WideRange<T> moments))
            return false;
        nint start = row * work.Columns;
        double sum = 0, products = 0;
        for (nint i = 0; i < work.Columns; i++)
        {
            double g = Cotangent(row, i), normalized = moments.Normalize(work.X[start + i]);
            (sum, products) = (sum + g, products + (g * normalized));
            T product = T.CreateTruncating(double.CreateTruncating(work.G[start + i]) * normalized);
            if (work.Products != null)
                work.Products[start + i] = product;
            if (sums != null)
            {
                sums[i] += product;
                sums[work.Columns + i] += work.G[start + i];
            }
        }

        double shift = work.Centered ? sum / work.Columns : 0, slope = products / work.Columns;
        for (nint i = 0; i < work.Columns && work.Y != null; i++)
        {
            double deviation = Cotangent(row, i) - shift - (slope * moments.Normalize(work.X[start + i]));
            T derivative = T.CreateTruncating(deviation * moments.Inverse);
            work.Y[start + i] = work.Before == null ? derivative : work.Before[start + i] + derivative;
        }

        return true;
    }

    private bool TryMeasure(nint row, out WideRange<T> moments)
    {
        NumberRuns<T> x = new(work.X + (row * work.Columns), 1, work.Columns, work.Columns);
        return WideRange<T>.TryMeasure(x, work.Centered, work.Epsilon, out moments);
    }

    /// <summary>Cotangent of a normalized number.</summary>
    private double Cotangent(nint row, nint column)
    {
        double g = double.CreateTruncating(work.G[(row * work.Columns) + column]);
        return work.Gamma == null ? g : g * double.CreateTruncating(work.Gamma[work.FirstScale(row) + (column / work.Run)]);
    }
}
