using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>A run of the flat vector that is swept in one go.</summary>
/// <param name="First">Its first element.</param>
/// <param name="End">The element after its last.</param>
/// <param name="Decay">1 where weight decay reaches, else 0.</param>
/// <param name="Segment">Number of the parameter, where the sweep distinguishes them, else 0.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Chunk(nint First, nint End, double Decay, int Segment);

/// <summary>
/// The chunks of a flat vector: cut where the reach of decay changes, and at a fixed length, never by the number of threads.
/// </summary>
internal sealed unsafe class ChunkTable
{
    /// <summary>
    /// Elements of one chunk: its parameters, gradient and two slots are 256 KB of floats, which stay in a second-level cache.
    /// </summary>
    public const int Size = 16384;

    /// <summary>Elements up to which the calling thread sweeps alone: waking others costs as much as it saves.</summary>
    public const int Threshold = 32768;

    private readonly Chunk[] _chunks;

    /// <summary>Cuts a flat vector.</summary>
    /// <param name="segments">What lies where.</param>
    /// <param name="isBySegment">Whether no chunk may hold elements of two parameters, or padding.</param>
    public ChunkTable(ParameterSegments segments, bool isBySegment)
    {
        Segments = segments;
        List<Chunk> chunks = [];
        foreach ((nint first, nint end, bool decays, int segment) in isBySegment ? segments.Exact() : segments.Runs())
        {
            for (nint i = first; i < end; i += Size)
                chunks.Add(new(i, nint.Min(i + Size, end), decays ? 1 : 0, segment));
        }

        Count = chunks.Count;
        _chunks = GC.AllocateUninitializedArray<Chunk>(Count, pinned: true);
        chunks.CopyTo(_chunks);
    }

    /// <summary>Elements of the flat vector.</summary>
    public nint Length => Segments.Length;

    /// <summary>What lies where.</summary>
    public ParameterSegments Segments { get; }

    /// <summary>Number of chunks.</summary>
    public int Count { get; }

    /// <summary>The chunks, pinned for as long as the table lives.</summary>
    public Chunk* Pointer => (Chunk*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_chunks));
}
