using System.Diagnostics.CodeAnalysis;

namespace Thalweg;

/// <summary>The buffers and tensor objects of a <see cref="StepMemory"/>, and the scope that is open on them.</summary>
/// <remarks>
/// Everything but <see cref="_scope"/> belongs to the thread of the open scope. Another thread can do two things alone: see that the scope
/// is not its own, and, where it ends it by mistake, mark it as abandoned. An abandoned pool is never used again, so that a thread that is
/// still computing with its buffers reads and writes memory that nobody else has.
/// </remarks>
/// <param name="home">The memory whose pool it is; null for one that a thread keeps for <see cref="StepScope.Begin"/>.</param>
internal sealed class StepPool(StepMemory? home)
{
    private const int ClassBits = 3, Nobody = 0, Abandoned = -1, Closing = -2;

    [ThreadStatic]
    private static StepPool? t_current;

    [ThreadStatic]
    private static Stack<StepPool>? t_spare;

    private readonly List<Bucket> _buckets = [];
    private readonly List<Tensor> _handles = [];
    private StepPool? _outer;
    private int _used;

    /// <summary>Number of the last scope in the upper half; in the lower one the thread that has it open, or a state.</summary>
    private long _scope;

    /// <summary>See <see cref="StepMemory.RecycleHandles"/>.</summary>
    public bool RecycleHandles { get; set; }

    /// <summary>Bytes held, in use or waiting.</summary>
    public long Bytes { get; private set; }

    /// <summary>The pool of the innermost scope that this thread has open, or null.</summary>
    public static StepPool? Current
    {
        get
        {
            StepPool? pool = t_current;
            return pool is null || pool.IsOpenHere ? pool : SkipEnded(pool);
        }
    }

    /// <summary>Whether this thread has a scope open on the pool, so that it may use its tensors.</summary>
    public bool IsOpenHere => (int)Volatile.Read(ref _scope) == Environment.CurrentManagedThreadId;

    /// <summary>Number of the last scope.</summary>
    public long Number => Volatile.Read(ref _scope) >> 32;

    /// <summary>Opens a scope on a pool that the thread keeps for the purpose.</summary>
    public static StepScope OpenSpare() =>
        ((t_spare ??= []).TryPop(out StepPool? spare) ? spare : new StepPool(null)).Open();

    /// <summary>Makes another pool, or none, the one that new tensors of this thread take from, and returns the one before.</summary>
    public static StepPool? Exchange(StepPool? pool)
    {
        StepPool? before = Current;
        t_current = pool;
        return before;
    }

    /// <summary>Opens a scope on this thread.</summary>
    /// <exception cref="ThalwegException">A scope is open already.</exception>
    public StepScope Open()
    {
        int thread = Environment.CurrentManagedThreadId;
        long before = Volatile.Read(ref _scope), scope = With((before >> 32) + 1, thread);
        if ((int)before == thread)
        {
            throw new ThalwegException(
                "[step scope] expected memory that no open scope uses, got one in use; open the inner scope on its own StepMemory");
        }

        if ((int)before != Nobody || Interlocked.CompareExchange(ref _scope, scope, before) != before)
        {
            throw new ThalwegException("[step scope] expected memory that no open scope uses, got one that another thread has in use; " +
                "give each thread its own StepMemory, or use StepScope.Begin()");
        }

        _outer = Current;
        t_current = this;
        return new StepScope(this, scope);
    }

    /// <summary>Ends a scope, if it is still open.</summary>
    /// <exception cref="ThalwegException">An inner scope is open, or the scope is another thread's; it has ended all the same.</exception>
    public void Close(long scope)
    {
        if (Volatile.Read(ref _scope) != scope)
            return;

        if ((int)scope != Environment.CurrentManagedThreadId)
        {
            Abandon(scope);
            return;
        }

        bool hasInner = HasInner();
        while (hasInner && Current is { } inner && inner != this)
            inner.End();

        End();
        if (hasInner)
        {
            throw new ThalwegException("[step scope] expected the inner scopes to have ended, got one that is open; " +
                "end scopes in the opposite order, which 'using' does (all have ended now)");
        }
    }

    /// <summary>A buffer of at least <paramref name="bytes"/> bytes with undefined contents.</summary>
    public TensorStorage Take(long bytes)
    {
        int index = ClassOf(Math.Max(bytes, 64), out long size);
        while (_buckets.Count <= index)
            _buckets.Add(new Bucket());

        Bucket bucket = _buckets[index];
        if (bucket.Used == bucket.Items.Count)
        {
            bucket.Items.Add(new TensorStorage(size));
            Bytes += size;
        }

        return bucket.Items[bucket.Used++];
    }

    /// <summary>A tensor object of an earlier step to use again, if there is one.</summary>
    public bool TryReuseHandle([NotNullWhen(true)] out Tensor? handle)
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
    public void Adopt(Tensor handle)
    {
        _handles.Add(handle);
        _used++;
    }

    private static long With(long number, int state) => (number << 32) | (uint)state;

    /// <summary>Goes out of scopes that another thread has ended.</summary>
    private static StepPool? SkipEnded(StepPool? pool)
    {
        while (pool is not null && !pool.IsOpenHere)
            pool = pool._outer;

        return t_current = pool;
    }

    /// <summary>Whether a scope that was opened inside this one is open.</summary>
    private bool HasInner()
    {
        StepPool? pool = Current;
        bool isInside = pool != this;
        while (pool is not null && pool != this)
            pool = pool._outer;

        return isInside && pool is not null;
    }

    /// <summary>Ends a scope of another thread: this pool is given up, with all that its thread may be computing with.</summary>
    private void Abandon(long scope)
    {
        if (Interlocked.CompareExchange(ref _scope, With(scope >> 32, Abandoned), scope) != scope)
            return;

        home?.Replace(this);
        throw new ThalwegException("[step scope] expected the end of the scope on the thread that opened it, got it on another one, " +
            "as after an await; keep await outside of the scope and copy out with Clone() (the scope has ended now)");
    }

    /// <summary>Releases the tensors and takes the memory back.</summary>
    private void End()
    {
        long scope = Volatile.Read(ref _scope);
        if (!IsOpenHere || Interlocked.CompareExchange(ref _scope, With(scope >> 32, Closing), scope) != scope)
        {
            // Another thread was faster: what is left of the scope is its way out.
            SkipEnded(t_current);
            return;
        }

        for (int i = 0; i < _used; i++)
            _handles[i].Release();

        if (!RecycleHandles)
            _handles.Clear();

        _used = 0;
        foreach (Bucket bucket in _buckets)
            bucket.Used = 0;

        t_current = t_current == this ? _outer : t_current;
        _outer = null;
        Volatile.Write(ref _scope, With(scope >> 32, Nobody));
        if (home is null)
            (t_spare ??= []).Push(this);
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
        public List<TensorStorage> Items { get; } = [];

        public int Used { get; set; }
    }
}

/// <summary>A stretch of code whose new tensors come from another pool, or from none; within a <c>using</c>, so that an error leaves the
/// scope as it was.</summary>
internal readonly ref struct PoolSwitch(StepPool? pool)
{
    private readonly StepPool? _before = StepPool.Exchange(pool);

    /// <summary>Goes back to the pool from before.</summary>
    public void Dispose() => StepPool.Exchange(_before);
}
