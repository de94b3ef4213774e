namespace Thalweg.Losses;

/// <summary>(y - t)^2 of each output y and target t.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: Goodfellow, Bengio, Courville, "Deep learning",
/// 2016, equation 5.4.</remarks>
public sealed record MeanSquaredErrorLoss : ElementLoss
{
    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets) => outputs.Subtract(targets).Square();
}
