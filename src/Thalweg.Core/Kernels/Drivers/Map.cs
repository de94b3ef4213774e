using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>y[i] = f(x[i]).</summary>
internal static unsafe class Map
{
    /// <summary>Applies <paramref name="f"/> to <paramref name="n"/> elements; y may equal x.</summary>
    public static void Run<T, TFunction>(TFunction f, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T> => Run(LaneWidths.Best, f, x, y, n);

    /// <summary>The same at a given lane width; the result does not depend on it.</summary>
    internal static void Run<T, TFunction>(LaneWidth width, TFunction f, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        if (n <= Pieces.ShortThreshold)
        {
            RunPiece(width, f, x, y, n);
            return;
        }

        Job<T, TFunction> job = new(width, f, x, y, n);
        WorkerTeam.Run(ref job, Pieces.Count(n, Pieces.LengthFor(n)), n > Pieces.Threshold);
    }

    /// <summary>The same on the calling thread.</summary>
    internal static void RunPiece<T, TFunction>(LaneWidth width, TFunction f, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        nint done = width switch
        {
            LaneWidth.Bits512 => Loop<T, TFunction, Lane512<T>>(f, x, y, 0, n),
            LaneWidth.Bits256 => Loop<T, TFunction, Lane256<T>>(f, x, y, 0, n),
            LaneWidth.Bits128 => Loop<T, TFunction, Lane128<T>>(f, x, y, 0, n),
            _ => 0,
        };
        // A narrow lane shortens the tail, whose elements cost as much one by one as a whole lane.
        if (width > LaneWidth.Bits128 && done <= n - Lane128<T>.Count)
            done = Loop<T, TFunction, Lane128<T>>(f, x, y, done, n);
        if (done < n)
            Loop<T, TFunction, Lane1<T>>(f, x, y, done, n);
    }

    [MethodImpl(Drive.Loop)]
    private static nint Loop<T, TFunction, V>(TFunction f, T* x, T* y, nint start, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
        where V : unmanaged, ILane<V, T>
    {
        nint i = start;
        for (; i <= n - V.Count; i += V.Count)
            V.Store(f.Apply(V.Load(x + i)), y + i);
        return i;
    }

    private readonly struct Job<T, TFunction>(LaneWidth width, TFunction f, T* x, T* y, nint n) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        private readonly T* _x = x, _y = y;

        public void Run(int piece)
        {
            nint length = Pieces.LengthFor(n), first = piece * length;
            RunPiece(width, f, _x + first, _y + first, nint.Min(length, n - first));
        }
    }
}
