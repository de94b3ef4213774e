using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>The largest rate of fused multiply-adds that the processor reaches.</summary>
internal static class PeakProbe
{
    private const int Chains = 12, Inner = 4096;

    /// <summary>Where results go, so that the work is not optimized away.</summary>
    private static double s_result;

    /// <summary>Floating-point operations per second of each width, best of the rounds, on all threads of the team.</summary>
    public static double[] Measure<T>(VectorWidth[] widths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Contender[] contenders = [.. widths.Select(width => new Contender(width.ToString(), repetitions =>
        {
            PeakJob<T> job = new() { Width = width, Repetitions = repetitions };
            WorkerTeam.Run(ref job, Threads.Count);
        }))];
        Timing[] timings = Stopclock.Measure(contenders);
        return [.. widths.Select((width, i) => Operations<T>(width) * Threads.Count / timings[i].Best)];
    }

    /// <summary>Operations of one repetition of <see cref="Run{T}"/>.</summary>
    public static double Operations<T>(VectorWidth width)
        where T : unmanaged => 2.0 * Chains * Inner * Elements<T>(width);

    private static double RunAt<T>(VectorWidth width, int repetitions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => width switch
        {
            VectorWidth.Bits512 => RunChains<SimdVector512<T>, T>(repetitions),
            VectorWidth.Bits256 => RunChains<SimdVector256<T>, T>(repetitions),
            VectorWidth.Bits128 => RunChains<SimdVector128<T>, T>(repetitions),
            _ => RunChains<SimdVector1<T>, T>(repetitions),
        };

    /// <summary>Keeps the processor at its peak for a while, on this thread.</summary>
    public static void Run<T>(VectorWidth width, int repetitions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Volatile.Write(ref s_result, RunAt<T>(width, repetitions));

    private static unsafe int Elements<T>(VectorWidth width)
        where T : unmanaged => Math.Max(1, (int)width / 8 / sizeof(T));

    /// <summary>Twelve independent chains: enough for two units of latency 4 to 6, and no more than sixteen registers hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe double RunChains<TVector, T>(int repetitions)
        where TVector : unmanaged, ISimdVector<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector x = TVector.Splat(T.CreateChecked(0.999999)), y = TVector.Splat(T.CreateChecked(1e-6));
        TVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (long step = (long)repetitions * Inner; step > 0; step--)
        {
            a = TVector.Fma(a, x, y);
            b = TVector.Fma(b, x, y);
            c = TVector.Fma(c, x, y);
            d = TVector.Fma(d, x, y);
            e = TVector.Fma(e, x, y);
            f = TVector.Fma(f, x, y);
            g = TVector.Fma(g, x, y);
            h = TVector.Fma(h, x, y);
            i = TVector.Fma(i, x, y);
            j = TVector.Fma(j, x, y);
            k = TVector.Fma(k, x, y);
            l = TVector.Fma(l, x, y);
        }

        TVector sum = a + b + c + d + e + f + g + h + i + j + k + l;
        T* elements = stackalloc T[TVector.Count];
        TVector.Store(sum, elements);
        return double.CreateTruncating(elements[0]);
    }

    /// <summary>The same work for each thread.</summary>
    private struct PeakJob<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public VectorWidth Width;
        public int Repetitions;

        public readonly void Run(int chunk) => Volatile.Write(ref s_result, RunAt<T>(Width, Repetitions));
    }
}
