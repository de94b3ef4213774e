using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thalweg.Kernels;

/// <summary>Batch normalization of a channel whose squares leave the range of the type, in place of what the kernels wrote.</summary>
internal readonly unsafe struct WideBatchNorm<T>(BatchNormWork<T> work)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the moments and the result of a channel where its variance asks for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NormalizeIfWide(int channel)
    {
        if (!WideRange<T>.Holds(work.Variance[channel] + T.CreateTruncating(work.Epsilon)))
            Normalize(channel);
    }

    /// <summary>Writes the sums and the derivative of a channel where its deviation asks for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void DifferentiateIfWide(int channel)
    {
        // A part does not know the numbers that the moments are of.
        if (!work.IsPart && !WideRange<T>.HoldsInverse(work.Inverse[channel]))
            Differentiate(channel);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Normalize(int channel)
    {
        NumberRuns<T> x = work.Numbers(channel);
        if (!WideRange<T>.TryMeasure(x, centered: true, work.Epsilon, out WideRange<T> moments))
            return;
        (work.Mean[channel], work.Rest[channel]) = moments.Mean;
        (work.Inverse[channel], work.Variance[channel]) = (T.CreateTruncating(moments.Inverse), moments.Variance);
        double scale = Gamma(channel), shift = work.Beta == null ? 0 : double.CreateTruncating(work.Beta[channel]);
        T* y = work.Y + work.Row(0, channel);
        for (nint k = 0; k < x.Total; k++)
        {
            double value = (scale * moments.Normalize(x.Start[x.At(k)])) + shift;
            y[x.At(k)] = T.CreateTruncating(work.Relu && value < 0 ? 0 : value);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Differentiate(int channel)
    {
        NumberRuns<T> x = work.Numbers(channel);
        if (!WideRange<T>.TryMeasure(x, centered: true, work.Epsilon, out WideRange<T> moments))
            return;
        nint first = work.Row(0, channel);
        double sum = 0, products = 0;
        for (nint k = 0; k < x.Total; k++)
        {
            double g = Cotangent(first + x.At(k));
            (sum, products) = (sum + g, products + (g * moments.Normalize(x.Start[x.At(k)])));
        }

        (work.SumG[channel], work.SumGHat[channel]) = (T.CreateTruncating(sum), T.CreateTruncating(products));
        double shift = sum / x.Total, slope = products / x.Total, scale = Gamma(channel) * moments.Inverse;
        for (nint k = 0; k < x.Total && work.Y != null; k++)
        {
            double deviation = Cotangent(first + x.At(k)) - shift - (slope * moments.Normalize(x.Start[x.At(k)]));
            work.Y[first + x.At(k)] = T.CreateTruncating(scale * deviation);
        }
    }

    private double Gamma(int channel) => work.Gamma == null ? 1 : double.CreateTruncating(work.Gamma[channel]);

    /// <summary>Cotangent before the activation.</summary>
    private double Cotangent(nint at) =>
        work.Relu && !(work.Result[at] > T.Zero) ? 0 : double.CreateTruncating(work.G[at]);
}
