namespace Thalweg.Core.Tests.Tensors;

/// <summary>What a second thread, or a second scope, must not do with the memory of a step; afterwards all works as before.</summary>
public sealed partial class StepThreadTests
{
    private static readonly Tensor s_ones = Tensor.Ones([1000]);

    /// <summary>Every way to the elements of a tensor.</summary>
    public static TheoryData<string, Action<Tensor>> Uses => new()
    {
        { "an operation", x => x.Exp() },
        { "the second input", x => s_ones.Add(x) },
        { "a view", x => x.Reshape([10, 100]) },
        { "detach", x => x.Detach() },
        { "span", x => x.AsSpan<float>() },
        { "tensor span", x => x.AsTensorSpan<float>() },
        { "array", x => x.ToArray<float>() },
        { "item", x => x.Slice(0, 0, 1).Item() },
        { "copy", x => x.Clone() },
        { "conversion", x => x.To(DType.Float64) },
        { "assign to it", x => x.Assign(s_ones) },
        { "assign from it", x => Tensor.Zeros([1000]).Assign(x) },
        { "gradient", x => Gradients.Of(x, s_ones, [x], createGraph: false) },
        { "backward", x => x.Backward() },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_tensor_of_another_threads_scope_is_refused(string way, Action<Tensor> use)
    {
        StepMemory memory = new();
        using (memory.Begin())
        {
            Tensor y = Recorded();
            foreach (bool hasScope in new[] { false, true })
            {
                string message = Elsewhere(() =>
                {
                    using StepScope scope = hasScope ? StepScope.Begin() : default;
                    return Should.Throw<ThalwegException>(() => use(y), way).Message;
                });
                message.ShouldStartWith("[multiply] expected a tensor of a step scope that is open on this thread");
                Elsewhere(() => y.ToString()).ShouldContain("(of another thread)");
            }

            y.Sum().Item().ShouldBe(3000);
        }

        AllIsWell(memory);
    }

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_tensor_whose_scope_has_ended_is_refused(string way, Action<Tensor> use)
    {
        StepMemory memory = new();
        Tensor y;
        using (memory.Begin())
            y = Recorded();

        for (int i = 0; i < 2; i++)
        {
            Should.Throw<ThalwegException>(() => use(y), way).Message.ShouldContain("scope has ended");
            using StepScope scope = memory.Begin();
            Recorded();
            Should.Throw<ThalwegException>(() => use(y), way).Message.ShouldContain("scope has ended");
        }
    }

    [Fact]
    public void A_memory_in_use_by_another_thread_is_refused()
    {
        StepMemory memory = new();
        using (memory.Begin())
        {
            Tensor y = Recorded();
            Elsewhere(() => Should.Throw<ThalwegException>(() => memory.Begin()).Message).ShouldContain("another thread");
            y.Sum().Item().ShouldBe(3000);
            Should.Throw<ThalwegException>(() => memory.Begin()).Message.ShouldContain("own StepMemory");
        }

        AllIsWell(memory);
    }

    [Fact]
    public void A_scope_that_ends_on_another_thread_is_refused_and_ends()
    {
        foreach (StepMemory? memory in new[] { null, new StepMemory(), new StepMemory { RecycleHandles = true } })
        {
            StepScope scope = memory?.Begin() ?? StepScope.Begin();
            Tensor y = Recorded();
            Elsewhere(() =>
            {
                string message = Should.Throw<ThalwegException>(() => scope.Dispose()).Message;
                AllIsWell(memory);
                return message;
            }).ShouldContain("on the thread that opened it");

            Should.Throw<ThalwegException>(() => y.Sum()).Message.ShouldContain("open on this thread");
            StepPool.Current.ShouldBeNull();
            Tensor z = Recorded();
            AllIsWell(memory);
            scope.Dispose();
            z.Sum().Item().ShouldBe(3000);
            (memory?.RecycleHandles ?? false).ShouldBe(memory?.RecycleHandles == true);
        }
    }

    [Fact]
    public void Scopes_that_end_out_of_order_are_refused_and_end_all()
    {
        StepMemory first = new(), second = new(), third = new();
        StepScope outer = first.Begin(), middle = second.Begin(), inner = third.Begin();
        Tensor y = Recorded();
        Should.Throw<ThalwegException>(() => middle.Dispose()).Message.ShouldContain("in the opposite order");
        Should.Throw<ThalwegException>(() => y.Sum()).Message.ShouldContain("scope has ended");
        Tensor z = Recorded();
        inner.Dispose();
        z.Sum().Item().ShouldBe(3000);
        middle.Dispose();
        outer.Dispose();
        Should.Throw<ThalwegException>(() => z.Sum());
        StepPool.Current.ShouldBeNull();
        AllIsWell(first);
        AllIsWell(second);
        AllIsWell(third);
    }

    [Fact]
    public void An_inner_scope_that_ended_elsewhere_leaves_the_outer_one()
    {
        StepMemory first = new(), second = new();
        using (first.Begin())
        {
            Tensor y = Recorded();
            StepScope inner = second.Begin();
            Elsewhere(() => Should.Throw<ThalwegException>(() => inner.Dispose()).Message);
            Recorded().Add(y).Sum().Item().ShouldBe(6000);
        }

        StepPool.Current.ShouldBeNull();
        AllIsWell(first);
        AllIsWell(second);
    }

    [Fact]
    public void A_scope_that_ended_does_not_end_the_next_one()
    {
        StepMemory memory = new();
        StepScope first = memory.Begin();
        first.Dispose();
        using StepScope second = memory.Begin();
        Tensor y = Recorded();
        first.Dispose();
        Elsewhere(() =>
        {
            first.Dispose();
            return "";
        });
        y.Sum().Item().ShouldBe(3000);
    }

    [Fact]
    public async Task An_await_within_a_scope_is_refused_and_harms_nobody()
    {
        StepMemory memory = new();
        for (int i = 0; i < 20; i++)
        {
            int before = 0, after = 0;
            bool isRefused = false;
            try
            {
                using StepScope scope = memory.Begin();
                before = Environment.CurrentManagedThreadId;
                Tensor y = Recorded();
                await Elsewhere();
                after = Environment.CurrentManagedThreadId;
                y.Sum().Item().ShouldBe(3000);
            }
            catch (ThalwegException)
            {
                isRefused = true;
            }

            isRefused.ShouldBe(before != after);
            AllIsWell(memory);
        }
    }

    private static Tensor Recorded()
    {
        Tensor x = Tensor.Ones([1000]);
        x.RequiresGrad = true;
        return x.Multiply(3);
    }

    /// <summary>A memory, and the thread's own, serve as ever.</summary>
    private static void AllIsWell(StepMemory? memory)
    {
        for (int i = 0; i < 3; i++)
        {
            using StepScope scope = memory?.Begin() ?? StepScope.Begin();
            Recorded().Sum().Item().ShouldBe(3000);
            using StepScope inner = StepScope.Begin();
            Recorded().Sum().Item().ShouldBe(3000);
        }
    }

    private static string Elsewhere(Func<string> work)
    {
        string result = "";
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        failure.ShouldBeNull();
        return result;
    }

    /// <summary>A task that ends on a thread of its own, where what awaits it continues.</summary>
    private static Task Elsewhere()
    {
        TaskCompletionSource source = new();
        new Thread(() =>
        {
            Thread.Sleep(1);
            source.SetResult();
        }).Start();
        return source.Task;
    }

    private static void Run(int threads, Action<int> work)
    {
        Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() => work(thread)))];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
    }
}
