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
    public static double[] Measure<T>(LaneWidth[] widths)
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
    public static double Operations<T>(LaneWidth width)
        where T : unmanaged => 2.0 * Chains * Inner * Elements<T>(width);

    private static double RunAt<T>(LaneWidth width, int repetitions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => width switch
        {
            LaneWidth.Bits512 => RunChains<Lane512<T>, T>(repetitions),
            LaneWidth.Bits256 => RunChains<Lane256<T>, T>(repetitions),
            LaneWidth.Bits128 => RunChains<Lane128<T>, T>(repetitions),
            _ => RunChains<Lane1<T>, T>(repetitions),
        };

    /// <summary>Keeps the processor at its peak for a while, on this thread.</summary>
    public static void Run<T>(LaneWidth width, int repetitions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Volatile.Write(ref s_result, RunAt<T>(width, repetitions));

    private static unsafe int Elements<T>(LaneWidth width)
        where T : unmanaged => Math.Max(1, (int)width / 8 / sizeof(T));

    /// <summary>Twelve independent chains: enough for two units of latency 4 to 6, and no more than sixteen registers hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe double RunChains<TLane, T>(int repetitions)
        where TLane : unmanaged, ILane<TLane, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLane x = TLane.Splat(T.CreateChecked(0.999999)), y = TLane.Splat(T.CreateChecked(1e-6));
        TLane a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (long step = (long)repetitions * Inner; step > 0; step--)
        {
            a = TLane.Fma(a, x, y);
            b = TLane.Fma(b, x, y);
            c = TLane.Fma(c, x, y);
            d = TLane.Fma(d, x, y);
            e = TLane.Fma(e, x, y);
            f = TLane.Fma(f, x, y);
            g = TLane.Fma(g, x, y);
            h = TLane.Fma(h, x, y);
            i = TLane.Fma(i, x, y);
            j = TLane.Fma(j, x, y);
            k = TLane.Fma(k, x, y);
            l = TLane.Fma(l, x, y);
        }

        TLane sum = a + b + c + d + e + f + g + h + i + j + k + l;
        T* elements = stackalloc T[TLane.Count];
        TLane.Store(sum, elements);
        return double.CreateTruncating(elements[0]);
    }

    /// <summary>The same work for each thread.</summary>
    private struct PeakJob<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public LaneWidth Width;
        public int Repetitions;

        public readonly void Run(int piece) => Volatile.Write(ref s_result, RunAt<T>(Width, Repetitions));
    }
}
