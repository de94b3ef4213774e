namespace Thalweg;

/// <summary>A tensor and the step scope that it belonged to when it was recorded, as its object may be another tensor in
/// a later step.</summary>
internal readonly struct RecordedTensor
{
    private readonly Tensor? _tensor;
    private readonly long _scope;

    private RecordedTensor(Tensor tensor, long scope) => (_tensor, _scope) = (tensor, scope);

    /// <summary>Whether there is one.</summary>
    public bool Exists => _tensor is not null;

    /// <summary>Whether its step scope is open, if it has one.</summary>
    public bool IsReadable => _tensor is { Memory: not null } tensor && _scope == tensor.ScopeNumber;

    /// <summary>The tensor itself; see <see cref="IsReadable"/>.</summary>
    public Tensor Tensor => _tensor!;

    /// <summary>A tensor as it is now.</summary>
    public static RecordedTensor Of(Tensor tensor) => new(tensor, tensor.ScopeNumber);

    /// <summary>A copy outside any step scope.</summary>
    public static RecordedTensor Copy(Tensor tensor) => Of(tensor.Clone());

    /// <summary>Whether this is the tensor, and not an earlier one that had the same object.</summary>
    public bool Is(Tensor tensor) => ReferenceEquals(_tensor, tensor) && _scope == tensor.ScopeNumber;

    /// <summary>The tensor.</summary>
    /// <param name="op">Whose it is, for the message.</param>
    /// <param name="what">What it is of the operation.</param>
    /// <exception cref="ThalwegException">Its step scope has ended.</exception>
    public Tensor Get(RecordedOp op, string what) => IsReadable
        ? Tensor
        : throw new ThalwegException($"[recording] expected a tensor whose step scope is open, got {what} of operation '{op.Name}' in " +
            $"layer '{op.Layer}', whose scope has ended; read it before, or have it copied with RecordingOptions.Keep");
}
