namespace Thalweg.Losses;

/// <summary>(y - t)^2 of each output y and target t.</summary>
public sealed record MeanSquaredErrorLoss : ElementLoss
{
    /// <inheritdoc/>
    public override string Name => "mean_squared_error";

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets) => outputs.Subtract(targets).Square();
}
