using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Reduces a run of elements to one in an order that the length alone decides.</summary>
/// <remarks>
/// The run is cut into blocks of 4,096. Within a block, element i goes to partial total i mod 64, whatever the vector width: 64 totals are
/// 4 registers of 16 floats; narrower vectors pass over the block several times, 4 registers each. A fixed binary tree combines the 64, and
/// another one the blocks. So the result has the same bits at every vector width and number of threads, and the rounding error of a
/// sum grows with the logarithm of the length.
/// </remarks>
internal static unsafe class BlockReduction
{
    /// <summary>Elements per block: 16 KB of floats, so that the passes of narrow vectors find it in the first-level cache.</summary>
    public const int Block = 4096;

    /// <summary>Partial totals of a block.</summary>
    public const int Partials = 64;

    private const int MaximumChunks = 64;

    /// <summary>Reduces <paramref name="n"/> elements, with the worker team if they are many.</summary>
    public static T Run<T, TReduction>(VectorWidth width, TReduction reduction, T* a, T* b, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        if (n <= Chunks.Threshold)
            return RunChunk(width, reduction, a, b, n);

        // A chunk is a power of two of blocks, hence a subtree of the tree of all blocks.
        nint size = Chunks.Length;
        while ((n + size - 1) / size > MaximumChunks)
            size *= 2;
        int chunks = Chunks.Count(n, size);
        T* totals = stackalloc T[MaximumChunks];
        Job<T, TReduction> job = new(width, reduction, a, b, n) { Size = size, Totals = totals };
        WorkerTeam.Run(ref job, chunks);
        return CombineTree(reduction, totals, chunks);
    }

    /// <summary>Reduces on the calling thread.</summary>
    public static T RunChunk<T, TReduction>(VectorWidth width, TReduction reduction, T* a, T* b, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        if (n <= Block)
            return RunBlock(width, reduction, a, b, n);
        nint left = Block * LargestPowerOfTwoBelow((n + Block - 1) / Block);
        T first = RunChunk(width, reduction, a, b, left);
        T second = RunChunk(width, reduction, a + left, b + left, n - left);
        return Combine(reduction, first, second);
    }

    private static T CombineTree<T, TReduction>(TReduction reduction, T* totals, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        if (count == 1)
            return totals[0];
        int left = (int)LargestPowerOfTwoBelow(count);
        return Combine(reduction, CombineTree(reduction, totals, left), CombineTree(reduction, totals + left, count - left));
    }

    private static T Combine<T, TReduction>(TReduction reduction, T left, T right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T> => reduction.Combine(new SimdVector1<T>(left), new SimdVector1<T>(right)).Value;

    /// <summary>The largest power of two below count, which is at least 2.</summary>
    private static nint LargestPowerOfTwoBelow(nint count) => (nint)1 << BitOperations.Log2((ulong)count - 1);

    // Each path writes the partial totals that it reads.
    [SkipLocalsInit]
    private static T RunBlock<T, TReduction>(VectorWidth width, TReduction reduction, T* a, T* b, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        T* partials = stackalloc T[Partials];
        return width switch
        {
            VectorWidth.Bits512 => RunBlock<T, TReduction, SimdVector512<T>>(reduction, a, b, n, partials),
            VectorWidth.Bits256 => RunBlock<T, TReduction, SimdVector256<T>>(reduction, a, b, n, partials),
            VectorWidth.Bits128 => RunBlock<T, TReduction, SimdVector128<T>>(reduction, a, b, n, partials),
            _ => RunBlock<T, TReduction, SimdVector1<T>>(reduction, a, b, n, partials),
        };
    }

    [MethodImpl(Drive.Loop)]
    private static T RunBlock<T, TReduction, V>(TReduction reduction, T* a, T* b, nint n, T* partials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        int half = Partials / 2;
        if (n >= Partials)
        {
            nint whole = n - (n % Partials);
            AddWhole<T, TReduction, V>(reduction, a, b, whole, partials);
            nint i = whole;
            for (; i <= n - V.Count; i += V.Count)
                V.Store(reduction.Step(V.Load(partials + i - whole), a, b, i), partials + i - whole);
            for (; i < n; i++)
                SimdVector1<T>.Store(reduction.Step(SimdVector1<T>.Load(partials + i - whole), a, b, i), partials + i - whole);
        }
        else
        {
            // Totals beyond a short run would hold the neutral element: combining with it changes nothing.
            while (half >= n && half > 1)
                half /= 2;
            SimdVector1<T> start = new(reduction.Start);
            for (int i = 0; i < 2 * half; i++)
                SimdVector1<T>.Store(i < n ? reduction.Step(start, a, b, i) : start, partials + i);
        }

        for (; half >= V.Count; half /= 2)
        {
            for (int i = 0; i < half; i += V.Count)
                V.Store(reduction.Combine(V.Load(partials + i), V.Load(partials + half + i)), partials + i);
        }

        if (2 * half == V.Count)
            return V.Fold(reduction, V.Load(partials));
        for (; half >= 1; half /= 2)
        {
            for (int i = 0; i < half; i++)
                partials[i] = Combine(reduction, partials[i], partials[half + i]);
        }

        return partials[0];
    }

    /// <summary>Reduces on the calling thread, as part of its caller, runs of whole multiples of <see cref="Partials"/> within one
    /// block.</summary>
    /// <param name="reduction">How elements and totals are combined.</param>
    /// <param name="a">First input.</param>
    /// <param name="b">Second input.</param>
    /// <param name="n">Elements, a multiple of <see cref="Partials"/> from 1 on, at most <see cref="Block"/>.</param>
    /// <param name="partials">Memory for the totals.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T OfWhole<T, TReduction, V>(TReduction reduction, T* a, T* b, nint n, T* partials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        if (4 * V.Count < Partials)
        {
            AddWhole<T, TReduction, V>(reduction, a, b, n, partials);
            return Fold<T, TReduction, V>(reduction, partials);
        }

        V p0 = V.Splat(reduction.Start), p1 = p0, p2 = p0, p3 = p0;
        for (nint i = 0; i < n; i += Partials)
        {
            p0 = reduction.Step(p0, a, b, i);
            p1 = reduction.Step(p1, a, b, i + V.Count);
            p2 = reduction.Step(p2, a, b, i + (2 * V.Count));
            p3 = reduction.Step(p3, a, b, i + (3 * V.Count));
        }

        return V.Fold(reduction, reduction.Combine(reduction.Combine(p0, p2), reduction.Combine(p1, p3)));
    }

    /// <summary>The totals of a run, <see cref="Partials"/> of them, by the tree.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Fold<T, TReduction, V>(TReduction reduction, T* partials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        for (int half = Partials / 2; half >= V.Count; half /= 2)
        {
            for (int i = 0; i < half; i += V.Count)
                V.Store(reduction.Combine(V.Load(partials + i), V.Load(partials + half + i)), partials + i);
        }

        return V.Fold(reduction, V.Load(partials));
    }

    [MethodImpl(Drive.Loop)]
    private static void AddWhole<T, TReduction, V>(TReduction reduction, T* a, T* b, nint n, T* partials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        for (int first = 0; first < Partials; first += 4 * V.Count)
        {
            V p0 = V.Splat(reduction.Start), p1 = p0, p2 = p0, p3 = p0;
            for (nint i = first; i < n; i += Partials)
            {
                p0 = reduction.Step(p0, a, b, i);
                p1 = reduction.Step(p1, a, b, i + V.Count);
                p2 = reduction.Step(p2, a, b, i + (2 * V.Count));
                p3 = reduction.Step(p3, a, b, i + (3 * V.Count));
            }

            V.Store(p0, partials + first);
            V.Store(p1, partials + first + V.Count);
            V.Store(p2, partials + first + (2 * V.Count));
            V.Store(p3, partials + first + (3 * V.Count));
        }
    }

    private struct Job<T, TReduction>(VectorWidth width, TReduction reduction, T* a, T* b, nint n) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : unmanaged, IReduction<T>
    {
        private readonly T* _a = a, _b = b;
        public nint Size;
        public T* Totals;

        public readonly void Run(int chunk)
        {
            nint first = chunk * Size;
            Totals[chunk] = RunChunk(width, reduction, _a + first, _b + first, nint.Min(Size, n - first));
        }
    }
}
