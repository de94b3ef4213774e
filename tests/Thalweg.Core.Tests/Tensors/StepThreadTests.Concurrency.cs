namespace Thalweg.Core.Tests.Tensors;

/// <content>Threads that compute at the same time.</content>
public sealed partial class StepThreadTests
{
    [Fact]
    public void Ending_no_grad_on_another_thread_is_refused_and_both_record_again()
    {
        Tensor x = Tensor.Ones([2]);
        x.RequiresGrad = true;
        NoGrad silence = NoGrad.Begin(), inner = NoGrad.Begin();
        Elsewhere(() =>
        {
            x.Exp().RequiresGrad.ShouldBeTrue();
            string message = Should.Throw<ThalwegException>(() => silence.Dispose()).Message;
            x.Exp().RequiresGrad.ShouldBeTrue();
            return message;
        }).ShouldContain("on the thread that began it");
        x.Exp().RequiresGrad.ShouldBeFalse();
        inner.Dispose();
        x.Exp().RequiresGrad.ShouldBeTrue();
        silence.Dispose();
        using (NoGrad.Begin())
        {
            inner.Dispose();
            silence.Dispose();
            x.Exp().RequiresGrad.ShouldBeFalse();
        }

        x.Exp().RequiresGrad.ShouldBeTrue();
        Gradients.Of(x.Exp().Sum(), x)[0].AsSpan<float>()[0].ShouldBe(MathF.E, 1e-6f);
    }

    [Fact]
    public void Threads_that_fight_for_one_memory_get_right_numbers_or_are_refused()
    {
        StepMemory memory = new() { RecycleHandles = true };
        int right = 0, refused = 0, wrong = 0;
        Run(4, thread =>
        {
            Tensor x = Tensor.Full([500 + thread], thread + 1);
            for (int i = 0; i < 2000; i++)
            {
                try
                {
                    using StepScope scope = memory.Begin();
                    double sum = x.Multiply(2).Add(x).Sum().Item();
                    Interlocked.Increment(ref sum == 3.0 * (thread + 1) * (500 + thread) ? ref right : ref wrong);
                }
                catch (ThalwegException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });
        wrong.ShouldBe(0);
        right.ShouldBeGreaterThan(0);
        (right + refused).ShouldBe(8000);
        AllIsWell(memory);
    }

    [Fact]
    public void A_parameter_that_moves_while_others_compute_with_it_gives_the_same_bits()
    {
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal([16, 300], 0, 1, ref stream), weights = Tensor.Normal([300, 40], 0, 1, ref stream);
        float[] right = x.Linear(weights).ToArray<float>();
        bool isDone = false;
        int wrong = 0, first = 0, second = 0;
        Run(3, thread =>
        {
            for (int i = 0; i < 30 && thread == 0; i++)
            {
                weights.MoveInto(Tensor.Zeros([20_000]), 16 * i);
                GC.Collect();

                // At most one move within an operation, as trainers that are made one after the other do.
                (int one, int two) = (Volatile.Read(ref first), Volatile.Read(ref second));
                SpinWait.SpinUntil(() => Volatile.Read(ref first) > one && Volatile.Read(ref second) > two);
            }

            Volatile.Write(ref isDone, thread == 0 || isDone);
            while (!Volatile.Read(ref isDone))
            {
                wrong += x.Linear(weights).AsSpan<float>().SequenceEqual(right) ? 0 : 1;
                Interlocked.Increment(ref thread == 1 ? ref first : ref second);
            }
        });
        wrong.ShouldBe(0);
    }
}
