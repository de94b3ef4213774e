namespace Thalweg;

/// <summary>Buffers that take the derivatives of some leaves in place of <see cref="Tensor.Gradient"/>, so that a network can have several
/// gradients side by side.</summary>
internal sealed class LeafGradients
{
    private readonly Dictionary<Tensor, Tensor> _buffers;

    /// <param name="leaves">The leaves.</param>
    /// <param name="buffers">A buffer of the shape of each.</param>
    public LeafGradients(Tensor[] leaves, Tensor[] buffers)
    {
        _buffers = new(leaves.Length, ReferenceEqualityComparer.Instance);
        for (int i = 0; i < leaves.Length; i++)
            _buffers[leaves[i]] = buffers[i];
    }

    /// <summary>The buffer of a leaf, or null.</summary>
    public Tensor? Of(Tensor leaf) => _buffers.GetValueOrDefault(leaf);
}
