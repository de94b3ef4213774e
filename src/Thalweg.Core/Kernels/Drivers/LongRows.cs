using System.Numerics;

namespace Thalweg.Kernels;

/// <summary>Softmax of rows of any length through the drivers.</summary>
/// <remarks>
/// Infinite logits have the limits of finite ones: where the largest is ∞, those that are share everything; a row whose logits are all
/// -∞ (all of it is masked) has weights of 0 and the total 1, so that the logarithm of its sum is that of its largest logit, -∞.
/// </remarks>
internal static unsafe class LongRows
{
    /// <summary>As <see cref="ShortRows.Softmax"/>, with the largest of each row where asked for; probabilities may be
    /// written over shifted.</summary>
    /// <param name="rows">The rows; <see cref="SoftmaxRows{T}.Columns"/> may be any number above 0.</param>
    /// <param name="divide">Whether to divide by the totals.</param>
    /// <param name="largest">Takes the largest logit of each row; may be null.</param>
    public static void Softmax<T>(in SoftmaxRows<T> rows, bool divide = true, T* largest = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* max = largest == null ? rows.Totals : largest;
        Reduce.MaxRows(rows.X, rows.Count, rows.Columns, max);
        Zip.RunRows(new Subtract<T>(), rows.X, max, rows.Shifted, rows.Count, rows.Columns, Broadcast.ColumnVector);
        for (nint r = 0; r < rows.Count; r++)
        {
            if (T.IsInfinity(max[r]))
                ShiftInfinite(rows.X + (r * rows.Columns), rows.Shifted + (r * rows.Columns), rows.Columns);
        }

        Map.Run(new Exp<T>(), rows.Shifted, rows.Probabilities, rows.Count * rows.Columns);
        Reduce.SumRows(rows.Probabilities, rows.Count, rows.Columns, rows.Totals, accumulate: false);
        for (nint r = 0; r < rows.Count; r++)
            rows.Totals[r] = Total(rows.Totals[r]);
        if (!divide)
            return;
        T* p = rows.Probabilities;
        Zip.RunRows(new Divide<T>(), p, rows.Totals, p, rows.Count, rows.Columns, Broadcast.ColumnVector);
    }

    /// <summary>The distances from an infinite largest logit: 0 where one is ∞ itself, else -∞.</summary>
    public static void ShiftInfinite<T>(T* x, T* shifted, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < columns; c++)
            shifted[c] = T.IsPositiveInfinity(x[c]) ? T.Zero : T.NegativeInfinity;
    }

    /// <summary>The sum of e^shifted of a row, 1 where all of it is masked.</summary>
    public static T Total<T>(T sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => sum == T.Zero ? T.One : sum;
}
