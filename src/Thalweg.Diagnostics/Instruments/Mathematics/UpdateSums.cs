using System.Runtime.CompilerServices;
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
    public Sums All => Parts.Aggregate(default(Sums), (all, part) => all.With(part));

    /// <summary>Takes the sums.</summary>
    /// <param name="parameters">The weights after the update, and the gradient.</param>
    /// <param name="before">The weights before.</param>
    public static UpdateSums Of(ParameterVector parameters, Tensor before)
    {
        IReadOnlyList<ParameterSegment> segments = parameters.Segments.Items;
        UpdateSums result = new(segments.Count);
        for (int i = 0; i < segments.Count; i++)
        {
            (int offset, int size) = (segments[i].Offset, segments[i].Size);
            Sums[] pieces = new Sums[(size + FlatMath.Piece - 1) / FlatMath.Piece];
            FlatMath.Share(size, (start, length) => pieces[start / FlatMath.Piece] = before.DType == DType.Float32
                ? Of<float>(parameters, before, offset + start, length)
                : Of<double>(parameters, before, offset + start, length));
            foreach (Sums piece in pieces)
                result.Parts[i] = result.Parts[i].With(piece);
        }

        return result;
    }

    /// <summary>Product of the gradient and the update alone.</summary>
    /// <param name="parameters">The weights after the update, and the gradient.</param>
    /// <param name="before">The weights before.</param>
    public static double SlopeOf(ParameterVector parameters, Tensor before) => FlatMath.Sum(
        checked((int)before.Length), (start, length) => before.DType == DType.Float32
            ? SlopeOf<float>(parameters, before, start, length)
            : SlopeOf<double>(parameters, before, start, length));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Sums Of<T>(ParameterVector parameters, Tensor before, int start, int length)
        where T : unmanaged
    {
        ReadOnlySpan<T> b = before.AsSpan<T>().Slice(start, length), a = parameters.Values.AsSpan<T>().Slice(start, length),
            g = parameters.Gradients.AsSpan<T>().Slice(start, length);
        Vector256<double> weight0 = default, weight1 = default, update0 = default, update1 = default, slope0 = default, slope1 = default;
        int i = 0;
        for (; i + 8 <= length; i += 8)
        {
            (Vector256<double> b0, Vector256<double> b1) = FlatMath.Load8(b, i);
            (Vector256<double> a0, Vector256<double> a1) = FlatMath.Load8(a, i);
            (Vector256<double> g0, Vector256<double> g1) = FlatMath.Load8(g, i);
            (Vector256<double> d0, Vector256<double> d1) = (a0 - b0, a1 - b1);
            weight0 += b0 * b0;
            weight1 += b1 * b1;
            update0 += d0 * d0;
            update1 += d1 * d1;
            slope0 += g0 * d0;
            slope1 += g1 * d1;
        }

        (double weight, double update, double slope) =
            (FlatMath.SumOf(weight0 + weight1), FlatMath.SumOf(update0 + update1), FlatMath.SumOf(slope0 + slope1));
        for (; i < length; i++)
        {
            double from = FlatMath.Load1(b, i), difference = FlatMath.Load1(a, i) - from;
            (weight, update) = (weight + (from * from), update + (difference * difference));
            slope += FlatMath.Load1(g, i) * difference;
        }

        return new(weight, update, slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SlopeOf<T>(ParameterVector parameters, Tensor before, int start, int length)
        where T : unmanaged
    {
        ReadOnlySpan<T> b = before.AsSpan<T>().Slice(start, length), a = parameters.Values.AsSpan<T>().Slice(start, length),
            g = parameters.Gradients.AsSpan<T>().Slice(start, length);
        Vector256<double> slope0 = default, slope1 = default;
        int i = 0;
        for (; i + 8 <= length; i += 8)
        {
            (Vector256<double> b0, Vector256<double> b1) = FlatMath.Load8(b, i);
            (Vector256<double> a0, Vector256<double> a1) = FlatMath.Load8(a, i);
            (Vector256<double> g0, Vector256<double> g1) = FlatMath.Load8(g, i);
            slope0 += g0 * (a0 - b0);
            slope1 += g1 * (a1 - b1);
        }

        double slope = FlatMath.SumOf(slope0 + slope1);
        for (; i < length; i++)
            slope += FlatMath.Load1(g, i) * (FlatMath.Load1(a, i) - FlatMath.Load1(b, i));

        return slope;
    }

    /// <summary>Sums over a parameter.</summary>
    /// <param name="Weight">Squares of the weights before.</param>
    /// <param name="Update">Squares of the update.</param>
    /// <param name="Slope">Products of gradient and update.</param>
    public readonly record struct Sums(double Weight, double Update, double Slope)
    {
        public Sums With(in Sums other) => new(Weight + other.Weight, Update + other.Update, Slope + other.Slope);
    }
}
