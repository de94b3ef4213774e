using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>y[i] = f(a[i], b[i], c[i]).</summary>
internal static unsafe class Zip3
{
    /// <summary>Applies <paramref name="f"/> to <paramref name="n"/> triples; <paramref name="y"/> may equal an operand.</summary>
    public static void Run<T, TFunction>(TFunction f, T* a, T* b, T* c, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, ITernaryFunction<T> => Run(VectorWidths.Best, f, a, b, c, y, n);

    /// <summary>The same at a given vector width; the result does not depend on it.</summary>
    internal static void Run<T, TFunction>(VectorWidth width, TFunction f, T* a, T* b, T* c, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, ITernaryFunction<T>
    {
        if (n <= Chunks.Threshold)
        {
            RunChunk(width, f, a, b, c, y, n);
            return;
        }

        Job<T, TFunction> job = new(width, f, a, b, c, y, n);
        WorkerTeam.Run(ref job, Chunks.Count(n, Chunks.Length));
    }

    private static void RunChunk<T, TFunction>(VectorWidth width, TFunction f, T* a, T* b, T* c, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, ITernaryFunction<T>
    {
        nint done = width switch
        {
            VectorWidth.Bits512 => Loop<T, TFunction, SimdVector512<T>>(f, a, b, c, y, 0, n),
            VectorWidth.Bits256 => Loop<T, TFunction, SimdVector256<T>>(f, a, b, c, y, 0, n),
            VectorWidth.Bits128 => Loop<T, TFunction, SimdVector128<T>>(f, a, b, c, y, 0, n),
            _ => 0,
        };
        // A narrow vector shortens the tail, whose elements cost as much one by one as a whole vector.
        if (width > VectorWidth.Bits128 && done <= n - SimdVector128<T>.Count)
            done = Loop<T, TFunction, SimdVector128<T>>(f, a, b, c, y, done, n);
        if (done < n)
            Loop<T, TFunction, SimdVector1<T>>(f, a, b, c, y, done, n);
    }

    [MethodImpl(Drive.Loop)]
    private static nint Loop<T, TFunction, V>(TFunction f, T* a, T* b, T* c, T* y, nint start, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, ITernaryFunction<T>
        where V : unmanaged, ISimdVector<V, T>
    {
        nint i = start;
        for (; i <= n - V.Count; i += V.Count)
            V.Store(f.Apply(V.Load(a + i), V.Load(b + i), V.Load(c + i)), y + i);
        return i;
    }

    private readonly struct Job<T, TFunction>(VectorWidth width, TFunction f, T* a, T* b, T* c, T* y, nint n) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, ITernaryFunction<T>
    {
        private readonly T* _a = a, _b = b, _c = c, _y = y;

        public void Run(int chunk)
        {
            nint first = (nint)chunk * Chunks.Length;
            RunChunk(width, f, _a + first, _b + first, _c + first, _y + first, nint.Min(Chunks.Length, n - first));
        }
    }
}
