namespace Thalweg;

/// <summary>Memory that a training step uses again and again: tensors made inside a scope take from it, and it takes all back
/// at the end.</summary>
/// <remarks>
/// A step that repeats the same operations finds every buffer waiting, so it allocates nothing. Buffers are sorted by size class; within a
/// scope each class hands out its buffers in order, so the same step gets the same addresses. One scope at a time: threads that work side
/// by side have a memory each, or use <see cref="StepScope.Begin"/>, which keeps memory for each thread. Whatever is done from a second
/// thread is refused before anything is read or written, see <see cref="StepScope"/>.
/// </remarks>
public sealed class StepMemory
{
    private StepPool _pool;

    /// <summary>Makes a memory that holds nothing yet.</summary>
    public StepMemory() => _pool = new StepPool(this);

    /// <summary>Whether tensor objects are used again as well as their memory; default false.</summary>
    /// <remarks>
    /// When false, a tensor that outlives its scope throws for ever after. When true, a steady step allocates no byte on the managed heap,
    /// and an outlived tensor throws only until the next scope reuses its object: the trainer turns this on after its first steps have
    /// shown that the model keeps no tensor across steps.
    /// </remarks>
    public bool RecycleHandles
    {
        get => _pool.RecycleHandles;
        set => _pool.RecycleHandles = value;
    }

    /// <summary>Bytes held, in use or waiting.</summary>
    public long Bytes => _pool.Bytes;

    /// <summary>Opens a scope on this memory: until it is disposed, new tensors of this thread take from it.</summary>
    /// <exception cref="ThalwegException">A scope on this memory is open already, on this thread or another: use another memory inside
    /// it or beside it.</exception>
    public StepScope Begin() => Volatile.Read(ref _pool).Open();

    /// <summary>Makes tensors of this thread ordinary objects until the result is disposed, whatever scope is open: for what
    /// outlives the step.</summary>
    internal static PoolSwitch Leave() => new(null);

    /// <summary>Puts a new pool in the place of one whose scope ended on another thread, as that thread may still use it.</summary>
    internal void Replace(StepPool pool) =>
        Interlocked.CompareExchange(ref _pool, new StepPool(this) { RecycleHandles = pool.RecycleHandles }, pool);
}
