using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Thalweg.Diagnostics;

/// <summary>Where an activation is flat, in terms of its result: at most <paramref name="low"/>, or at least
/// <paramref name="high"/>.</summary>
/// <param name="low">Results up to this are flat; negative infinity for none.</param>
/// <param name="high">Results from this on are flat; infinity for none.</param>
internal readonly struct FlatParts(double low, double high)
{
    /// <summary>Where an activation is flat; null where it has no flat part, or its result does not tell.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="slope">Flat is below this share of the greatest slope.</param>
    public static FlatParts? Of(Activation activation, double slope) => activation switch
    {
        // f' = f (1 - f) <= slope/4, f' = 1 - f^2, f' = (1 - |f|)^2, f' = 1 - exp(-f), f' = f + 1, f' = 1 - exp(f).
        Activation.Sigmoid => new((1 - Math.Sqrt(1 - slope)) / 2, (1 + Math.Sqrt(1 - slope)) / 2),
        Activation.Tanh => new(-Math.Sqrt(1 - slope), Math.Sqrt(1 - slope)),
        Activation.Softsign => new(-(1 - Math.Sqrt(slope)), 1 - Math.Sqrt(slope)),
        Activation.Softplus => new(-Math.Log(1 - slope), double.PositiveInfinity),
        Activation.LogSigmoid => new(double.NegativeInfinity, Math.Log(1 - slope)),
        Activation.Elu or Activation.Celu => new(slope - 1, double.PositiveInfinity),
        Activation.Relu => new(0, double.PositiveInfinity),
        Activation.Relu6 => new(0, 6),
        Activation.Hardtanh => new(-1, 1),
        Activation.HardSigmoid => new(0, 1),
        _ => null,
    };

    /// <summary>Share of results in the flat parts.</summary>
    public double ShareOf(Tensor results) => results.DType == DType.Float32
        ? ShareOf<float>(results, (float)low, (float)high)
        : ShareOf<double>(results, low, high);

    private static double ShareOf<T>(Tensor results, T low, T high)
        where T : unmanaged, INumber<T>
    {
        int length = checked((int)results.Length);

        // Counts are whole numbers: their sums are exact in any order.
        return FlatMath.Sum(length, (start, count) => CountOf(results.AsSpan<T>().Slice(start, count), low, high)) / length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long CountOf<T>(ReadOnlySpan<T> values, T low, T high)
        where T : unmanaged, INumber<T>
    {
        (Vector256<T> lows, Vector256<T> highs) = (Vector256.Create(low), Vector256.Create(high));
        ref T first = ref MemoryMarshal.GetReference(values);
        long count = 0;
        int i = 0;
        for (; i + Vector256<T>.Count <= values.Length; i += Vector256<T>.Count)
        {
            Vector256<T> value = Vector256.LoadUnsafe(ref first, (nuint)i);
            Vector256<T> isFlat = Vector256.LessThanOrEqual(value, lows) | Vector256.GreaterThanOrEqual(value, highs);
            count += BitOperations.PopCount(isFlat.ExtractMostSignificantBits());
        }

        for (; i < values.Length; i++)
            count += values[i] <= low || values[i] >= high ? 1 : 0;

        return count;
    }
}
