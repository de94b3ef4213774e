using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>One pass over the flat vector: output[i] = kernel(input[i], parameters[i]).</summary>
internal unsafe struct SweepJob<T, TKernel>(TKernel kernel, VectorWidth width) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TKernel : unmanaged, IRuleKernel<T>
{
    private readonly TKernel _kernel = kernel;
    public T* Input, Parameters, Output;
    public Chunk* Chunks;

    /// <summary>Two numbers for each chunk: the sums of squares of what it writes and of its parameters; or null.</summary>
    public double* Squares;

    public readonly void Run(int chunk)
    {
        Write(chunk);
        if (Squares is null)
            return;
        (nint first, nint n) = (Chunks[chunk].First, Chunks[chunk].End - Chunks[chunk].First);
        Squares[2 * chunk] = double.CreateTruncating(
            BlockReduction.RunChunk(width, default(SummingProducts<T>), Output + first, Output + first, n));
        Squares[(2 * chunk) + 1] =
            double.CreateTruncating(BlockReduction.RunChunk(width, default(SummingProducts<T>), Parameters + first, Parameters + first, n));
    }

    private readonly void Write(int chunk)
    {
        switch (width)
        {
            case VectorWidth.Bits512: Loop<SimdVector512<T>>(Chunks[chunk]); break;
            case VectorWidth.Bits256: Loop<SimdVector256<T>>(Chunks[chunk]); break;
            case VectorWidth.Bits128: Loop<SimdVector128<T>>(Chunks[chunk]); break;
            default: Loop<SimdVector1<T>>(Chunks[chunk]); break;
        }
    }

    [MethodImpl(Drive.Loop)]
    private readonly void Loop<V>(Chunk chunk)
        where V : unmanaged, ISimdVector<V, T>
    {
        // Locals, because fields behind a pointer would be read again after each store.
        TKernel kernel = _kernel;
        T* input = Input, parameters = Parameters, output = Output;
        T decay = T.CreateTruncating(chunk.Decay);
        int segment = chunk.Segment;
        nint i = chunk.First;
        for (; i <= chunk.End - V.Count; i += V.Count)
            V.Store(kernel.Apply(V.Load(input + i), V.Load(parameters + i), new Position<T>(i, decay, segment)), output + i);
        for (; i < chunk.End; i++)
        {
            output[i] = kernel.Apply(SimdVector1<T>.Load(input + i), SimdVector1<T>.Load(parameters + i),
                new Position<T>(i, decay, segment)).Value;
        }
    }
}
