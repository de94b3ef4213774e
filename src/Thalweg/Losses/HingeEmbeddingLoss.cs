namespace Thalweg.Losses;

/// <summary>y where the target is 1, max(0, margin - y) where it is -1: for distances y of pairs that belong together or not.</summary>
/// <remarks>Outputs and targets <c>[batch, ...]</c> of one shape and type. Source: Hadsell, Chopra, LeCun, CVPR 2006, eq. (4), with
/// the distance itself.</remarks>
public sealed record HingeEmbeddingLoss : ElementLoss
{
    /// <summary>Distance from which pairs that do not belong together cost nothing, in the unit of the outputs; default 1.</summary>
    public double Margin { get; init; } = 1;

    /// <inheritdoc/>
    protected override Tensor Each(Tensor outputs, Tensor targets) =>
        Tensor.Where(targets.Detach().Step(), outputs, Excess(Margin - outputs));
}
