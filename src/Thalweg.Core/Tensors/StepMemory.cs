using System.Diagnostics.CodeAnalysis;

namespace Thalweg;

/// <summary>Memory that a training step uses again and again: tensors made inside a scope take from it, and it takes all back at the
/// end.</summary>
/// <remarks>
/// A step that repeats the same operations finds every buffer waiting, so it allocates nothing. Buffers are sorted by size class; within a
/// scope each class hands out its buffers in order, so the same step gets the same addresses. One thread at a time.
/// </remarks>
public sealed class StepMemory
{
    private const int ClassBits = 3;

    [ThreadStatic]
    private static StepMemory? t_current;

    [ThreadStatic]
    private static Stack<StepMemory>? t_spare;

    private readonly List<Bucket> _buckets = [];
    private readonly List<Tensor> _handles = [];
    private StepMemory? _outer;
    private int _used;
    private bool _active;

    /// <summary>Whether tensor objects are used again as well as their memory.</summary>
    /// <remarks>
    /// When false, a tensor that outlives its scope throws for ever after. When true, a steady step allocates no byte on the managed heap,
    /// and an outlived tensor throws only until the next scope reuses its object: the trainer turns this on after its first steps have
    /// shown that the model keeps no tensor across steps.
    /// </remarks>
    public bool RecycleHandles { get; set; }

    /// <summary>Bytes held, in use or waiting.</summary>
    public long Bytes { get; private set; }

    /// <summary>The memory of the scope that this thread is in, or null.</summary>
    internal static StepMemory? Current => t_current;

    /// <summary>Opens a scope on this memory: until it is disposed, new tensors of this thread take from it.</summary>
    /// <exception cref="ThalwegException">A scope on this memory is open already; use another one inside it.</exception>
    public StepScope Begin()
    {
        if (_active)
        {
            throw new ThalwegException(
                "[step scope] expected memory that no open scope uses, got one in use; open the inner scope on its own StepMemory");
        }

        _active = true;
        _outer = t_current;
        t_current = this;
        return new StepScope(this, pooled: false);
    }

    /// <summary>Opens a scope on memory that the thread keeps for the purpose.</summary>
    internal static StepScope BeginShared()
    {
        StepMemory memory = (t_spare ??= new Stack<StepMemory>()).TryPop(out StepMemory? spare) ? spare : new StepMemory();
        memory.Begin();
        return new StepScope(memory, pooled: true);
    }

    /// <summary>Hides the current scope, so that tensors made meanwhile are ordinary objects.</summary>
    internal static StepMemory? Exchange(StepMemory? memory)
    {
        StepMemory? before = t_current;
        t_current = memory;
        return before;
    }

    /// <summary>A buffer of at least <paramref name="bytes"/> bytes with undefined contents.</summary>
    internal Storage Take(long bytes)
    {
        int index = ClassOf(Math.Max(bytes, 64), out long size);
        while (_buckets.Count <= index)
        {
            _buckets.Add(new Bucket());
        }

        Bucket bucket = _buckets[index];
        if (bucket.Used == bucket.Items.Count)
        {
            bucket.Items.Add(new Storage(size));
            Bytes += size;
        }

        return bucket.Items[bucket.Used++];
    }

    /// <summary>A tensor object of an earlier step to use again, if there is one.</summary>
    internal bool TryReuseHandle([NotNullWhen(true)] out Tensor? handle)
    {
        if (RecycleHandles && _used < _handles.Count)
        {
            handle = _handles[_used++];
            return true;
        }

        handle = null;
        return false;
    }

    /// <summary>Notes a new tensor object, to release it when the scope ends.</summary>
    internal void Adopt(Tensor handle)
    {
        _handles.Add(handle);
        _used++;
    }

    /// <summary>Ends the scope: releases its tensors and takes the memory back.</summary>
    internal void End(bool pooled)
    {
        if (!_active)
        {
            return;
        }

        for (int i = 0; i < _used; i++)
        {
            _handles[i].Release();
        }

        if (!RecycleHandles)
        {
            _handles.Clear();
        }

        _used = 0;
        foreach (Bucket bucket in _buckets)
        {
            bucket.Used = 0;
        }

        t_current = _outer;
        _outer = null;
        _active = false;
        if (pooled)
        {
            t_spare!.Push(this);
        }
    }

    /// <summary>Eight size classes per octave: at most 12.5 % of a buffer is unused.</summary>
    private static int ClassOf(long bytes, out long size)
    {
        int shift = Math.Max(0, 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(bytes - 1)) - ClassBits);
        long steps = (bytes + (1L << shift) - 1) >> shift;
        size = steps << shift;
        return (shift << ClassBits) + (int)(steps - (1 << ClassBits));
    }

    private sealed class Bucket
    {
        public List<Storage> Items { get; } = [];

        public int Used { get; set; }
    }
}

/// <summary>A stretch of code whose new tensors are temporary; see <see cref="StepMemory"/>.</summary>
/// <remarks>
/// Outside a scope a tensor is an ordinary object. Inside, intermediates come from a pool and go back together when the scope ends; using
/// one afterwards throws and names the operation that made it. <see cref="Tensor.Keep"/> copies a result out.
/// <code>using (StepScope.Begin()) { loss = model.Forward(x).Mean().Item(); }</code>
/// </remarks>
public readonly struct StepScope : IDisposable
{
    private readonly StepMemory _memory;
    private readonly bool _pooled;

    internal StepScope(StepMemory memory, bool pooled)
    {
        _memory = memory;
        _pooled = pooled;
    }

    /// <summary>Opens a scope on memory that this thread keeps for the purpose.</summary>
    public static StepScope Begin() => StepMemory.BeginShared();

    /// <summary>Ends the scope.</summary>
    public void Dispose() => _memory?.End(_pooled);
}
