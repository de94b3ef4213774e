using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>
/// Batch normalization of x <c>[batch, channels, places]</c>: one visit for the sums, one for the results; a chunk is some channels.
/// </summary>
/// <remarks>
/// The moments are those of the deviations from the mean of the first image, which is itself summed from its first number on. That keeps
/// the digits that plain sums lose: where a group of 1 / N of all values has mean K, the square of K - mean is at most N times the
/// variance, so the variance has a relative error of N roundings at worst, whatever the size of the mean.
/// </remarks>
internal readonly unsafe struct BatchNormPlanes<TVector, T>(BatchNormWork<T> work, bool backward, int perChunk) : IParallelJob
    where TVector : unmanaged, ISimdVector<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run(int chunk)
    {
        T* totals = stackalloc T[PairSums.Length];
        int last = Math.Min(work.Channels, (chunk + 1) * perChunk);
        for (int channel = chunk * perChunk; channel < last; channel++)
        {
            new Span<T>(totals, PairSums.Length).Clear();
            if (backward)
                Differentiate(channel, totals);
            else
                Normalize(channel, totals);
        }
    }

    private void Normalize(int channel, T* totals)
    {
        T share = T.One / T.CreateTruncating(work.Batch * work.Places);
        T* start = work.X + work.Row(0, channel);
        T pivot = *start + (BlockReduction.RunChunk(
            VectorWidths.Best, new SummingDeviations<T>(*start), start, start, work.Places) / T.CreateTruncating(work.Places));
        SumDeviations(channel, pivot, totals);
        T shift = PairSums.Combine(totals) * share, squares = PairSums.Combine(totals + PairSums.Partials) * share;
        // Rounding can push the variance of equal numbers below 0.
        T mean = CompensatedSum.Of(pivot, shift, out T rest), variance = T.Max(squares - (shift * shift), T.Zero);
        T scale = T.One / T.Sqrt(variance + T.CreateTruncating(work.Epsilon));
        (work.Mean[channel], work.Rest[channel], work.Inverse[channel], work.Variance[channel]) = (mean, rest, scale, variance);
        T factor = work.Gamma == null ? scale : scale * work.Gamma[channel], addend = work.Beta == null ? T.Zero : work.Beta[channel];
        Normalizing<T> function = new(mean, factor, addend - (rest * factor));
        if (work.Relu)
            MapRows(channel, new NormalizingRelu<T>(function));
        else
            MapRows(channel, function);
        new WideBatchNorm<T>(work).NormalizeIfWide(channel);
    }

    private void Differentiate(int channel, T* totals)
    {
        T share = T.One / T.CreateTruncating(work.Batch * work.Places), mean = work.Mean[channel], rest = work.Rest[channel];
        T scale = work.Inverse[channel], slope, shift;
        if (work.HasMeans)
        {
            slope = work.SumGHat[channel] * scale;
            shift = work.SumG[channel] - (rest * slope);
        }
        else
        {
            SumCotangents(channel, mean, totals);
            T sum = PairSums.Combine(totals), products = PairSums.Combine(totals + PairSums.Partials) - (rest * sum);
            (work.SumG[channel], work.SumGHat[channel]) = (sum, products * scale);
            slope = products * scale * scale * share;
            shift = (sum * share) - (rest * slope);
        }

        NormalizationGradient<T> function = new(mean, work.Gamma == null ? scale : scale * work.Gamma[channel], shift, slope);
        if (work.Y != null && work.Relu)
            MapGradients(channel, new MaskedNormalizationGradient<T>(function));
        else if (work.Y != null)
            MapGradients(channel, new UnmaskedNormalizationGradient<T>(function));
        new WideBatchNorm<T>(work).DifferentiateIfWide(channel);
    }

    [MethodImpl(Drive.Loop)]
    private void SumDeviations(int channel, T pivot, T* totals)
    {
        nint elements = 0;
        for (int image = 0; image < work.Batch; image++)
        {
            Deviations step = new(work.X + work.Row(image, channel), pivot);
            for (nint start = 0, end; start < work.Places; start = end)
            {
                end = PairSums.EndOfBlock(start, work.Places);
                elements = PairSums.IsFull(elements, end - start) ? Flush(totals) : elements;
                PairSums.Add<TVector, T, Deviations>(step, start, end, totals);
                elements += end - start;
            }
        }

        Finish(totals);
    }

    [MethodImpl(Drive.Loop)]
    private void SumCotangents(int channel, T mean, T* totals)
    {
        nint elements = 0;
        for (int image = 0; image < work.Batch; image++)
        {
            nint row = work.Row(image, channel);
            Cotangents step = new(work.G + row, work.X + row, work.Relu ? work.Result + row : null, mean);
            for (nint start = 0, end; start < work.Places; start = end)
            {
                end = PairSums.EndOfBlock(start, work.Places);
                elements = PairSums.IsFull(elements, end - start) ? Flush(totals) : elements;
                PairSums.Add<TVector, T, Cotangents>(step, start, end, totals);
                elements += end - start;
            }
        }

        Finish(totals);
    }

    private static nint Flush(T* totals)
    {
        PairSums.Flush<TVector, T>(totals);
        return 0;
    }

    private static void Finish(T* totals)
    {
        PairSums.Flush<TVector, T>(totals);
        new ReadOnlySpan<T>(totals + (2 * PairSums.Partials), 2 * PairSums.Partials).CopyTo(new Span<T>(totals, 2 * PairSums.Partials));
    }

    [MethodImpl(Drive.Loop)]
    private void MapRows<TFunction>(int channel, TFunction function)
        where TFunction : unmanaged, IUnaryFunction<T>
    {
        for (int image = 0; image < work.Batch; image++)
        {
            nint row = work.Row(image, channel), i = 0;
            T* x = work.X + row, y = work.Y + row;
            for (; i <= work.Places - TVector.Count; i += TVector.Count)
                TVector.Store(function.Apply(TVector.Load(x + i)), y + i);
            for (; i < work.Places; i++)
                SimdVector1<T>.Store(function.Apply(SimdVector1<T>.Load(x + i)), y + i);
        }
    }

    [MethodImpl(Drive.Loop)]
    private void MapGradients<TFunction>(int channel, TFunction function)
        where TFunction : unmanaged, ITernaryFunction<T>
    {
        for (int image = 0; image < work.Batch; image++)
        {
            nint row = work.Row(image, channel), i = 0;
            T* g = work.G + row, x = work.X + row, y = work.Y + row, result = work.Relu ? work.Result + row : g;
            for (; i <= work.Places - TVector.Count; i += TVector.Count)
                TVector.Store(function.Apply(TVector.Load(g + i), TVector.Load(x + i), TVector.Load(result + i)), y + i);
            for (; i < work.Places; i++)
                SimdVector1<T>.Store(function.Apply(SimdVector1<T>.Load(g + i), SimdVector1<T>.Load(x + i), SimdVector1<T>.Load(result + i)), y + i);
        }
    }

    /// <summary>Sums of x - pivot and of its square.</summary>
    private readonly struct Deviations(T* x, T pivot) : IPairStep<T>
    {
        private readonly T* _x = x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<V>(ref V first, ref V second, nint i)
            where V : unmanaged, ISimdVector<V, T>
        {
            V deviation = V.Load(_x + i) - V.Splat(pivot);
            first += deviation;
            second = V.Fma(deviation, deviation, second);
        }
    }

    /// <summary>Sums of the cotangent, 0 where the result was made 0, and of its product with x - mean.</summary>
    private readonly struct Cotangents(T* g, T* x, T* result, T mean) : IPairStep<T>
    {
        private readonly T* _g = g, _x = x, _result = result;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<V>(ref V first, ref V second, nint i)
            where V : unmanaged, ISimdVector<V, T>
        {
            V cotangent = V.Load(_g + i);
            if (_result != null)
                cotangent = default(ReluGradient<T>).Apply(cotangent, V.Load(_result + i));
            first += cotangent;
            second = V.Fma(cotangent, V.Load(_x + i) - V.Splat(mean), second);
        }
    }
}
