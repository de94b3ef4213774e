namespace Thalweg.Losses;

/// <summary>|y - t| of each output y and target t; derivative 0 where they are equal.</summary>
public sealed record AbsoluteErrorLoss : ElementLoss
{
    /// <inheritdoc/>
    public override string Name => "absolute_error";

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets) => outputs.Subtract(targets).Abs();
}
