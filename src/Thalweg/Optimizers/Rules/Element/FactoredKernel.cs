using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>What the elements of one parameter are multiplied by: a factor of the row times one of the column; for
/// a vector, scale/sqrt(v).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FactoredLayout<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>First element in the flat vector.</summary>
    public nint Offset;

    /// <summary>Columns of a matrix; 0 for a vector.</summary>
    public uint Width;

    /// <summary>2^64 over the columns, rounded up: the upper half of its product with a place of 32 bits is the row,
    /// without a division.</summary>
    /// <remarks>Source: Lemire, Kaser, Kurz: Faster remainder by direct computation, 2019, theorem 1.</remarks>
    public ulong Reciprocal;

    /// <summary>Factors of the rows; for a vector its scale alone.</summary>
    public T* Rows;

    /// <summary>Factors of the columns; for a vector its second moment v.</summary>
    public T* Columns;
}

/// <summary>u -> u times the factors of its row and column.</summary>
internal readonly unsafe struct FactoredKernel<T>(FactoredLayout<T>* places) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of the widest vector of floats.</summary>
    private const int MostElements = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        FactoredLayout<T>* place = places + at.Segment;
        nint k = at.Index - place->Offset;
        if (place->Width == 0)
            return V.Splat(*place->Rows) * update / V.Sqrt(V.Load(place->Columns + k));
        uint row = (uint)Math.BigMul(place->Reciprocal, (ulong)k, out _), column = (uint)k - (row * place->Width);
        // The column's factor first: it brings the gradient near 1, where the product of both factors alone may overflow.
        return column + (uint)V.Count <= place->Width
            ? update * V.Load(place->Columns + column) * V.Splat(place->Rows[row])
            : Across(update, place, row, column);
    }

    /// <summary>The product of a vector that continues in the next row, or in several.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Across<V>(V update, FactoredLayout<T>* place, uint row, uint column)
        where V : unmanaged, ISimdVector<V, T>
    {
        T* rows = stackalloc T[2 * MostElements], columns = rows + MostElements;
        for (int i = 0; i < V.Count; i++)
        {
            (rows[i], columns[i]) = (place->Rows[row], place->Columns[column]);
            if (++column == place->Width)
                (row, column) = (row + 1, 0);
        }

        return update * V.Load(columns) * V.Load(rows);
    }
}
