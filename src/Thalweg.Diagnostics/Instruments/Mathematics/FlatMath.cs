using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Thalweg.Diagnostics;

/// <summary>Sums over vectors of floats or doubles, accumulated in double in a fixed order whatever the processor.</summary>
/// <remarks>Four lanes and two sums each, always: a width that followed the processor would change the bits.</remarks>
internal static class FlatMath
{
    /// <summary>Inner product of two stretches of tensors.</summary>
    public static double Dot(Tensor left, Tensor right, int start, int length) => left.DType == DType.Float32
        ? Dot(left.AsSpan<float>().Slice(start, length), right.AsSpan<float>().Slice(start, length))
        : Dot(left.AsSpan<double>().Slice(start, length), right.AsSpan<double>().Slice(start, length));

    /// <summary>Inner product of two tensors laid out alike.</summary>
    public static double Dot(Tensor left, Tensor right) => Dot(left, right, 0, checked((int)left.Length));

    /// <summary>Squared length of the difference of two stretches of tensors.</summary>
    public static double SquaredDistance(Tensor left, Tensor right, int start, int length) => left.DType == DType.Float32
        ? SquaredDistance(left.AsSpan<float>().Slice(start, length), right.AsSpan<float>().Slice(start, length))
        : SquaredDistance(left.AsSpan<double>().Slice(start, length), right.AsSpan<double>().Slice(start, length));

    /// <summary>A flat vector of the parameters' type from doubles.</summary>
    public static void Write(ReadOnlySpan<double> from, Tensor to)
    {
        if (to.DType == DType.Float64)
        {
            from.CopyTo(to.AsSpan<double>());
            return;
        }

        Span<float> floats = to.AsSpan<float>();
        for (int i = 0; i < floats.Length; i++)
            floats[i] = (float)from[i];
    }

    /// <summary>Doubles from a flat vector.</summary>
    public static void Read(Tensor from, Span<double> to)
    {
        if (from.DType == DType.Float64)
        {
            from.AsSpan<double>().CopyTo(to);
            return;
        }

        ReadOnlySpan<float> floats = from.AsSpan<float>();
        for (int i = 0; i < floats.Length; i++)
            to[i] = floats[i];
    }

    /// <summary>Inner product of doubles.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector256<double> first = default, second = default;
        int i = 0;
        for (; i + 8 <= left.Length; i += 8)
        {
            first += Vector256.Create(left[i..]) * Vector256.Create(right[i..]);
            second += Vector256.Create(left[(i + 4)..]) * Vector256.Create(right[(i + 4)..]);
        }

        double sum = SumOf(first + second);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>y += factor x.</summary>
    public static void AddScaled(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        int i = 0;
        Vector256<double> by = Vector256.Create(factor);
        for (; i + 4 <= y.Length; i += 4)
            (Vector256.Create<double>(y[i..]) + (by * Vector256.Create(x[i..]))).CopyTo(y[i..]);
        for (; i < y.Length; i++)
            y[i] += factor * x[i];
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Vector256<double> first = default, second = default;
        int i = 0;
        for (; i + 8 <= left.Length; i += 8)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Load(left, i));
            (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Load(right, i));
            first += a * c;
            second += b * d;
        }

        double sum = SumOf(first + second);
        for (; i < left.Length; i++)
            sum += (double)left[i] * right[i];
        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Vector256<double> first = default, second = default;
        int i = 0;
        for (; i + 8 <= left.Length; i += 8)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Load(left, i));
            (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Load(right, i));
            first += (a - c) * (a - c);
            second += (b - d) * (b - d);
        }

        double sum = SumOf(first + second);
        for (; i < left.Length; i++)
        {
            double difference = (double)left[i] - right[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += (left[i] - right[i]) * (left[i] - right[i]);
        return sum;
    }

    private static Vector256<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    public static double SumOf(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}
