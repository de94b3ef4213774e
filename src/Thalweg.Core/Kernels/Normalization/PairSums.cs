using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>What two sums over the elements of some rows add at each element.</summary>
internal unsafe interface IPairStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds the elements at index i of the row.</summary>
    void Step<V>(ref V first, ref V second, nint i)
        where V : unmanaged, ISimdVector<V, T>;
}

/// <summary>Two sums in one visit, in an order that the lengths of the rows alone decide.</summary>
/// <remarks>
/// Element i of a row goes to total i mod 64 of each sum, whatever the vector width. After at most 4,096 elements, or one row, the totals
/// are added to those
/// of all that came before, and a fixed binary tree combines them at the end: the rounding error stays that of sums of some hundred
/// numbers.
/// </remarks>
internal static unsafe class PairSums
{
    /// <summary>Totals of one sum.</summary>
    public const int Partials = 64;

    /// <summary>Numbers of memory that the sums need: the totals of both, of the elements since the last addition and of all.</summary>
    public const int Length = 4 * Partials;

    private const int Block = 4096;

    /// <summary>Adds the elements from <paramref name="start"/> to <paramref name="end"/> of a row to totals <c>[2, 64]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<V, T, TStep>(TStep step, nint start, nint end, T* totals)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TStep : unmanaged, IPairStep<T>
    {
        nint whole = end - ((end - start) % Partials);
        for (int at = 0; at < Partials && whole > start; at += 2 * V.Count)
        {
            T* a = totals + at, b = a + Partials;
            V a0 = V.Load(a), a1 = V.Load(a + V.Count), b0 = V.Load(b), b1 = V.Load(b + V.Count);
            for (nint i = start + at; i < whole; i += Partials)
            {
                step.Step(ref a0, ref b0, i);
                step.Step(ref a1, ref b1, i + V.Count);
            }

            V.Store(a0, a);
            V.Store(a1, a + V.Count);
            V.Store(b0, b);
            V.Store(b1, b + V.Count);
        }

        nint rest = whole;
        for (; rest <= end - V.Count; rest += V.Count)
            AddOne<V, T, TStep>(step, rest, totals + (rest - whole));
        for (; rest < end; rest++)
            AddOne<SimdVector1<T>, T, TStep>(step, rest, totals + (rest - whole));
    }

    /// <summary>End of the block of a row that starts at an element.</summary>
    public static nint EndOfBlock(nint start, nint length) => nint.Min(length, start + Block);

    /// <summary>
    /// Whether the totals must be added to those of all before <paramref name="more"/> elements come on top of <paramref name="elements"/>.
    /// </summary>
    public static bool IsFull(nint elements, nint more) => elements > 0 && elements + more > Block;

    /// <summary>Adds the totals <c>[2, 64]</c> to those of all, which follow them, and clears them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Flush<V, T>(T* totals)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = V.Splat(T.Zero);
        for (T* p = totals; p < totals + (2 * Partials); p += V.Count)
        {
            V.Store(V.Load(p + (2 * Partials)) + V.Load(p), p + (2 * Partials));
            V.Store(zero, p);
        }
    }

    /// <summary>The sum of 64 totals by a binary tree.</summary>
    public static T Combine<T>(T* totals)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int half = Partials / 2; half >= 1; half /= 2)
        {
            for (int i = 0; i < half; i++)
                totals[i] += totals[half + i];
        }

        return totals[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne<V, T, TStep>(TStep step, nint i, T* totals)
        where V : unmanaged, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TStep : unmanaged, IPairStep<T>
    {
        V first = V.Load(totals), second = V.Load(totals + Partials);
        step.Step(ref first, ref second, i);
        V.Store(first, totals);
        V.Store(second, totals + Partials);
    }
}
