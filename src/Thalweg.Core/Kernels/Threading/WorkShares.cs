using System.Runtime.InteropServices;

namespace Thalweg.Kernels;

/// <summary>The chunks of a job, cut into a share for each thread: neighboring chunks, which each thread takes from its
/// own share first.</summary>
/// <remarks>
/// So a thread finds in its caches what it wrote in the job before, and threads rarely write the same word: of one count for all, each
/// claim cost some 100 ns. Where a thread is late, others empty its share. A share counts down, and between jobs no count is
/// positive, so a late thread claims nothing; a thread that claims a chunk keeps its job alive until it has reported it done.
/// </remarks>
internal sealed unsafe class WorkShares
{
    /// <summary>Bytes from one count to the next: two cache lines, as processors fetch them in pairs.</summary>
    private const int Stride = 128;

    // Never given back: a team lives as long as the process, and serves one limit after another.
    private readonly byte* _counts = Allocate();
    private int _chunks, _shares;

    /// <summary>Hands out the chunks of a job.</summary>
    /// <param name="chunks">Number of chunks.</param>
    /// <param name="shares">Number of shares, from 1 to <see cref="Threads.Maximum"/>.</param>
    public void Publish(int chunks, int shares)
    {
        (_chunks, _shares) = (chunks, shares);
        for (int share = 0; share < shares; share++)
            Interlocked.Exchange(ref Count(share), First(share + 1) - First(share));
    }

    /// <summary>Claims a chunk, from the share of a thread or else from the next one that has any left; -1 where all are claimed.</summary>
    /// <param name="share">The share that was claimed from last, at first the thread's own.</param>
    public int Claim(ref int share)
    {
        int shares = Volatile.Read(ref _shares);
        for (int tried = 0; tried < shares; tried++)
        {
            share = share < shares ? share : 0;
            ref int count = ref Count(share);
            int left = Volatile.Read(ref count) > 0 ? Interlocked.Decrement(ref count) : -1;
            if (left >= 0)
                return First(share + 1) - 1 - left;
            share++;
        }

        return -1;
    }

    private int First(int share) => (int)((long)_chunks * share / _shares);

    private ref int Count(int share) => ref *(int*)(_counts + share * (nint)Stride);

    private static byte* Allocate()
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed((Threads.Maximum + 1) * Stride);
        return (byte*)(((nint)memory + Stride - 1) / Stride * Stride);
    }
}
