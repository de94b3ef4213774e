using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Bench.Updates;

/// <summary>Copy bandwidth: bytes read plus bytes written, over time, of one buffer copied to another.</summary>
/// <remarks>
/// Two ways take turns, and the better counts: vectors that go through the caches, where the processor also reads the lines that it is
/// going to overwrite, which is not counted; and the memory copy of the C library, which writes large buffers past the caches. Both run in
/// chunks on the threads of the team.
/// </remarks>
internal sealed unsafe class CopyProbe : IDisposable
{
    private const int Chunk = 1 << 16;

    private readonly AlignedMemory<float> _from, _to;

    /// <summary>Makes two buffers of half a footprint each.</summary>
    /// <param name="bytes">Bytes that a copy reads and writes together.</param>
    public CopyProbe(long bytes)
    {
        long length = Math.Max(1, bytes / (2 * sizeof(float)));
        (_from, _to) = (new(length, i => i & 1), new(length));
    }

    /// <summary>Bytes that a copy reads and writes.</summary>
    public double Bytes => 2.0 * sizeof(float) * _from.Length;

    /// <summary>The two ways to copy.</summary>
    public Contender[] Contenders =>
        [new("copy by lanes", count => Run(count, byLibrary: false)), new("copy by library", count => Run(count, byLibrary: true))];

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
    }

    private void Run(int repetitions, bool byLibrary)
    {
        CopyJob job = new() { From = _from.Pointer, To = _to.Pointer, Length = _from.Length, ByLibrary = byLibrary };
        for (int i = 0; i < repetitions; i++)
            WorkerTeam.Run(ref job, (int)((_from.Length + Chunk - 1) / Chunk));
    }

    private struct CopyJob : IParallelJob
    {
        public float* From, To;
        public long Length;
        public bool ByLibrary;

        public readonly void Run(int chunk)
        {
            long start = (long)chunk * Chunk, count = Math.Min(Chunk, Length - start);
            if (ByLibrary)
                Buffer.MemoryCopy(From + start, To + start, count * sizeof(float), count * sizeof(float));
            else if (SimdVector512<float>.IsAccelerated)
                Copy<SimdVector512<float>>(From + start, To + start, count);
            else
                Copy<SimdVector256<float>>(From + start, To + start, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Copy<TVector>(float* from, float* to, long count)
            where TVector : unmanaged, ISimdVector<TVector, float>
        {
            long i = 0;
            for (; i <= count - TVector.Count; i += TVector.Count)
                TVector.Store(TVector.Load(from + i), to + i);
            for (; i < count; i++)
                to[i] = from[i];
        }
    }
}
