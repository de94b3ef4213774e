using System.Buffers;

namespace Thalweg;

/// <summary>A list of tensors in a borrowed array, so that steady steps allocate nothing for it.</summary>
internal struct PooledTensors : IDisposable
{
    private readonly Tensor[] _tensors;
    private int _count;

    /// <param name="capacity">The most tensors that it will hold.</param>
    public PooledTensors(int capacity) => _tensors = ArrayPool<Tensor>.Shared.Rent(capacity);

    /// <summary>The tensors, in the order in which they were added.</summary>
    public readonly ReadOnlySpan<Tensor> Span => _tensors.AsSpan(0, _count);

    /// <summary>Adds a tensor.</summary>
    public void Add(Tensor tensor) => _tensors[_count++] = tensor;

    /// <inheritdoc/>
    public readonly void Dispose() => ArrayPool<Tensor>.Shared.Return(_tensors, clearArray: true);
}
