namespace Thalweg.Kernels;

/// <summary>y[i] = 0.</summary>
internal static unsafe class Zeros
{
    /// <summary>Clears <paramref name="n"/> elements, long stretches with all threads.</summary>
    public static void Fill<T>(T* y, nint n)
        where T : unmanaged
    {
        if (n <= Chunks.Threshold)
        {
            new Span<T>(y, (int)n).Clear();
            return;
        }

        Job<T> job = new(y, n);
        WorkerTeam.Run(ref job, Chunks.Count(n, Chunks.Length));
    }

    private readonly struct Job<T>(T* y, nint n) : IParallelJob
        where T : unmanaged
    {
        public void Run(int chunk)
        {
            nint start = (nint)chunk * Chunks.Length;
            new Span<T>(y + start, (int)Math.Min(Chunks.Length, n - start)).Clear();
        }
    }
}
