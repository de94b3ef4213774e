using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Thalweg.Kernels;

/// <summary>A small team of threads that runs the chunks of a job; starting one allocates nothing.</summary>
/// <remarks>
/// The caller takes part. Threads with a <see cref="Threads.Limit"/> have a team each, all others share one. One job has a team at a time:
/// a job that starts while another runs, or from inside one, runs on its own thread alone, which gives the same result because chunks do
/// not depend on who runs them. Workers wait for the next job by spinning for a few tens of microseconds, as the next kernel of a training
/// step follows at once, and then park, so an idle process uses no processor.
/// </remarks>
internal sealed unsafe class WorkerTeam
{
    private static readonly WorkerTeam s_shared = new();

    [ThreadStatic]
    private static bool t_inside;

    private readonly WorkShares _shares = new();
    private State _state;
    private Worker[] _workers = [];
    private Exception? _error;
    private void* _job;
    private delegate*<void*, int, void> _invoke;

    /// <summary>Runs chunks 0 to <paramref name="chunks"/> - 1 of a job and returns when all are done.</summary>
    /// <param name="job">The job; the chunks see this very struct.</param>
    /// <param name="chunks">Number of chunks; 0 does nothing.</param>
    /// <param name="worthWaking">
    /// Whether the job is long enough to call parked workers back, which costs the caller some microseconds; otherwise only those that
    /// still spin take part, as they do within a training step.
    /// </param>
    public static void Run<TJob>(ref TJob job, int chunks, bool worthWaking = true)
        where TJob : unmanaged, IParallelJob
    {
        // Before the fields of the thread, which cost more than a short chunk.
        if (chunks <= 1)
        {
            if (chunks == 1)
                job.Run(0);
            return;
        }

        ThreadBudget? budget = ThreadBudget.Current;
        WorkerTeam team = budget?.Team ?? s_shared;
        int threads = budget?.Count ?? Threads.Count;
        if (t_inside || threads == 1 || Interlocked.CompareExchange(ref team._state.Busy, 1, 0) != 0)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
                job.Run(chunk);
            return;
        }

        fixed (TJob* pinned = &job)
            team.RunWithTeam(pinned, &Invoke<TJob>, (chunks, Math.Min(threads, chunks) - 1), worthWaking);
    }

    private static void Invoke<TJob>(void* job, int chunk)
        where TJob : unmanaged, IParallelJob => ((TJob*)job)->Run(chunk);

    private void RunWithTeam(void* job, delegate*<void*, int, void> invoke, (int Chunks, int Helpers) size, bool worthWaking)
    {
        t_inside = true;
        try
        {
            (int chunks, int helpers) = size;
            Hire(helpers);
            _job = job;
            _invoke = invoke;
            _state.Helpers = helpers;
            _state.Unfinished = chunks;
            _shares.Publish(chunks, helpers + 1);
            // The full fence orders this before the look at who is parked; a worker does the two in the opposite order.
            Interlocked.Increment(ref _state.Job);
            Worker[] workers = _workers;
            for (int i = 0; worthWaking && i < helpers; i++)
                workers[i].Wake();
            RunChunks(0);
            WaitForHelpers();
            _job = null;
            if (_error is { } error)
            {
                _error = null;
                ExceptionDispatchInfo.Throw(error);
            }
        }
        finally
        {
            t_inside = false;
            Volatile.Write(ref _state.Busy, 0);
        }
    }

    /// <summary>Claims and runs chunks until none is left to claim.</summary>
    /// <param name="share">The share to start with.</param>
    private void RunChunks(int share)
    {
        int finished = 0;
        for (int chunk = _shares.Claim(ref share); chunk >= 0; chunk = _shares.Claim(ref share))
        {
            try
            {
                if (Volatile.Read(ref _error) is null)
                    _invoke(_job, chunk);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref _error, error, null);
            }

            finished++;
        }

        if (finished > 0)
            Interlocked.Add(ref _state.Unfinished, -finished);
    }

    /// <summary>Waits for the chunks that others still run: at most the time of one chunk.</summary>
    private void WaitForHelpers()
    {
        long start = 0;
        while (Volatile.Read(ref _state.Unfinished) > 0)
        {
            // Where more threads than processors run, the one waited for may need this processor.
            if (start == 0)
                start = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(start) > Worker.Patience)
                Thread.Yield();
            else
                Thread.SpinWait(1);
        }
    }

    private void Hire(int helpers)
    {
        Worker[] workers = _workers;
        if (workers.Length >= helpers)
            return;
        int present = workers.Length;
        Array.Resize(ref workers, helpers);
        for (int i = present; i < helpers; i++)
            workers[i] = new Worker(this, i);
        _workers = workers;
    }

    /// <summary>Fields shared by threads, each of the busy ones on a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct State
    {
        /// <summary>1 while a job has the team.</summary>
        [FieldOffset(64)]
        public int Busy;

        /// <summary>How many workers may take part: those with a lower index.</summary>
        [FieldOffset(72)]
        public int Helpers;

        /// <summary>Number of the latest job that had helpers.</summary>
        [FieldOffset(192)]
        public int Job;

        [FieldOffset(320)]
        public int Unfinished;
    }

    /// <summary>One thread of the team.</summary>
    private sealed class Worker
    {
        /// <summary>How long to spin before giving up the processor: longer than the gaps inside a training step, short
        /// for anyone else.</summary>
        public static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(50);

        private readonly SemaphoreSlim _call = new(0);
        private readonly WorkerTeam _team;
        private readonly int _index;
        private int _parked, _seen;

        public Worker(WorkerTeam team, int index)
        {
            (_team, _index) = (team, index);
            new Thread(Work) { IsBackground = true, Name = $"Thalweg worker {index + 1}" }.Start();
        }

        /// <summary>Calls the worker back if it is parked.</summary>
        public void Wake()
        {
            if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0)
                _call.Release();
        }

        /// <summary>Whether a job has come since the last that this worker took part in.</summary>
        private bool HasWork => Volatile.Read(ref _team._state.Job) != _seen && _index < Volatile.Read(ref _team._state.Helpers);

        private void Work()
        {
            t_inside = true;
            while (true)
            {
                if (HasWork || Spin())
                    TakePart();
                else
                    Park();
            }
        }

        private void TakePart()
        {
            // Before the claims: a job that comes while they continue is looked at again.
            _seen = Volatile.Read(ref _team._state.Job);
            _team.RunChunks(_index + 1);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool Spin()
        {
            long start = Stopwatch.GetTimestamp();
            do
            {
                for (int i = 0; i < 16; i++)
                {
                    if (HasWork)
                        return true;
                    Thread.SpinWait(1);
                }
            }
            while (Stopwatch.GetElapsedTime(start) < Patience);
            return false;
        }

        private void Park()
        {
            Interlocked.Exchange(ref _parked, 1);
            // Work that came between the last look and the line above brings no call.
            if (HasWork && Interlocked.Exchange(ref _parked, 0) != 0)
                return;
            _call.Wait();
        }
    }
}
