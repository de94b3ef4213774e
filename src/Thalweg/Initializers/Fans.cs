namespace Thalweg.Initializers;

/// <summary>Order of the axes of a weight.</summary>
public enum WeightLayout
{
    /// <summary><c>[window..., in, out]</c>, as a dense layer has them: <c>[in, out]</c>.</summary>
    InputsFirst,

    /// <summary><c>[out, in, window...]</c>, as a convolution has them; PyTorch writes all weights so, but those
    /// of transposed convolutions.</summary>
    OutputsFirst,

    /// <summary><c>[in, out, window...]</c>, as a transposed convolution has them.</summary>
    InputsFirstWindowLast,
}

/// <summary>Which fan an initializer divides the variance by.</summary>
public enum Fan
{
    /// <summary>Inputs of a unit: keeps the variance of activations on the way forward.</summary>
    In,

    /// <summary>Units that an input feeds: keeps the variance of gradients on the way back.</summary>
    Out,

    /// <summary>Mean of both: the compromise of Glorot and Bengio.</summary>
    Average,
}

/// <summary>Number of inputs of a unit and number of units that an input feeds.</summary>
/// <remarks>A layer knows both (<see cref="Layers.Parameter.Fans"/>); from a shape alone, <see cref="Of"/> counts as PyTorch and Keras do,
/// which is right for one group and stride 1.</remarks>
/// <param name="In">Inputs of a unit, above 0.</param>
/// <param name="Out">Units fed by an input, above 0.</param>
public readonly record struct Fans(double In, double Out)
{
    /// <summary>Fans of a weight by its shape; the window of a convolution multiplies both.</summary>
    /// <param name="shape">Shape of two or more axes.</param>
    /// <param name="layout">Order of the axes; default <c>[window..., in, out]</c>.</param>
    /// <exception cref="ThalwegException">The shape has fewer than two axes; use an initializer that needs no fans.</exception>
    public static Fans Of(Shape shape, WeightLayout layout = WeightLayout.InputsFirst)
    {
        if (shape.Rank < 2)
        {
            throw new ThalwegException(
                $"[initializer] expected a weight of two or more axes to count its fans, got shape {shape}; use normal or uniform");
        }

        if (layout != WeightLayout.InputsFirst)
        {
            double window = shape.LengthOf(2, shape.Rank);
            (int inputs, int outputs) = layout == WeightLayout.OutputsFirst ? (shape[1], shape[0]) : (shape[0], shape[1]);
            return new(window * inputs, window * outputs);
        }

        double field = shape.LengthOf(0, shape.Rank - 2);
        return new(field * shape[-2], field * shape[-1]);
    }

    /// <summary>The fan asked for.</summary>
    /// <param name="fan">Which one.</param>
    public double At(Fan fan) => fan switch
    {
        Fan.In => In,
        Fan.Out => Out,
        _ => (In + Out) / 2,
    };
}
