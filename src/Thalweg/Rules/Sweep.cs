using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>A run of the flat vector that is swept in one go.</summary>
/// <param name="First">Its first element.</param>
/// <param name="End">The element after its last.</param>
/// <param name="Decay">1 where weight decay reaches, else 0.</param>
/// <param name="Segment">Number of the parameter, where the sweep tells them apart, else 0.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Piece(nint First, nint End, double Decay, int Segment);

/// <summary>
/// The pieces of a flat vector: cut where the reach of decay changes, and at a fixed length, never by the number of threads.
/// </summary>
internal sealed unsafe class PieceTable
{
    /// <summary>
    /// Elements of one piece: its parameters, gradient and two slots are 256 KB of floats, which stay in a second-level cache.
    /// </summary>
    public const int Size = 16384;

    /// <summary>Elements up to which the calling thread sweeps alone: waking others costs as much as it saves.</summary>
    public const int Threshold = 32768;

    private readonly Piece[] _pieces;

    /// <summary>Cuts a flat vector.</summary>
    /// <param name="segments">What lies where.</param>
    /// <param name="isBySegment">Whether no piece may hold elements of two parameters, or padding.</param>
    public PieceTable(ParameterSegments segments, bool isBySegment)
    {
        Segments = segments;
        List<Piece> pieces = [];
        foreach ((nint first, nint end, bool decays, int segment) in isBySegment ? segments.Exact() : segments.Runs())
        {
            for (nint i = first; i < end; i += Size)
                pieces.Add(new(i, nint.Min(i + Size, end), decays ? 1 : 0, segment));
        }

        Count = pieces.Count;
        _pieces = GC.AllocateUninitializedArray<Piece>(Count, pinned: true);
        pieces.CopyTo(_pieces);
    }

    /// <summary>Elements of the flat vector.</summary>
    public nint Length => Segments.Length;

    /// <summary>What lies where.</summary>
    public ParameterSegments Segments { get; }

    /// <summary>Number of pieces.</summary>
    public int Count { get; }

    /// <summary>The pieces, pinned for as long as the table lives.</summary>
    public Piece* Pointer => (Piece*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_pieces));
}

/// <summary>One pass over the flat vector: output[i] = kernel(input[i], parameters[i]).</summary>
internal unsafe struct SweepJob<T, TKernel>(TKernel kernel, LaneWidth width) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TKernel : unmanaged, IRuleKernel<T>
{
    private readonly TKernel _kernel = kernel;
    public T* Input, Parameters, Output;
    public Piece* Pieces;

    /// <summary>Two numbers for each piece: the sums of squares of what it writes and of its parameters; or null.</summary>
    public double* Squares;

    public readonly void Run(int piece)
    {
        Write(piece);
        if (Squares is null)
            return;
        (nint first, nint n) = (Pieces[piece].First, Pieces[piece].End - Pieces[piece].First);
        Squares[2 * piece] = double.CreateTruncating(
            BlockReduction.RunPiece(width, default(SummingProducts<T>), Output + first, Output + first, n));
        Squares[(2 * piece) + 1] =
            double.CreateTruncating(BlockReduction.RunPiece(width, default(SummingProducts<T>), Parameters + first, Parameters + first, n));
    }

    private readonly void Write(int piece)
    {
        switch (width)
        {
            case LaneWidth.Bits512: Loop<Lane512<T>>(Pieces[piece]); break;
            case LaneWidth.Bits256: Loop<Lane256<T>>(Pieces[piece]); break;
            case LaneWidth.Bits128: Loop<Lane128<T>>(Pieces[piece]); break;
            default: Loop<Lane1<T>>(Pieces[piece]); break;
        }
    }

    [MethodImpl(Drive.Loop)]
    private readonly void Loop<V>(Piece piece)
        where V : unmanaged, ILane<V, T>
    {
        // Locals, because fields behind a pointer would be read again after each store.
        TKernel kernel = _kernel;
        T* input = Input, parameters = Parameters, output = Output;
        T decay = T.CreateTruncating(piece.Decay);
        int segment = piece.Segment;
        nint i = piece.First;
        for (; i <= piece.End - V.Count; i += V.Count)
            V.Store(kernel.Apply(V.Load(input + i), V.Load(parameters + i), new Place<T>(i, decay, segment)), output + i);
        for (; i < piece.End; i++)
            output[i] = kernel.Apply(Lane1<T>.Load(input + i), Lane1<T>.Load(parameters + i), new Place<T>(i, decay, segment)).Value;
    }
}
