namespace Thalweg.Layers;

/// <summary>State of a recurrent layer between two stretches of a sequence.</summary>
/// <param name="Hidden">h, <c>[layers * directions, batch, units]</c>: layer by layer, forward before backward.</param>
/// <param name="Memory">c of LSTM, of the same shape; null for other cells.</param>
public readonly record struct RecurrentState(Tensor Hidden, Tensor? Memory = null)
{
    /// <summary>The same numbers outside the graph and outside any step scope: truncates back-propagation through time here.</summary>
    /// <remarks>
    /// Source: Williams, Peng, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories",
    /// Neural Computation 2, 1990.
    /// </remarks>
    public RecurrentState Detach() => new(Hidden.Clone(), Memory?.Clone());
}
