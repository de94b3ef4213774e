namespace Thalweg.Kernels;

/// <summary>How drivers cut long work into pieces for the <see cref="WorkerTeam"/>: by the shape alone.</summary>
internal static class Pieces
{
    /// <summary>Elements above which work is cut; below it, waking a second thread costs as much as it saves.</summary>
    public const int Threshold = 65536;

    /// <summary>Elements of one piece: 128 KB of floats, so that input and output of a piece stay in the second-level cache.</summary>
    public const int Length = 32768;

    /// <summary>Number of pieces of <paramref name="size"/> items that cover <paramref name="count"/> items.</summary>
    public static int Count(nint count, nint size) => checked((int)((count + size - 1) / size));
}
