using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>Sums over an update of the weights, by parameter, from one visit of each: several instruments need them.</summary>
internal sealed class UpdateSums
{
    private UpdateSums(int parameters) => Parts = new Sums[parameters];

    /// <summary>The sums by parameter.</summary>
    public Sums[] Parts { get; }

    /// <summary>The sums over all.</summary>
    public Sums All => Parts.Aggregate(
        default(Sums), (all, part) => new(all.Weight + part.Weight, all.Update + part.Update, all.Slope + part.Slope));

    /// <summary>Takes the sums.</summary>
    /// <param name="parameters">The weights after the update, and the gradient.</param>
    /// <param name="before">The weights before.</param>
    public static UpdateSums Of(ParameterVector parameters, Tensor before)
    {
        IReadOnlyList<ParameterSegment> segments = parameters.Segments.Items;
        UpdateSums result = new(segments.Count);
        for (int i = 0; i < segments.Count; i++)
        {
            (int start, int size) = (segments[i].Offset, segments[i].Size);
            result.Parts[i] = before.DType == DType.Float32
                ? Of(before.AsSpan<float>().Slice(start, size), parameters.Values.AsSpan<float>().Slice(start, size),
                    parameters.Gradients.AsSpan<float>().Slice(start, size))
                : Of(before.AsSpan<double>().Slice(start, size), parameters.Values.AsSpan<double>().Slice(start, size),
                    parameters.Gradients.AsSpan<double>().Slice(start, size));
        }

        return result;
    }

    private static Sums Of(ReadOnlySpan<float> before, ReadOnlySpan<float> after, ReadOnlySpan<float> gradient)
    {
        Vector256<double> weight = default, update = default, slope = default;
        int i = 0;
        for (; i + 8 <= before.Length; i += 8)
        {
            (Vector256<double> b0, Vector256<double> b1) = Vector256.Widen(Load(before, i));
            (Vector256<double> a0, Vector256<double> a1) = Vector256.Widen(Load(after, i));
            (Vector256<double> g0, Vector256<double> g1) = Vector256.Widen(Load(gradient, i));
            (Vector256<double> d0, Vector256<double> d1) = (a0 - b0, a1 - b1);
            weight += (b0 * b0) + (b1 * b1);
            update += (d0 * d0) + (d1 * d1);
            slope += (g0 * d0) + (g1 * d1);
        }

        Sums sums = new(FlatMath.SumOf(weight), FlatMath.SumOf(update), FlatMath.SumOf(slope));
        for (; i < before.Length; i++)
            sums = sums.With(before[i], (double)after[i] - before[i], gradient[i]);

        return sums;
    }

    private static Sums Of(ReadOnlySpan<double> before, ReadOnlySpan<double> after, ReadOnlySpan<double> gradient)
    {
        Sums sums = default;
        for (int i = 0; i < before.Length; i++)
            sums = sums.With(before[i], after[i] - before[i], gradient[i]);

        return sums;
    }

    private static Vector256<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    /// <summary>Sums over a parameter.</summary>
    /// <param name="Weight">Squares of the weights before.</param>
    /// <param name="Update">Squares of the update.</param>
    /// <param name="Slope">Products of gradient and update.</param>
    public readonly record struct Sums(double Weight, double Update, double Slope)
    {
        public Sums With(double weight, double update, double gradient) =>
            new(Weight + (weight * weight), Update + (update * update), Slope + (gradient * update));
    }
}
