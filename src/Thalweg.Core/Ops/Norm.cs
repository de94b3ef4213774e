namespace Thalweg;

/// <content>Norms.</content>
public sealed partial class Tensor
{
    /// <summary>(sum |x|^p)^(1/p) over the given axes, which are removed; over all where none is given. The derivative where the norm is 0
    /// is taken as 0.</summary>
    /// <param name="p">Order, above 0; 2 is the Euclidean norm, infinity the largest |x|.</param>
    /// <param name="axes">Axes, each from -Rank to Rank - 1.</param>
    /// <returns>A scalar <c>[]</c>, or the shape of this tensor without the given axes.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 2.5, equation 2.30.</remarks>
    /// <exception cref="ThalwegException">The order is not above 0.</exception>
    public Tensor Norm(double p = 2, params ReadOnlySpan<int> axes)
    {
        if (!(p > 0))
        {
            throw new ThalwegException($"[norm] expected an order p > 0 or infinity, got {p}");
        }

        if (double.IsPositiveInfinity(p))
        {
            return LargestOver(axes);
        }

        if (p == 1)
        {
            return Abs().Sum(axes);
        }

        Tensor sum = (p == 2 ? Square() : Abs().Power(p)).Sum(axes);
        // The root has an infinite slope at 0: it is taken of 1 there, and the result set to 0.
        Tensor zero = Scalar(0, DType), positive = sum.IsGreater(zero), safe = Where(positive, sum, Scalar(1, DType));
        Tensor root = p == 2 ? safe.Sqrt() : safe.Power(1 / p);
        return Where(positive, root, sum);
    }

    private Tensor LargestOver(ReadOnlySpan<int> axes)
    {
        bool[] gone = new bool[Rank];
        foreach (int axis in axes)
        {
            gone[Shape.Normalize(axis)] = true;
        }

        int[] all = [.. Enumerable.Range(0, Rank)];
        int[] kept = axes.IsEmpty ? [] : [.. all.Where(a => !gone[a])];
        Shape result = new([.. kept.Select(a => Shape[a])]);
        Tensor ordered = Abs().Permute([.. kept, .. all.Except(kept)]);
        return ordered.Reshape([(int)result.Length, (int)(Length / Math.Max(result.Length, 1))]).MaxLast().Reshape(result);
    }
}
