using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

public sealed class ForwardContextTests
{
    private static readonly Tensor s_ones = Tensor.Ones([400]);

    [Fact]
    public void Without_a_step_each_pass_draws_anew()
    {
        Module network = Network();
        float[][] passes = [.. Enumerable.Range(0, 4).Select(_ => network.Forward(s_ones).ToArray<float>())];
        passes.Select(pass => string.Join(' ', pass)).Distinct().Count().ShouldBe(4);
        Module again = Network();
        foreach (float[] pass in passes)
            again.Forward(s_ones).ToArray<float>().ShouldBe(pass);
    }

    [Fact]
    public void Passes_without_a_step_are_those_of_steps_in_order()
    {
        Module free = Network(), stepped = Network();
        for (long step = 0; step < 3; step++)
            free.Forward(s_ones).ToArray<float>().ShouldBe(At(stepped, step));
    }

    [Fact]
    public void A_step_that_is_taken_again_draws_the_same_and_draws_of_one_step_differ()
    {
        Module network = Network();
        float[] first = At(network, 7);
        At(network, 8).ShouldNotBe(first);
        using ForwardScope context = ForwardContext.Training(7);
        network.Forward(s_ones).ToArray<float>().ShouldBe(first);
        float[] second = network.Forward(s_ones).ToArray<float>(), third = network.Forward(s_ones).ToArray<float>();
        second.ShouldNotBe(first);
        third.ShouldNotBe(second);
        using ForwardScope repeat = ForwardContext.Begin(new ForwardOptions { Step = 7, IsRepeat = true });
        network.Forward(s_ones).ToArray<float>().ShouldBe(first);
        network.Forward(s_ones).ToArray<float>().ShouldBe(second);
    }

    [Fact]
    public void A_module_that_is_used_twice_draws_twice()
    {
        Dropout shared = new(0.5);
        Module network = new Sequential(shared, shared).Initialize(3);
        using ForwardScope context = ForwardContext.Training(0);
        network.Forward(s_ones).ToArray<float>().Count(v => v == 0).ShouldBeInRange(260, 340); // 3/4, not 1/2
    }

    [Fact]
    public void The_first_draw_of_a_step_keeps_the_key_of_earlier_versions()
    {
        Module network = Network();
        float[] mask = s_ones.Dropout(0.5, new RandomStream(3, RandomPurpose.Dropout, 12)).ToArray<float>();
        At(network, 12).ShouldBe(mask);
    }

    [Fact]
    public void Mode_and_seed_are_those_of_the_innermost_context()
    {
        Module network = Network();
        network.SetTraining(false);
        network.Forward(s_ones).ToArray<float>().ShouldBe(s_ones.ToArray<float>());
        using (ForwardContext.Training(0, seed: 5))
        {
            network.IsTraining.ShouldBeTrue();
            network.Forward(s_ones).ToArray<float>()
                .ShouldBe(s_ones.Dropout(0.5, new RandomStream(5, RandomPurpose.Dropout)).ToArray<float>());
            using (ForwardContext.Evaluation())
            {
                network.IsTraining.ShouldBeFalse();
                (ForwardContext.Step, ForwardContext.Seed).ShouldBe((0, 5ul));
            }

            network.IsTraining.ShouldBeTrue();
        }

        network.IsTraining.ShouldBeFalse();
        (ForwardContext.IsTraining, ForwardContext.Step, ForwardContext.Seed, ForwardContext.IsRepeat).ShouldBe((null, null, null, false));
        Should.Throw<ThalwegException>(() => ForwardContext.Training(-1)).Message.ShouldContain("2^40");
    }

    [Fact]
    public void Contexts_that_end_twice_or_out_of_order_leave_the_one_around_as_it_is()
    {
        using ForwardScope outer = ForwardContext.Training(1);
        ForwardScope first = ForwardContext.Training(2), second = ForwardContext.Training(3);
        first.Dispose();
        ForwardContext.Step.ShouldBe(1);
        second.Dispose();
        first.Dispose();
        using (ForwardContext.Training(4))
        {
            second.Dispose();
            ForwardContext.Step.ShouldBe(4);
        }

        ForwardContext.Step.ShouldBe(1);
    }

    [Fact]
    public void One_network_serves_threads_in_different_modes_and_steps()
    {
        Module network = new Sequential(new Dense(4, 50), new Dropout(0.5), new BatchNorm1d(50), new Dense(50, 1)).Initialize(2);
        Tensor x = Tensor.Ones([6, 4]);
        float[] evaluated;
        using (ForwardContext.Evaluation())
            evaluated = network.Forward(x).ToArray<float>();

        float[][] trained = [.. Enumerable.Range(0, 4).Select(step => Trained(step))];
        int failures = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(step => new Thread(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                failures += Trained(step).AsSpan().SequenceEqual(trained[step]) ? 0 : 1;
                using ForwardScope context = ForwardContext.Evaluation();
                failures += network.Forward(x).ToArray<float>().AsSpan().SequenceEqual(evaluated) ? 0 : 1;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        failures.ShouldBe(0);

        float[] Trained(int step)
        {
            // A repeat, so that running statistics stay as they are.
            using ForwardScope context = ForwardContext.Begin(new ForwardOptions { IsTraining = true, Step = step, IsRepeat = true });
            return network.Forward(x).ToArray<float>();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3L)]
    public void Parts_that_are_computed_again_repeat_the_draws_of_the_first_time(long? step)
    {
        float[] whole = Gradient(isRecomputed: false), again = Gradient(isRecomputed: true);
        again.ShouldBe(whole);

        float[] Gradient(bool isRecomputed)
        {
            Dropout shared = new(0.5);
            Module part = new Sequential(new Dense(4, 30), shared, new Dense(30, 30), shared, new GaussianNoise(0.3));
            Module network = new Sequential(isRecomputed ? new Recomputed(part) : part, new Dense(30, 1)).Initialize(6);
            Tensor x = Tensor.Ones([5, 4]), loss = Tensor.Scalar(0f);
            using (ForwardContext.Training(step))
                loss = network.Forward(x).Square().Sum().Add(network.Forward(x).Sum());

            // After the context, in another one, where the mode would be another.
            using ForwardScope evaluation = ForwardContext.Evaluation();
            loss.Backward();
            return [.. network.NamedParameters().SelectMany(p => p.Parameter.Value.Gradient!.ToArray<float>())];
        }
    }

    [Fact]
    public void Second_derivatives_and_nested_parts_repeat_the_draws_too()
    {
        double[] whole = Second(false), again = Second(true);
        for (int i = 0; i < whole.Length; i++)
            again[i].ShouldBe(whole[i], 1e-12);

        double[] Second(bool isRecomputed)
        {
            Module inner = new Sequential(new Dense(3, 20, Activation.Tanh), new Dropout(0.4));
            Module outer = new Sequential(isRecomputed ? new Recomputed(inner) : inner, new Dropout(0.2), new Dense(20, 1));
            Module network = new Sequential(isRecomputed ? new Recomputed(outer) : outer).Initialize(6, DType.Float64);
            Tensor x = Tensor.Ones([2, 3], DType.Float64);
            x.RequiresGrad = true;
            Tensor[] first = Gradients.OfWithGraph(network.Forward(x).Square().Sum(), x);
            return Gradients.Of(first[0].Square().Sum(), x)[0].ToArray<double>();
        }
    }

    [Fact]
    public void A_part_that_draws_more_the_second_time_is_refused()
    {
        Dropout dropout = new(0.5);
        dropout.Initialize(1);
        int calls = 0;
        Tensor x = Tensor.Ones([4]);
        x.RequiresGrad = true;
        Tensor y = Recomputation.Apply(a => calls++ == 0 ? a : dropout.Forward(a), x);
        Should.Throw<ThalwegException>(() => y.Sum().Backward()).Message.ShouldContain("0 random draws");
    }

    private static Module Network() => new Sequential(new Dropout(0.5)).Initialize(3);

    private static float[] At(Module network, long step)
    {
        using ForwardScope context = ForwardContext.Training(step);
        return network.Forward(s_ones).ToArray<float>();
    }
}
