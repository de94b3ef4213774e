namespace Thalweg;

/// <summary>What the normalizations are composed of where derivatives of any order are wanted.</summary>
internal static class Standardization
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) of x <c>[samples, rows, columns]</c>, where each row has one mean and one variance
    /// over samples and columns.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="centered">Whether the mean is taken out; else the mean square stands for the variance.</param>
    /// <param name="epsilon">Added to the variance, above 0.</param>
    public static Tensor Of(Tensor x, bool centered, double epsilon)
    {
        Tensor deviations = centered ? Center(x) : x, squares = deviations.Square().Mean(0, 2).Add(epsilon);
        if (!squares.IsWithinRangeOfSquares())
        {
            // The result does not depend on the scale, so that the scale is a constant.
            double root = Math.Sqrt(epsilon);
            Tensor scale = x.PowersOfTwo(0, 2).Maximum(Tensor.Scalar(root, x.DType)).Reshape([x.Shape[1], 1]);
            deviations = centered ? Center(x.Divide(scale)) : x.Divide(scale);
            squares = deviations.Square().Mean(0, 2).Add(Tensor.Scalar(root, x.DType).Divide(scale).Square().Reshape([x.Shape[1]]));
        }

        return deviations.Divide(Column(squares.Sqrt()));
    }

    /// <summary>x - mean, in two steps, the first of a constant, so that numbers far from 0 keep their digits.</summary>
    private static Tensor Center(Tensor x)
    {
        Tensor near = x.Subtract(Column(x.Detach().Mean(0, 2)));
        return near.Subtract(Column(near.Mean(0, 2)));
    }

    private static Tensor Column(Tensor rows) => rows.Reshape([rows.Shape[0], 1]);
}
