namespace Thalweg.Losses;

/// <summary>log(1 + e^(-t y)) of each output y and target t of -1 or 1.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: Hastie, Tibshirani, Friedman, "The elements of
/// statistical learning", 2009, eq. (10.18).</remarks>
public sealed record SoftMarginLoss : ElementLoss
{
    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets) => outputs.Multiply(targets).Negate().Softplus();
}
