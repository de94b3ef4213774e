using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

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
