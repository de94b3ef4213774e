using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>The largest rate of fused multiply-adds that the processor reaches.</summary>
internal static class PeakProbe
{
    private const int Chains = 12, Inner = 4096;

    /// <summary>Floating-point operations per second, best of the rounds, on one thread.</summary>
    public static double Measure<T>(LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Timing timing = Stopclock.Measure(repetitions => Sink = RunAt<T>(width, repetitions));
        return Operations<T>(width) / timing.Best;
    }

    /// <summary>Operations of one repetition of <see cref="RunAt"/>.</summary>
    public static double Operations<T>(LaneWidth width)
        where T : unmanaged => 2.0 * Chains * Inner * Elements<T>(width);

    /// <summary>Keeps the processor at its peak for a while; what it returns only keeps the work alive.</summary>
    public static double RunAt<T>(LaneWidth width, int repetitions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => width switch
        {
            LaneWidth.Bits512 => Run<Lane512<T>, T>(repetitions),
            LaneWidth.Bits256 => Run<Lane256<T>, T>(repetitions),
            LaneWidth.Bits128 => Run<Lane128<T>, T>(repetitions),
            _ => Run<Lane1<T>, T>(repetitions),
        };

    /// <summary>Where results go that must not be optimized away.</summary>
    public static double Sink { get; set; }

    private static unsafe int Elements<T>(LaneWidth width)
        where T : unmanaged => Math.Max(1, (int)width / 8 / sizeof(T));

    /// <summary>Twelve independent chains: enough for two units of latency 4 to 6, and no more than sixteen registers hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe double Run<TLane, T>(int repetitions)
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
}
