using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Threading;

[Collection("threads")]
public sealed unsafe class ThreadLimitTests
{
    /// <summary>Waits until as many chunks are inside at once as are wanted, and notes whether that came about.</summary>
    private readonly struct Gather(int* inside, int* gathered, int wanted) : IParallelJob
    {
        public void Run(int chunk)
        {
            if (Interlocked.Increment(ref *inside) == wanted)
                Volatile.Write(ref *gathered, 1);
            int* all = gathered;
            SpinWait.SpinUntil(() => Volatile.Read(ref *all) == 1, TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void A_limit_counts_for_its_thread_and_its_stretch()
    {
        using ThreadCount _ = new(3);
        using (Threads.Limit(2))
        {
            (Threads.Current, Threads.Count).ShouldBe((2, 3));
            using (Threads.Limit(7))
                Threads.Current.ShouldBe(7);

            Threads.Current.ShouldBe(2);
            int other = 0;
            Thread thread = new(() => other = Threads.Current);
            thread.Start();
            thread.Join();
            other.ShouldBe(3);
        }

        Threads.Current.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void A_limit_out_of_range_is_refused(int count)
    {
        Should.Throw<ThalwegException>(() => Threads.Limit(count)).Message.ShouldContain($"from 1 to 1024 threads, got {count}");
        Threads.Current.ShouldBe(Threads.Count);
    }

    [Fact]
    public void Limits_that_end_twice_or_out_of_order_leave_the_one_around()
    {
        using ThreadLimit outer = Threads.Limit(5);
        ThreadLimit first = Threads.Limit(2), second = Threads.Limit(3);
        first.Dispose();
        Threads.Current.ShouldBe(5);
        second.Dispose();
        first.Dispose();
        Threads.Current.ShouldBe(5);
    }

    [Fact]
    public void Two_threads_with_limits_have_their_helpers_at_the_same_time()
    {
        // The process has one thread: without limits nobody helps, and with one team for both the later job would run alone.
        using ThreadCount _ = new(1);
        int* words = stackalloc int[2];
        (words[0], words[1]) = (0, 0);
        nint address = (nint)words;
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            using ThreadLimit limit = Threads.Limit(2);
            Gather job = new((int*)address, (int*)address + 1, 4);
            WorkerTeam.Run(ref job, 2);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        words[1].ShouldBe(1);
    }

    [Fact]
    public void Bits_do_not_depend_on_limits_and_a_steady_limit_keeps_its_workers()
    {
        RandomStream stream = new(5, RandomPurpose.User);
        Tensor a = Tensor.Normal([300, 200], 0, 1, ref stream), b = Tensor.Normal([200, 250], 0, 1, ref stream);
        float[] expected = a.MatMul(b).Softmax().ToArray<float>();
        foreach (int count in new[] { 1, 2, 3, 8, 2 })
        {
            using ThreadLimit limit = Threads.Limit(count);
            a.MatMul(b).Softmax().ToArray<float>().ShouldBe(expected);
        }
    }
}
