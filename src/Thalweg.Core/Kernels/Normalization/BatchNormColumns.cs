using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Batch normalization of x <c>[batch, channels]</c>: neighboring channels in one lane; a piece is some channels.</summary>
/// <remarks>Rows are summed in blocks of 256 whose sums are then added, so the rounding error stays small for large batches.</remarks>
internal readonly unsafe struct BatchNormColumns<T>(BatchNormWork<T> work, bool backward, int perPiece) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RowBlock = 256;

    public void Run(int piece)
    {
        int first = piece * perPiece, last = Math.Min(work.Channels, first + perPiece);
        int done = LaneWidths.Best switch
        {
            LaneWidth.Bits512 => Loop<Lane512<T>>(first, last),
            LaneWidth.Bits256 => Loop<Lane256<T>>(first, last),
            LaneWidth.Bits128 => Loop<Lane128<T>>(first, last),
            _ => first,
        };
        if (done < last)
            Loop<Lane1<T>>(done, last);
    }

    [MethodImpl(Drive.Loop)]
    private int Loop<V>(int first, int last)
        where V : unmanaged, ILane<V, T>
    {
        int column = first;
        for (; column <= last - V.Count; column += V.Count)
        {
            if (backward)
                Differentiate<V>(column);
            else
                Normalize<V>(column);
        }

        return column;
    }

    [MethodImpl(Drive.Loop)]
    private void Normalize<V>(int column)
        where V : unmanaged, ILane<V, T>
    {
        V share = V.Splat(T.One / T.CreateTruncating(work.Batch)), zero = V.Splat(T.Zero), mean = zero, variance = zero;
        for (int block = 0; block < work.Batch; block += RowBlock)
        {
            V sum = zero;
            for (int i = block; i < Math.Min(work.Batch, block + RowBlock); i++)
                sum += V.Load(work.X + ((nint)i * work.Channels) + column);
            mean += sum;
        }

        mean *= share;
        for (int block = 0; block < work.Batch; block += RowBlock)
        {
            V sum = zero;
            for (int i = block; i < Math.Min(work.Batch, block + RowBlock); i++)
            {
                V deviation = V.Load(work.X + ((nint)i * work.Channels) + column) - mean;
                sum = V.Fma(deviation, deviation, sum);
            }

            variance += sum;
        }

        variance *= share;
        V.Store(mean, work.Mean + column);
        V.Store(variance, work.Variance + column);
        V scale = Scale(variance, column), shift = work.Beta == null ? zero : V.Load(work.Beta + column);
        for (int i = 0; i < work.Batch; i++)
        {
            nint at = ((nint)i * work.Channels) + column;
            V value = V.Fma(V.Load(work.X + at) - mean, scale, shift);
            V.Store(work.Relu ? default(Relu<T>).Apply(value) : value, work.Y + at);
        }
    }

    [MethodImpl(Drive.Loop)]
    private void Differentiate<V>(int column)
        where V : unmanaged, ILane<V, T>
    {
        V share = V.Splat(T.One / T.CreateTruncating(work.Batch)), zero = V.Splat(T.Zero), mean = V.Load(work.Mean + column);
        V variance = V.Load(work.Variance + column), inverse = V.Splat(T.One) / V.Sqrt(variance + V.Splat(work.Epsilon)), total = zero, products = zero;
        for (int block = 0; block < work.Batch; block += RowBlock)
        {
            V sum = zero, product = zero;
            for (int i = block; i < Math.Min(work.Batch, block + RowBlock); i++)
            {
                nint at = ((nint)i * work.Channels) + column;
                V g = Cotangent<V>(at);
                sum += g;
                product = V.Fma(g, V.Load(work.X + at) - mean, product);
            }

            total += sum;
            products += product;
        }

        V.Store(total, work.SumG + column);
        V.Store(products * inverse, work.SumGHat + column);
        if (work.Y == null)
            return;
        V scale = Scale(variance, column), shift = total * share, slope = products * inverse * inverse * share;
        for (int i = 0; i < work.Batch; i++)
        {
            nint at = ((nint)i * work.Channels) + column;
            V.Store(scale * (Cotangent<V>(at) - shift - ((V.Load(work.X + at) - mean) * slope)), work.Y + at);
        }
    }

    /// <summary>Cotangent before the activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Cotangent<V>(nint at)
        where V : unmanaged, ILane<V, T>
    {
        V g = V.Load(work.G + at);
        return work.Relu ? default(ReluGradient<T>).Apply(g, V.Load(work.Result + at)) : g;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Scale<V>(V variance, int column)
        where V : unmanaged, ILane<V, T>
    {
        V scale = V.Splat(T.One) / V.Sqrt(variance + V.Splat(work.Epsilon));
        return work.Gamma == null ? scale : scale * V.Load(work.Gamma + column);
    }
}
