namespace Thalweg;

/// <content>Softmax family, composed of other operations; the maximum is taken out first, so nothing overflows.</content>
public sealed partial class Tensor
{
    /// <summary>e^x / sum e^x over an axis, the maximum subtracted first, so that nothing overflows.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.2.2.3, equation 6.29; the maximum: section
    /// 4.1.</remarks>
    public Tensor Softmax(int axis = -1)
    {
        if (Shape.Normalize(axis) != Rank - 1)
        {
            return Transpose(axis).Softmax().Transpose(axis);
        }

        Tensor e = Subtract(MaxLast().Detach()).Exp();
        return e.Divide(KeepLast(e.Sum(-1)));
    }

    /// <summary>e^-x / sum e^-x over an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: as <see cref="Softmax"/>, of -x.</remarks>
    public Tensor Softmin(int axis = -1) => Negate().Softmax(axis);

    /// <summary>x - log sum e^x over an axis: the logarithm of <see cref="Softmax"/>, without its loss of digits.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    /// <remarks>Source: Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.2.2.3, equation 6.30.</remarks>
    public Tensor LogSoftmax(int axis = -1) =>
        Shape.Normalize(axis) == Rank - 1 ? Subtract(LogSumExp()) : Transpose(axis).LogSoftmax().Transpose(axis);

    /// <summary>log sum e^x over the last axis, which is kept with size 1, the maximum subtracted first.</summary>
    /// <returns><c>[..., 1]</c> for this tensor of shape <c>[..., n]</c>.</returns>
    /// <remarks>Source: Blanchard, Higham, Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer. Anal. 41,
    /// 2021.</remarks>
    public Tensor LogSumExp()
    {
        Tensor max = MaxLast().Detach();
        return KeepLast(Subtract(max).Exp().Sum(-1)).Log().Add(max);
    }

    /// <summary>The first half of an axis times the sigmoid of the second half. Source: Dauphin and others, ICML 2017, eq. (1).</summary>
    /// <param name="axis">Axis of even size, from -Rank to Rank - 1; default the last.</param>
    /// <returns>This shape with half the size along the axis.</returns>
    /// <exception cref="ThalwegException">The size is odd.</exception>
    public Tensor Glu(int axis = -1)
    {
        int half = Shape[axis] / 2;
        if (Shape[axis] % 2 != 0)
        {
            Throw.WrongShape("glu", $"an even size along axis {axis}", Shape);
        }

        return Slice(axis, 0, half).Multiply(Slice(axis, half, half).Sigmoid());
    }

    private Tensor KeepLast(Tensor reduced) => reduced.Reshape(Shape.With(-1, 1));
}
