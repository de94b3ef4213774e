using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Thalweg.Kernels;

/// <summary>Moves elements across vectors: the bodies of <see cref="ISimdVector{TSelf, T}.Transpose"/>, and neighbors split into even
/// and odd places.</summary>
/// <remarks>
/// A register takes 16 bytes from each of several rows, so that the interleaving instructions, which work within 16 bytes, give
/// columns in their final order. Measured on Zen 5: a panel costs a fifth of what it costs element by element.
/// </remarks>
internal static unsafe class VectorTranspose
{
    /// <summary>A block of 16 or 8 rows, 16 bytes of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void By512<T>(T* source, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
    {
        if (!Avx512F.IsSupported)
            ByElement(source, sourceStride, target, targetStride, 64 / sizeof(T));
        else if (typeof(T) == typeof(float))
            Transpose512((float*)source, sourceStride, (float*)target, targetStride);
        else
            Transpose512((double*)source, sourceStride, (double*)target, targetStride);
    }

    /// <summary>A block of 8 or 4 rows, 16 bytes of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void By256<T>(T* source, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
    {
        if (!Avx2.IsSupported)
            ByElement(source, sourceStride, target, targetStride, 32 / sizeof(T));
        else if (typeof(T) == typeof(float))
            Transpose256((float*)source, sourceStride, (float*)target, targetStride);
        else
            Transpose256((double*)source, sourceStride, (double*)target, targetStride);
    }

    /// <summary>A block of 4 or 2 rows, 16 bytes of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void By128<T>(T* source, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
    {
        if (!Sse2.IsSupported)
            ByElement(source, sourceStride, target, targetStride, 16 / sizeof(T));
        else if (typeof(T) == typeof(float))
            Transpose128((float*)source, sourceStride, (float*)target, targetStride);
        else
            Transpose128((double*)source, sourceStride, (double*)target, targetStride);
    }

    /// <summary>A block of some rows, 16 bytes of each.</summary>
    public static void ByElement<T>(T* source, nint sourceStride, T* target, nint targetStride, int rows)
        where T : unmanaged
    {
        for (int column = 0; column < 16 / sizeof(T); column++)
        {
            for (int row = 0; row < rows; row++)
                target[column * targetStride + row] = source[row * sourceStride + column];
        }
    }

    /// <summary>Elements that <see cref="Part"/> writes to each target, or 0 where the processor does not serve it.</summary>
    public static int PartCount<T>()
        where T : unmanaged => Avx2.IsSupported ? 32 / sizeof(T) : 0;

    /// <summary>Every second element of twice <see cref="PartCount"/> neighbors to one target, the others to the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Part<T>(T* source, T* even, T* odd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<float> a = Vector256.Load((float*)source), b = Vector256.Load((float*)source + Vector256<float>.Count);
            Avx2.Permute4x64(Avx.Shuffle(a, b, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).Store((double*)even);
            Avx2.Permute4x64(Avx.Shuffle(a, b, 0b11_01_11_01).AsDouble(), 0b11_01_10_00).Store((double*)odd);
        }
        else
        {
            Vector256<double> a = Vector256.Load((double*)source), b = Vector256.Load((double*)source + Vector256<double>.Count);
            Avx2.Permute4x64(Avx.UnpackLow(a, b), 0b11_01_10_00).Store((double*)even);
            Avx2.Permute4x64(Avx.UnpackHigh(a, b), 0b11_01_10_00).Store((double*)odd);
        }
    }

    /// <summary>The inverse of <see cref="Part"/>: elements of the two sources in turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Merge<T>(T* even, T* odd, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            Vector256<float> a = Vector256.Load((float*)even), b = Vector256.Load((float*)odd);
            Vector256<float> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
            Avx.Permute2x128(low, high, 0x20).Store((float*)target);
            Avx.Permute2x128(low, high, 0x31).Store((float*)target + Vector256<float>.Count);
        }
        else
        {
            Vector256<double> a = Vector256.Load((double*)even), b = Vector256.Load((double*)odd);
            Vector256<double> low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
            Avx.Permute2x128(low, high, 0x20).Store((double*)target);
            Avx.Permute2x128(low, high, 0x31).Store((double*)target + Vector256<double>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose512(float* source, nint stride, float* target, nint targetStride)
    {
        nint step = 4 * stride;
        Vector512<float> a = Gather512(source, step), b = Gather512(source + stride, step);
        Vector512<float> c = Gather512(source + 2 * stride, step), d = Gather512(source + 3 * stride, step);
        Vector512<double> abLow = Avx512F.UnpackLow(a, b).AsDouble(), abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
        Vector512<double> cdLow = Avx512F.UnpackLow(c, d).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        Avx512F.UnpackLow(abLow, cdLow).AsSingle().Store(target);
        Avx512F.UnpackHigh(abLow, cdLow).AsSingle().Store(target + targetStride);
        Avx512F.UnpackLow(abHigh, cdHigh).AsSingle().Store(target + 2 * targetStride);
        Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle().Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose512(double* source, nint stride, double* target, nint targetStride)
    {
        Vector512<double> a = Gather512(source, 2 * stride), b = Gather512(source + stride, 2 * stride);
        Avx512F.UnpackLow(a, b).Store(target);
        Avx512F.UnpackHigh(a, b).Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose256(float* source, nint stride, float* target, nint targetStride)
    {
        nint step = 4 * stride;
        Vector256<float> a = Gather256(source, step), b = Gather256(source + stride, step);
        Vector256<float> c = Gather256(source + 2 * stride, step), d = Gather256(source + 3 * stride, step);
        Vector256<double> abLow = Avx.UnpackLow(a, b).AsDouble(), abHigh = Avx.UnpackHigh(a, b).AsDouble();
        Vector256<double> cdLow = Avx.UnpackLow(c, d).AsDouble(), cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(abLow, cdLow).AsSingle().Store(target);
        Avx.UnpackHigh(abLow, cdLow).AsSingle().Store(target + targetStride);
        Avx.UnpackLow(abHigh, cdHigh).AsSingle().Store(target + 2 * targetStride);
        Avx.UnpackHigh(abHigh, cdHigh).AsSingle().Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose256(double* source, nint stride, double* target, nint targetStride)
    {
        Vector256<double> a = Gather256(source, 2 * stride), b = Gather256(source + stride, 2 * stride);
        Avx.UnpackLow(a, b).Store(target);
        Avx.UnpackHigh(a, b).Store(target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose128(float* source, nint stride, float* target, nint targetStride)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + 2 * stride), d = Vector128.Load(source + 3 * stride);
        Vector128<double> abLow = Sse.UnpackLow(a, b).AsDouble(), abHigh = Sse.UnpackHigh(a, b).AsDouble();
        Vector128<double> cdLow = Sse.UnpackLow(c, d).AsDouble(), cdHigh = Sse.UnpackHigh(c, d).AsDouble();
        Sse2.UnpackLow(abLow, cdLow).AsSingle().Store(target);
        Sse2.UnpackHigh(abLow, cdLow).AsSingle().Store(target + targetStride);
        Sse2.UnpackLow(abHigh, cdHigh).AsSingle().Store(target + 2 * targetStride);
        Sse2.UnpackHigh(abHigh, cdHigh).AsSingle().Store(target + 3 * targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose128(double* source, nint stride, double* target, nint targetStride)
    {
        Vector128<double> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Sse2.UnpackLow(a, b).Store(target);
        Sse2.UnpackHigh(a, b).Store(target + targetStride);
    }

    /// <summary>16 bytes from each of four rows.</summary>
    /// <remarks>Not Vector512.Create: that makes each register wait for the one before it.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Gather512<T>(T* source, nint step)
        where T : unmanaged
    {
        Vector512<double> low = Gather256(source, step).AsDouble().ToVector512Unsafe();
        return Avx512F.InsertVector256(low, Gather256(source + 2 * step, step).AsDouble(), 1).As<double, T>();
    }

    /// <summary>16 bytes from each of two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Gather256<T>(T* source, nint step)
        where T : unmanaged
    {
        Vector256<double> low = Vector128.Load(source).AsDouble().ToVector256Unsafe();
        return Avx.InsertVector128(low, Vector128.Load(source + step).AsDouble(), 1).As<double, T>();
    }
}
