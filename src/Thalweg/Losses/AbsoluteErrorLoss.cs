namespace Thalweg.Losses;

/// <summary>|y - t| of each output y and target t; derivative 0 where they are equal.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: Goodfellow, Bengio, Courville, "Deep learning", 2016,
/// section 6.2.1.2, equation 6.16.</remarks>
public sealed record AbsoluteErrorLoss : ElementLoss
{
    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets) => outputs.Subtract(targets).Abs();
}
