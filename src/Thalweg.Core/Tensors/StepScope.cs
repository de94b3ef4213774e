namespace Thalweg;

/// <summary>A stretch of code whose new tensors are temporary; see <see cref="StepMemory"/>.</summary>
/// <remarks>
/// Outside a scope a tensor is an ordinary object. Inside, intermediates come from a pool and go back together when the scope ends; using
/// one afterwards throws and names the operation that made it. <see cref="Tensor.Clone"/> copies a result out.
/// <code>using (StepScope.Begin()) { loss = model.Forward(x).Mean().Item(); }</code>
/// A scope and its tensors belong to the thread that opened it: another thread that uses one of them gets an exception, and so does code
/// that continues elsewhere after an <c>await</c>. Threads that work side by side open a scope each. Scopes end in the opposite order.
/// </remarks>
public readonly struct StepScope : IDisposable
{
    private readonly StepPool? _pool;
    private readonly long _number;

    internal StepScope(StepPool pool, long number) => (_pool, _number) = (pool, number);

    /// <summary>Whether this thread has a scope open, so that new tensors end with it.</summary>
    public static bool IsOpen => StepPool.Current is not null;

    /// <summary>Opens a scope on memory that this thread keeps for the purpose.</summary>
    public static StepScope Begin() => StepPool.OpenSpare();

    /// <summary>Ends the scope; nothing where it has ended already.</summary>
    /// <exception cref="ThalwegException">
    /// A scope that was opened inside is still open: both have ended now. Or another thread opened this one: its tensors cannot be used any
    /// more, and its memory is free for the next scope.
    /// </exception>
    public void Dispose() => _pool?.Close(_number);
}
