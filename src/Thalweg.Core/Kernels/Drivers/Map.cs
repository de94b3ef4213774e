using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>y[i] = f(x[i]).</summary>
internal static unsafe class Map
{
    /// <summary>Applies <paramref name="f"/> to <paramref name="n"/> elements; y may equal x.</summary>
    public static void Run<T, TFunction>(TFunction f, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T> => Run(VectorWidths.Best, f, x, y, n);

    /// <summary>The same at a given vector width; the result does not depend on it.</summary>
    internal static void Run<T, TFunction>(VectorWidth width, TFunction f, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        if (n <= Chunks.ShortThreshold)
        {
            RunChunk(width, f, x, y, n);
            return;
        }

        Job<T, TFunction> job = new(width, f, x, y, n);
        WorkerTeam.Run(ref job, Chunks.Count(n, Chunks.LengthFor(n)), n > Chunks.Threshold);
    }

    /// <summary>The same on the calling thread.</summary>
    internal static void RunChunk<T, TFunction>(VectorWidth width, TFunction f, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        nint done = width switch
        {
            VectorWidth.Bits512 => Loop<T, TFunction, SimdVector512<T>>(f, x, y, 0, n),
            VectorWidth.Bits256 => Loop<T, TFunction, SimdVector256<T>>(f, x, y, 0, n),
            VectorWidth.Bits128 => Loop<T, TFunction, SimdVector128<T>>(f, x, y, 0, n),
            _ => 0,
        };
        // A narrow vector shortens the tail, whose elements cost as much one by one as a whole vector.
        if (width > VectorWidth.Bits128 && done <= n - SimdVector128<T>.Count)
            done = Loop<T, TFunction, SimdVector128<T>>(f, x, y, done, n);
        if (done < n)
            Loop<T, TFunction, SimdVector1<T>>(f, x, y, done, n);
    }

    [MethodImpl(Drive.Loop)]
    private static nint Loop<T, TFunction, V>(TFunction f, T* x, T* y, nint start, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        nint i = start;
        for (; i <= n - V.Count; i += V.Count)
            V.Store(f.Apply(V.Load(x + i)), y + i);
        return i;
    }

    private readonly struct Job<T, TFunction>(VectorWidth width, TFunction f, T* x, T* y, nint n) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        private readonly T* _x = x, _y = y;

        public void Run(int chunk)
        {
            nint length = Chunks.LengthFor(n), first = chunk * length;
            RunChunk(width, f, _x + first, _y + first, nint.Min(length, n - first));
        }
    }
}
