using Thalweg.Kernels;

namespace Thalweg;

/// <content>Norms, without overflow or underflow of the powers inside.</content>
public sealed partial class Tensor
{
    /// <summary>(sum |x|^p)^(1/p) over the given axes, which are removed; over all where none is given. The derivative where the norm is 0
    /// is taken as 0.</summary>
    /// <param name="p">Order, above 0; 2 is the Euclidean norm, infinity the largest |x|.</param>
    /// <param name="axes">Axes, each from -Rank to Rank - 1.</param>
    /// <returns>A scalar <c>[]</c>, or the shape of this tensor without the given axes.</returns>
    /// <remarks>Where the sum of powers leaves the range of the type, that of x divided by a power of two takes its place, so that
    /// the norm of numbers such as 1e20 in float is right. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section
    /// 2.5, equation 2.30.</remarks>
    /// <exception cref="ThalwegException">The order is not above 0.</exception>
    public Tensor Norm(double p = 2, params ReadOnlySpan<int> axes)
    {
        if (!(p > 0))
            throw new ThalwegException($"[norm] expected an order p > 0 or infinity, got {p}");

        if (double.IsPositiveInfinity(p))
            return LargestOver(axes);

        if (p == 1)
            return Abs().Sum(axes);

        Tensor sum = SumOfPowers(p, axes);
        if (sum.IsWithinRangeOfSquares())
            return RootOf(sum, p);

        Tensor scale = PowersOfTwo(axes);
        return RootOf(Divide(scale).SumOfPowers(p, axes), p).Multiply(scale.Reshape(sum.Shape));
    }

    /// <summary>Whether all elements, sums of squares or of other powers, are far enough from the ends of the range of their type
    /// to be exact.</summary>
    internal bool IsWithinRangeOfSquares()
    {
        for (long i = 0; i < Length; i++)
        {
            if (!(DType == DType.Float32 ? SquareRange.Holds<float>(Read(i)) : SquareRange.Holds<double>(Read(i))))
                return false;
        }

        return true;
    }

    /// <summary>The largest power of two up to the largest |x| over the given axes, which are kept with size 1, as a constant; 1 where that
    /// is 0 or not finite, and never below the normal numbers, so that products with it keep their digits.</summary>
    /// <param name="axes">Axes, each from -Rank to Rank - 1; all where none is given.</param>
    internal Tensor PowersOfTwo(params ReadOnlySpan<int> axes)
    {
        Shape kept = Shape;
        for (int axis = 0; axis < Rank; axis++)
            kept = axes.IsEmpty || axes.Contains(axis) || axes.Contains(axis - Rank) ? kept.With(axis, 1) : kept;

        Tensor powers = Zeros(kept, DType), largest = Length == 0 ? powers : Detach().LargestOver(axes).Contiguous();
        int least = DType == DType.Float32 ? -126 : -1022;
        for (long i = 0; i < powers.Length; i++)
        {
            double size = largest.Read(i);
            powers.Write(i, size > 0 && double.IsFinite(size) ? Math.ScaleB(1, Math.Max(Math.ILogB(size), least)) : 1);
        }

        return powers;
    }

    private Tensor SumOfPowers(double p, ReadOnlySpan<int> axes) => (p == 2 ? Square() : Abs().Power(p)).Sum(axes);

    private static Tensor RootOf(Tensor sum, double p)
    {
        // The root has an infinite slope at 0: it is taken of 1 there, and the result set to 0.
        Tensor zero = Scalar(0, sum.DType), positive = sum.IsGreater(zero), safe = Where(positive, sum, Scalar(1, sum.DType));
        Tensor root = p == 2 ? safe.Sqrt() : safe.Power(1 / p);
        return Where(positive, root, sum);
    }

    private Tensor LargestOver(ReadOnlySpan<int> axes)
    {
        bool[] gone = new bool[Rank];
        foreach (int axis in axes)
            gone[Shape.Normalize(axis)] = true;

        int[] all = [.. Enumerable.Range(0, Rank)];
        int[] kept = axes.IsEmpty ? [] : [.. all.Where(a => !gone[a])];
        Shape result = new([.. kept.Select(a => Shape[a])]);
        Tensor ordered = Abs().Permute([.. kept, .. all.Except(kept)]);
        return ordered.Reshape([(int)result.Length, (int)(Length / Math.Max(result.Length, 1))]).MaxLast().Reshape(result);
    }
}
