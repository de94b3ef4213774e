namespace Thalweg.Kernels;

/// <summary>How drivers cut long work into chunks for the <see cref="WorkerTeam"/>: by the shape alone.</summary>
internal static class Chunks
{
    /// <summary>Elements above which waking another thread pays.</summary>
    public const int Threshold = 65536;

    /// <summary>Elements of one chunk: 128 KB of floats, so that input and output of a chunk stay in the second-level cache.</summary>
    public const int Length = 32768;

    /// <summary>Elements up to which even a thread that is waiting for work would save nothing.</summary>
    public const int ShortThreshold = 8192;

    /// <summary>Elements of a chunk of work that is shared only with threads that are waiting for it.</summary>
    public const int ShortLength = 4096;

    /// <summary>Number of chunks of <paramref name="size"/> items that cover <paramref name="count"/> items.</summary>
    public static int Count(nint count, nint size) => checked((int)((count + size - 1) / size));

    /// <summary>Elements of a chunk of <paramref name="count"/> elements.</summary>
    public static int LengthFor(nint count) => count > Threshold ? Length : ShortLength;
}
