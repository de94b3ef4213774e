using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Threading;

[Collection("threads")]
public sealed unsafe class WorkerTeamTests
{
    /// <summary>Counts how often each chunk runs.</summary>
    private readonly struct CountRuns(int* runs) : IParallelJob
    {
        public void Run(int chunk) => Interlocked.Increment(ref runs[chunk]);
    }

    /// <summary>A chunk that is itself a job.</summary>
    private readonly struct Nest(int* runs, int inner) : IParallelJob
    {
        public void Run(int chunk)
        {
            CountRuns job = new(runs + chunk * inner);
            WorkerTeam.Run(ref job, inner);
        }
    }

    /// <summary>Fails at one chunk.</summary>
    private readonly struct Fail(int at) : IParallelJob
    {
        public void Run(int chunk)
        {
            if (chunk == at)
                throw new InvalidOperationException($"piece {chunk}");
        }
    }

    /// <summary>Notes how many chunks were inside at once; each waits there for another.</summary>
    private readonly struct Meet(int* inside, int* most) : IParallelJob
    {
        public void Run(int chunk)
        {
            int now = Interlocked.Increment(ref *inside);
            if (now > 1)
                Volatile.Write(ref *most, now);
            int* met = most;
            SpinWait.SpinUntil(() => Volatile.Read(ref *met) > 1, TimeSpan.FromSeconds(20));
            Interlocked.Decrement(ref *inside);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Each_chunk_runs_once(int threads)
    {
        using ThreadCount _ = new(threads);
        int* runs = stackalloc int[100];
        for (int chunks = 0; chunks <= 100; chunks++)
        {
            new Span<int>(runs, 100).Clear();
            CountRuns job = new(runs);
            WorkerTeam.Run(ref job, chunks);
            for (int i = 0; i < 100; i++)
                runs[i].ShouldBe(i < chunks ? 1 : 0, $"piece {i} of {chunks}");
        }
    }

    [Fact]
    public void Chunks_run_at_the_same_time_also_after_the_workers_have_parked()
    {
        using ThreadCount _ = new(2);
        for (int round = 0; round < 3; round++)
        {
            int inside = 0, most = 0;
            Meet job = new(&inside, &most);
            WorkerTeam.Run(ref job, 2);
            most.ShouldBe(2);
            Thread.Sleep(20);
        }
    }

    [Fact]
    public void A_job_that_wakes_nobody_gets_its_chunks_done()
    {
        using ThreadCount _ = new(4);
        int* runs = stackalloc int[9];
        for (int round = 0; round < 3; round++)
        {
            new Span<int>(runs, 9).Clear();
            CountRuns job = new(runs);
            WorkerTeam.Run(ref job, 9, worthWaking: false);
            for (int i = 0; i < 9; i++)
                runs[i].ShouldBe(1, $"piece {i}");
            Thread.Sleep(20);
        }
    }

    [Fact]
    public void Workers_without_work_use_no_processor()
    {
        using ThreadCount _ = new(4);
        int* runs = stackalloc int[9];
        CountRuns job = new(runs);
        WorkerTeam.Run(ref job, 9);
        // The least of several looks: other threads of the test process may work meanwhile, workers that spin would always.
        TimeSpan least = TimeSpan.MaxValue;
        for (int look = 0; look < 20 && least > TimeSpan.FromMilliseconds(10); look++)
        {
            Thread.Sleep(20);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(100);
            TimeSpan used = Environment.CpuUsage.TotalTime - before;
            least = used < least ? used : least;
        }

        least.ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_job_inside_a_job_runs_on_its_own_thread()
    {
        using ThreadCount _ = new(4);
        const int Outer = 16, Inner = 5;
        int* runs = stackalloc int[Outer * Inner];
        new Span<int>(runs, Outer * Inner).Clear();
        Nest job = new(runs, Inner);
        WorkerTeam.Run(ref job, Outer);
        for (int i = 0; i < Outer * Inner; i++)
            runs[i].ShouldBe(1, $"piece {i}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_error_in_a_chunk_reaches_the_caller_and_the_next_job_runs(int threads)
    {
        using ThreadCount _ = new(threads);
        for (int at = 0; at < 10; at++)
        {
            Should.Throw<InvalidOperationException>(() =>
            {
                Fail job = new(at);
                WorkerTeam.Run(ref job, 10);
            }).Message.ShouldBe($"piece {at}");
            Each_chunk_runs_once(threads);
        }
    }

    [Fact]
    public void Independent_callers_all_get_their_chunks_done()
    {
        using ThreadCount _ = new(3);
        Thread[] callers = new Thread[4];
        int wrong = 0;
        for (int i = 0; i < callers.Length; i++)
        {
            callers[i] = new Thread(() => Interlocked.Add(ref wrong, RunMany()));
            callers[i].Start();
        }

        foreach (Thread caller in callers)
            caller.Join();
        wrong.ShouldBe(0);
    }

    [Fact]
    public void A_steady_job_allocates_nothing()
    {
        using ThreadCount _ = new(4);
        Allocations.Fewest(() => RunMany(), 1).ShouldBe(0);
    }

    /// <summary>Runs many jobs and counts the chunks that did not run exactly once.</summary>
    private static int RunMany()
    {
        int wrong = 0;
        int* runs = stackalloc int[20];
        for (int round = 0; round < 500; round++)
        {
            new Span<int>(runs, 20).Clear();
            CountRuns job = new(runs);
            WorkerTeam.Run(ref job, 20);
            for (int i = 0; i < 20; i++)
                wrong += runs[i] == 1 ? 0 : 1;
        }

        return wrong;
    }
}
