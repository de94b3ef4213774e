using System.Numerics;
using System.Numerics.Tensors;

namespace Thalweg.Kernels;

/// <summary>Sine and cosine of arguments of any size.</summary>
/// <remarks>
/// Arguments beyond <see cref="Trigonometric.Limit{T}"/>, infinities and NaN are rare and go to .NET's functions one by one, which reduce
/// them by more digits of π. Which way an element takes depends on it alone.
/// </remarks>
internal static unsafe class SinCos
{
    /// <summary>y[i] = sin x[i] or cos x[i]; y does not overlap x.</summary>
    public static void Run<T>(T* x, T* y, nint n, bool cosine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run(VectorWidths.Best, x, y, n, cosine);

    /// <summary>The same at a given vector width; the result does not depend on it.</summary>
    internal static void Run<T>(VectorWidth width, T* x, T* y, nint n, bool cosine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Job<T> job = new(width, x, y, n, cosine);
        WorkerTeam.Run(ref job, Chunks.Count(n, Chunks.Length));
    }

    private readonly struct Job<T>(VectorWidth width, T* x, T* y, nint n, bool cosine) : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int chunk)
        {
            nint start = (nint)chunk * Chunks.Length;
            int count = (int)Math.Min(Chunks.Length, n - start);
            if (cosine)
                Map.RunChunk(width, new Cosine<T>(), x + start, y + start, count);
            else
                Map.RunChunk(width, new Sine<T>(), x + start, y + start, count);

            T limit = SimdMath.Number<T>(Trigonometric.Limit<T>());
            ReadOnlySpan<T> arguments = new(x + start, count);
            if (!(T.Abs(TensorPrimitives.MaxMagnitude(arguments)) <= limit))
                Large(arguments, limit, y + start);
        }

        private void Large(ReadOnlySpan<T> arguments, T limit, T* results)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                if (!(T.Abs(arguments[i]) <= limit))
                    results[i] = cosine ? T.Cos(arguments[i]) : T.Sin(arguments[i]);
            }
        }
    }
}
