using System.Numerics;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Kernels;

/// <summary>Native memory with canaries before and after, at a chosen misalignment.</summary>
internal sealed unsafe class Guarded<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Margin = 64;
    private const byte Canary = 0xA5;
    private readonly byte* _memory;
    private readonly int _bytes, _start;

    public Guarded(int length, int misalignment = 0)
    {
        Length = length;
        _start = Margin + (misalignment * sizeof(T));
        _bytes = _start + (length * sizeof(T)) + Margin;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)_bytes, 64);
        new Span<byte>(_memory, _bytes).Fill(Canary);
    }

    public int Length { get; }

    public T* Pointer => (T*)(_memory + _start);

    public Span<T> Span => new(Pointer, Length);

    public bool IsIntact =>
        !new ReadOnlySpan<byte>(_memory, _start).ContainsAnyExcept(Canary)
        && !new ReadOnlySpan<byte>(_memory + _start + (Length * sizeof(T)), Margin).ContainsAnyExcept(Canary);

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}

internal static class Samples
{
    public static readonly VectorWidth[] Widths = [VectorWidth.Scalar, VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512];

    /// <summary>Ordinary numbers of both signs; the same for the same arguments.</summary>
    public static void Fill<T>(Span<T> target, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < target.Length; i++)
        {
            (uint a, uint b, _, _) = Philox.Block((ulong)seed, (ulong)i, 0);
            target[i] = T.CreateTruncating(((a / 4294967296.0) - 0.5) * Math.Pow(2, b % 8));
        }
    }

    /// <summary>Zeros, infinities, NaN, subnormal and extreme numbers, and the neighborhoods of thresholds.</summary>
    public static T[] Special<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T least = T.Epsilon, most = T.BitDecrement(T.PositiveInfinity);
        T normal = T.CreateTruncating(typeof(T) == typeof(float) ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
        List<T> list = [T.Zero, T.NaN, T.PositiveInfinity, least, most, normal, T.BitDecrement(normal), T.BitIncrement(normal)];
        double[] thresholds =
            [0.1, 0.5, 1, 1.5, 2, 3, 4, 6, 9, 10, 20, 40, 80, 87.5, 88, 88.73, 89, 103, 104, 105, 150, 709, 710, 745, 746, 1000, 1e10,
                1e30];
        foreach (double x in thresholds)
            list.AddRange([T.CreateTruncating(x), T.BitDecrement(T.CreateTruncating(x)), T.BitIncrement(T.CreateTruncating(x))]);
        return [.. list, .. list.Select(x => -x)];
    }

    /// <summary>The bits of a number, where all NaN are one.</summary>
    public static long Bits<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(x) ? long.MinValue + 1
        : typeof(T) == typeof(float) ? BitConverter.SingleToInt32Bits((float)(object)x)
        : BitConverter.DoubleToInt64Bits((double)(object)x);

    public static void ShouldHaveBitsOf<T>(this ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (int i = 0; i < actual.Length; i++)
        {
            if (Bits(actual[i]) != Bits(expected[i]))
                Assert.Fail($"{what}: element {i} of {actual.Length}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}
