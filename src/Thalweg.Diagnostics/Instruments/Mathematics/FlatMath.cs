using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Thalweg.Diagnostics;

/// <summary>Sums over vectors of floats or doubles, accumulated in double in a fixed order whatever the processor and the number of
/// threads.</summary>
/// <remarks>Four lanes and four sums each, always: a width that followed the processor would change the bits. Long vectors are cut in pieces
/// of one size, whose sums are added in order. Loops are compiled with full optimization from the first call on: instruments are called rarely,
/// and would else spend a short run in code that is not optimized yet.</remarks>
internal static class FlatMath
{
    /// <summary>Elements of a piece.</summary>
    public const int Piece = 1 << 14;

    /// <summary>Pieces from which on threads share the work: below, waking one takes as long.</summary>
    private const int WorthSharing = 4;

    private delegate double Kernel<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right);

    /// <summary>Inner product of two stretches of tensors.</summary>
    public static double Dot(Tensor left, Tensor right, int start, int length) => left.DType == DType.Float32
        ? Sum<float>(left, right, (start, length), Dot)
        : Sum<double>(left, right, (start, length), Dot);

    /// <summary>Inner product of two tensors laid out alike.</summary>
    public static double Dot(Tensor left, Tensor right) => Dot(left, right, 0, checked((int)left.Length));

    /// <summary>Squared length of the difference of two stretches of tensors.</summary>
    public static double SquaredDistance(Tensor left, Tensor right, int start, int length) => left.DType == DType.Float32
        ? Sum<float>(left, right, (start, length), SquaredDistance)
        : Sum<double>(left, right, (start, length), SquaredDistance);

    /// <summary>Inner product of doubles.</summary>
    public static double Dot(double[] left, double[] right) => Sum(left.Length, (start, length) =>
        Dot<double>(left.AsSpan(start, length), right.AsSpan(start, length)));

    /// <summary>y += factor x.</summary>
    public static void AddScaled(double[] y, double factor, double[] x) => Share(
        y.Length, (start, length) => AddScaled(y.AsSpan(start, length), factor, x.AsSpan(start, length)));

    /// <summary>to = factor x.</summary>
    public static void Scale(double factor, double[] x, double[] to) => Share(
        to.Length, (start, length) => Scale(factor, x.AsSpan(start, length), to.AsSpan(start, length)));

    /// <summary>A flat vector of the parameters' type from doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(ReadOnlySpan<double> from, Tensor to)
    {
        if (to.DType == DType.Float64)
        {
            from.CopyTo(to.AsSpan<double>());
            return;
        }

        Span<float> floats = to.AsSpan<float>();
        ref float target = ref MemoryMarshal.GetReference(floats);
        int i = 0;
        for (; i + 8 <= floats.Length; i += 8)
            Vector256.Narrow(Load4(from, i), Load4(from, i + 4)).StoreUnsafe(ref target, (nuint)i);
        for (; i < floats.Length; i++)
            floats[i] = (float)from[i];
    }

    /// <summary>Doubles from a flat vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(Tensor from, Span<double> to)
    {
        if (from.DType == DType.Float64)
        {
            from.AsSpan<double>().CopyTo(to);
            return;
        }

        ReadOnlySpan<float> floats = from.AsSpan<float>();
        ref double target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        for (; i + 8 <= floats.Length; i += 8)
        {
            (Vector256<double> low, Vector256<double> high) = Load8(floats, i);
            low.StoreUnsafe(ref target, (nuint)i);
            high.StoreUnsafe(ref target, (nuint)(i + 4));
        }

        for (; i < floats.Length; i++)
            to[i] = floats[i];
    }

    /// <summary>Adds up what a function gives for the pieces of a vector, in order.</summary>
    /// <param name="length">Length of the vector.</param>
    /// <param name="piece">The sum over elements from a start on, and their number.</param>
    public static double Sum(int length, Func<int, int, double> piece)
    {
        if (length <= Piece)
            return piece(0, length);

        double[] parts = new double[(length + Piece - 1) / Piece];
        Share(length, (start, count) => parts[start / Piece] = piece(start, count));
        double sum = 0;
        foreach (double part in parts)
            sum += part;
        return sum;
    }

    /// <summary>Does something for each piece of a vector; for long ones on several threads.</summary>
    /// <param name="length">Length of the vector.</param>
    /// <param name="piece">What is done with elements from a start on, and their number.</param>
    public static void Share(int length, Action<int, int> piece)
    {
        int pieces = (length + Piece - 1) / Piece;
        if (pieces >= WorthSharing)
        {
            Threads.Run(pieces, i => piece(i * Piece, Math.Min(Piece, length - (i * Piece))));
            return;
        }

        for (int start = 0; start < length; start += Piece)
            piece(start, Math.Min(Piece, length - start));
    }

    /// <summary>Eight elements in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Low, Vector256<double> High) Load8<T>(ReadOnlySpan<T> values, int at)
        where T : unmanaged
    {
        ref T first = ref MemoryMarshal.GetReference(values);
        return typeof(T) == typeof(float)
            ? Vector256.Widen(Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref first), (nuint)at))
            : (Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref first), (nuint)at),
                Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref first), (nuint)(at + 4)));
    }

    /// <summary>An element in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Load1<T>(ReadOnlySpan<T> values, int at)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Unsafe.As<T, float>(ref Unsafe.AsRef(in values[at]))
            : Unsafe.As<T, double>(ref Unsafe.AsRef(in values[at]));

    public static double SumOf(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);

    private static double Sum<T>(Tensor left, Tensor right, (int Start, int Length) part, Kernel<T> kernel)
        where T : unmanaged => Sum(part.Length, (start, length) => kernel(
            left.AsSpan<T>().Slice(part.Start + start, length), right.AsSpan<T>().Slice(part.Start + start, length)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
        where T : unmanaged
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + 16 <= left.Length; i += 16)
        {
            (Vector256<double> a, Vector256<double> b) = Load8(left, i);
            (Vector256<double> c, Vector256<double> d) = Load8(right, i);
            s0 += a * c;
            s1 += b * d;
            (a, b) = Load8(left, i + 8);
            (c, d) = Load8(right, i + 8);
            s2 += a * c;
            s3 += b * d;
        }

        double sum = SumOf(s0 + s1 + (s2 + s3));
        for (; i < left.Length; i++)
            sum += Load1(left, i) * Load1(right, i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SquaredDistance<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
        where T : unmanaged
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + 16 <= left.Length; i += 16)
        {
            (Vector256<double> a, Vector256<double> b) = Load8(left, i);
            (Vector256<double> c, Vector256<double> d) = Load8(right, i);
            s0 += (a - c) * (a - c);
            s1 += (b - d) * (b - d);
            (a, b) = Load8(left, i + 8);
            (c, d) = Load8(right, i + 8);
            s2 += (a - c) * (a - c);
            s3 += (b - d) * (b - d);
        }

        double sum = SumOf(s0 + s1 + (s2 + s3));
        for (; i < left.Length; i++)
        {
            double difference = Load1(left, i) - Load1(right, i);
            sum += difference * difference;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> from)
    {
        Vector256<double> by = Vector256.Create(factor);
        ref double target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        for (; i + 4 <= to.Length; i += 4)
            (Vector256.LoadUnsafe(ref target, (nuint)i) + (by * Load4(from, i))).StoreUnsafe(ref target, (nuint)i);
        for (; i < to.Length; i++)
            to[i] += factor * from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(double factor, ReadOnlySpan<double> from, Span<double> to)
    {
        Vector256<double> by = Vector256.Create(factor);
        ref double target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        for (; i + 4 <= to.Length; i += 4)
            (by * Load4(from, i)).StoreUnsafe(ref target, (nuint)i);
        for (; i < to.Length; i++)
            to[i] = factor * from[i];
    }

    private static Vector256<double> Load4(ReadOnlySpan<double> values, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);
}
