using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Batch normalization of x <c>[batch, channels]</c>: neighboring channels in one vector; a chunk is some channels.</summary>
/// <remarks>Rows are summed in blocks of 256 whose sums are then added, so the rounding error stays small for large batches. The mean is
/// summed from the first row on, as the mean of what differs from it, so that numbers far from 0 keep their digits.</remarks>
internal readonly unsafe struct BatchNormColumns<T>(BatchNormWork<T> work, bool backward, int perChunk) : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Channels of a chunk where only threads that are waiting take part.</summary>
    public const int ChannelsOfShortChunk = 32;

    private const int RowBlock = 256;

    public void Run(int chunk)
    {
        int first = chunk * perChunk, last = Math.Min(work.Channels, first + perChunk);
        int done = VectorWidths.Best switch
        {
            VectorWidth.Bits512 => Loop<SimdVector512<T>>(first, last),
            VectorWidth.Bits256 => Loop<SimdVector256<T>>(first, last),
            _ => first,
        };
        if (VectorWidths.Best >= VectorWidth.Bits128)
            done = Loop<SimdVector128<T>>(done, last);
        if (done < last)
            Loop<SimdVector1<T>>(done, last);
    }

    /// <summary>Two vectors at a time, whose sums do not wait for each other, then one.</summary>
    [MethodImpl(Drive.Loop)]
    private int Loop<V>(int first, int last)
        where V : unmanaged, ISimdVector<V, T>
    {
        int column = first;
        while (column <= last - V.Count)
        {
            int second = column <= last - (2 * V.Count) ? column + V.Count : column;
            if (backward)
                Differentiate<V>(column, second);
            else
                Normalize<V>(column, second);
            column = second + V.Count;
        }

        return column;
    }

    [MethodImpl(Drive.Loop)]
    private void Normalize<V>(int column, int second)
        where V : unmanaged, ISimdVector<V, T>
    {
        V share = V.Splat(T.One / T.CreateTruncating(work.Batch)), zero = V.Splat(T.Zero);
        V first = V.Load(work.X + column), first2 = V.Load(work.X + second);
        V mean = zero, mean2 = zero, variance = zero, variance2 = zero;
        nint gap = second - column;
        for (int block = 0; block < work.Batch; block += RowBlock)
        {
            V sum = zero, sum2 = zero;
            T* x = work.X + ((nint)block * work.Channels) + column;
            for (int i = Math.Min(work.Batch - block, RowBlock); i > 0; i--, x += work.Channels)
                (sum, sum2) = (sum + (V.Load(x) - first), sum2 + (V.Load(x + gap) - first2));
            (mean, mean2) = (mean + sum, mean2 + sum2);
        }

        mean = CompensatedSum.Of<V, T>(first, mean * share, out V rest);
        mean2 = CompensatedSum.Of<V, T>(first2, mean2 * share, out V rest2);
        for (int block = 0; block < work.Batch; block += RowBlock)
        {
            V sum = zero, sum2 = zero;
            T* x = work.X + ((nint)block * work.Channels) + column;
            for (int i = Math.Min(work.Batch - block, RowBlock); i > 0; i--, x += work.Channels)
            {
                V deviation = V.Load(x) - mean, deviation2 = V.Load(x + gap) - mean2;
                (sum, sum2) = (V.Fma(deviation, deviation, sum), V.Fma(deviation2, deviation2, sum2));
            }

            (variance, variance2) = (variance + sum, variance2 + sum2);
        }

        Write(mean, rest, variance * share, column);
        Write(mean2, rest2, variance2 * share, second);
    }

    /// <summary>Keeps the moments of some columns and normalizes them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write<V>(V mean, V rest, V squares, int column)
        where V : unmanaged, ISimdVector<V, T>
    {
        V variance = SimdMath.AtLeast<V, T>(squares - (rest * rest), V.Splat(T.Zero));
        V inverse = V.Splat(T.One) / V.Sqrt(variance + V.Splat(T.CreateTruncating(work.Epsilon)));
        V.Store(mean, work.Mean + column);
        V.Store(rest, work.Rest + column);
        V.Store(inverse, work.Inverse + column);
        V.Store(variance, work.Variance + column);
        V scale = Scale(inverse, column);
        V shift = (work.Beta == null ? V.Splat(T.Zero) : V.Load(work.Beta + column)) - (rest * scale);
        T* x = work.X + column, y = work.Y + column;
        for (int i = work.Batch; i > 0; i--, x += work.Channels, y += work.Channels)
        {
            V value = V.Fma(V.Load(x) - mean, scale, shift);
            V.Store(work.Relu ? default(Relu<T>).Apply(value) : value, y);
        }

        for (int channel = column; channel < column + V.Count; channel++)
            new WideBatchNorm<T>(work).NormalizeIfWide(channel);
    }

    [MethodImpl(Drive.Loop)]
    private void Differentiate<V>(int column, int second)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero), mean = V.Load(work.Mean + column), mean2 = V.Load(work.Mean + second);
        if (work.HasMeans)
        {
            ApplyMeans(mean, column);
            ApplyMeans(mean2, second);
            return;
        }

        V total = zero, products = zero, total2 = zero, products2 = zero;
        nint gap = second - column;
        for (int block = 0; block < work.Batch; block += RowBlock)
        {
            V sum = zero, product = zero, sum2 = zero, product2 = zero;
            nint at = ((nint)block * work.Channels) + column;
            for (int i = Math.Min(work.Batch - block, RowBlock); i > 0; i--, at += work.Channels)
            {
                V g = Cotangent<V>(at), g2 = Cotangent<V>(at + gap);
                (sum, sum2) = (sum + g, sum2 + g2);
                product = V.Fma(g, V.Load(work.X + at) - mean, product);
                product2 = V.Fma(g2, V.Load(work.X + at + gap) - mean2, product2);
            }

            (total, total2) = (total + sum, total2 + sum2);
            (products, products2) = (products + product, products2 + product2);
        }

        WriteDerivative(mean, total, products, column);
        WriteDerivative(mean2, total2, products2, second);
    }

    /// <summary>Keeps the sums of some columns and differentiates them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteDerivative<V>(V mean, V total, V products, int column)
        where V : unmanaged, ISimdVector<V, T>
    {
        V share = V.Splat(T.One / T.CreateTruncating(work.Batch)), rest = V.Load(work.Rest + column);
        V inverse = V.Load(work.Inverse + column);
        products -= rest * total;
        V.Store(total, work.SumG + column);
        V.Store(products * inverse, work.SumGHat + column);
        V slope = products * inverse * inverse * share, shift = (total * share) - (rest * slope);
        Map(mean, inverse, slope, shift, column);
        for (int channel = column; channel < column + V.Count; channel++)
            new WideBatchNorm<T>(work).DifferentiateIfWide(channel);
    }

    /// <summary>Differentiates some columns by the means of the whole batch.</summary>
    private void ApplyMeans<V>(V mean, int column)
        where V : unmanaged, ISimdVector<V, T>
    {
        V inverse = V.Load(work.Inverse + column), slope = V.Load(work.SumGHat + column) * inverse;
        Map(mean, inverse, slope, V.Load(work.SumG + column) - (V.Load(work.Rest + column) * slope), column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Map<V>(V mean, V inverse, V slope, V shift, int column)
        where V : unmanaged, ISimdVector<V, T>
    {
        V scale = Scale(inverse, column);
        nint at = column;
        for (int i = work.Y == null ? 0 : work.Batch; i > 0; i--, at += work.Channels)
            V.Store(scale * (Cotangent<V>(at) - shift - ((V.Load(work.X + at) - mean) * slope)), work.Y + at);
    }

    /// <summary>Cotangent before the activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Cotangent<V>(nint at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V g = V.Load(work.G + at);
        return work.Relu ? default(ReluGradient<T>).Apply(g, V.Load(work.Result + at)) : g;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Scale<V>(V inverse, int column)
        where V : unmanaged, ISimdVector<V, T> => work.Gamma == null ? inverse : inverse * V.Load(work.Gamma + column);
}
