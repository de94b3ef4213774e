using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>A pass over memory that does nothing else.</summary>
internal enum MemoryPass
{
    /// <summary>z = x: two streams.</summary>
    Copy,

    /// <summary>Sum of x: one stream.</summary>
    Read,

    /// <summary>z = x + 3 y: three streams.</summary>
    Triad,
}

/// <summary>Bandwidth of memory beyond the caches, counted as STREAM counts it: what is asked for, once.</summary>
internal static unsafe class MemoryProbe
{
    /// <summary>Every pass takes a multiple of this many floats.</summary>
    public const int Step = 32;

    private const int Chunk = 1 << 16, Chunks = 256;

    /// <summary>Bytes per second of each pass, best of the rounds.</summary>
    public static double[] Measure(MemoryPass[] passes)
    {
        using AlignedMemory<float> x = new((long)Chunk * Chunks, i => i & 1), y = new((long)Chunk * Chunks, i => i & 3);
        using AlignedMemory<float> z = new((long)Chunk * Chunks);
        float* from = x.Pointer, also = y.Pointer, to = z.Pointer;
        Contender[] contenders = [.. passes.Select(pass => new Contender(pass.ToString(), repetitions =>
        {
            PassJob job = new() { Pass = pass, From = from, Also = also, To = to, Length = Chunk };
            for (int i = 0; i < repetitions; i++)
                WorkerTeam.Run(ref job, Chunks);
        }))];
        Timing[] timings = Stopclock.Measure(contenders, rounds: 9);
        return [.. passes.Select((pass, i) => Streams(pass) * sizeof(float) * (double)Chunk * Chunks / timings[i].Best)];
    }

    /// <summary>Reads numbers and writes them in place, on this thread.</summary>
    /// <param name="numbers">Zeros; they stay as they are.</param>
    /// <param name="count">How many, a multiple of <see cref="Step"/>.</param>
    /// <param name="repetitions">How many times.</param>
    /// <param name="isReadOnly">Whether it only reads; the first few numbers are then set to their sums.</param>
    public static void PassInPlace(float* numbers, int count, int repetitions, bool isReadOnly = false)
    {
        PassJob job = new() { Pass = isReadOnly ? MemoryPass.Read : MemoryPass.Copy, From = numbers, Also = numbers, To = numbers, Length = count };
        for (int i = 0; i < repetitions; i++)
            job.Run(0);
    }

    private static int Streams(MemoryPass pass) => pass switch
    {
        MemoryPass.Copy => 2,
        MemoryPass.Read => 1,
        _ => 3,
    };

    /// <summary>One chunk of a pass; the vectors are the widest that run in hardware.</summary>
    private struct PassJob : IParallelJob
    {
        public MemoryPass Pass;
        public float* From, Also, To;
        public int Length;

        public readonly void Run(int chunk)
        {
            long start = (long)chunk * Length;
            if (SimdVector512<float>.IsAccelerated)
                Stream<SimdVector512<float>>(From + start, Also + start, To + start);
            else if (SimdVector256<float>.IsAccelerated)
                Stream<SimdVector256<float>>(From + start, Also + start, To + start);
            else
                Stream<SimdVector128<float>>(From + start, Also + start, To + start);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Stream<TVector>(float* x, float* y, float* z)
            where TVector : unmanaged, ISimdVector<TVector, float>
        {
            TVector factor = TVector.Splat(3), a = default, b = default;
            for (int i = 0; i < Length; i += 2 * TVector.Count)
            {
                TVector first = TVector.Load(x + i), second = TVector.Load(x + i + TVector.Count);
                if (Pass == MemoryPass.Read)
                {
                    a += first;
                    b += second;
                    continue;
                }

                if (Pass == MemoryPass.Triad)
                {
                    first = TVector.Fma(TVector.Load(y + i), factor, first);
                    second = TVector.Fma(TVector.Load(y + i + TVector.Count), factor, second);
                }

                TVector.Store(first, z + i);
                TVector.Store(second, z + i + TVector.Count);
            }

            if (Pass == MemoryPass.Read)
                TVector.Store(a + b, z);
        }
    }
}
