using System.Numerics;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Open.Tests;

/// <content>Custom rules.</content>
public sealed partial class OpenKindTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_custom_rule_gives_the_bits_of_the_built_in_one(bool isBehindOthers)
    {
        Chain Of(Rule momentum) => isBehindOthers
            ? [new Scale(0.5), momentum, new ClipByGlobalNorm(0.7), new AddDecayedWeights(0.01), new ScaleByLearningRate(0.1)]
            : [momentum, new ScaleByLearningRate(0.1)];
        ParameterSegments segments = new(
            new ParameterSegment("0.weight", 0, 48, Shape: [3, 15]), new ParameterSegment("0.bias", 64, 16, false, [15]));
        Compare<float>();
        Compare<double>();

        void Compare<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            DType dtype = typeof(T) == typeof(float) ? DType.Float32 : DType.Float64;
            OptimizerRun own = new(Of(new OwnMomentum { Mu = 0.8 }), segments, dtype),
                builtIn = new(Of(new ScaleByMomentum { Mu = 0.8 }), segments, dtype);
            T[] w = Values(1), expected = Values(1);
            for (int step = 0; step < 20; step++)
            {
                T[] g = Values(step + 2);
                own.Step<T>(w, g);
                builtIn.Step<T>(expected, g);
            }

            w.ShouldBe(expected);

            T[] Values(int seed)
            {
                T[] values = new T[80];
                for (int i = 0; i < 80; i++)
                    values[i] = i is (>= 45 and < 64) or 79 ? T.Zero : T.CreateTruncating(Math.Sin((seed * 7.7) + i));
                return values;
            }
        }
    }

    [Fact]
    public void A_custom_rule_is_saved_and_resumed_by_its_text()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-own.safetensors");
        TrainerOptions options = _options with { Optimizer = ChainText.Parse("chain(own_sgd(0.05, mu=0.8), project_max_norm(3))") };
        options.Optimizer.ToString().ShouldContain("own_momentum(mu=0.8)");
        Trainer whole = Make(options);
        whole.StepEnded += step =>
        {
            if (step.Step == 5)
                TrainingCheckpoint.Save(whole, path);
        };
        whole.Fit();
        try
        {
            Trainer resumed = Make(options);
            TrainingCheckpoint.Restore(resumed, path);
            resumed.Optimizer.State.Slots[0].Name.ShouldBe("0.own_momentum.v");
            resumed.Fit();
            Samples.Weights(resumed.Module).ShouldBe(Samples.Weights(whole.Module));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_step_with_a_custom_rule_allocates_nothing()
    {
        OptimizerRun run = new([new Scale(1), new OwnMomentum(), new ScaleByLearningRate(0.1)], ParameterSegments.Single(1000));
        float[] w = new float[1000], g = new float[1000];
        Allocations.Fewest(() => run.Step<float>(w, g), 100).ShouldBe(0);
    }

    [Fact]
    public void A_custom_rule_may_take_its_gradient_elsewhere_and_observe_signals()
    {
        Chain chain = [new OwnUphill(0.05), new ScaleByMomentum(), new ScaleByLearningRate(0.05)];
        chain[0].Needs.Gradients.ShouldBe(2);
        Trainer own = Make(_options with { Optimizer = chain }), sam = Make(_options with { Optimizer = new Sam(0.05) { Mu = 0.9 } });
        own.Fit();
        sam.Fit();
        float[] a = Samples.Weights(own.Module), b = Samples.Weights(sam.Module);
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-4);
        own.Optimizer.State.Slots.Single(slot => slot.Name.EndsWith("metrics", StringComparison.Ordinal)).Values.AsSpan<double>()[0]
            .ShouldBe(4);
    }

    [Fact]
    public void A_custom_rule_says_where_it_may_stand_and_which_slots_it_has()
    {
        Should.Throw<ThalwegException>(() => Chain.Of(new ScaleByLearningRate(1), new OwnMomentum())).Message.ShouldBe(
            "[chain] found own_momentum(mu=0.9) after scale_by_learning_rate, before which it belongs; move it");
        OptimizerRun run = new([new Lost(), new ScaleByLearningRate(1)], ParameterSegments.Single(1));
        Should.Throw<ThalwegException>(() => run.Step<float>(new float[1], [1])).Message.ShouldContain("unknown slot 'moment'");
    }

    [Fact]
    public void A_custom_rule_gets_step_and_rate()
    {
        double[] seen = [];
        OptimizerRun run = new(
            [new Accumulate(2), new Spy((updates, rate) => seen = [.. seen, updates, rate]), new ScaleByLearningRate(new OwnSchedule(0.5))],
            ParameterSegments.Single(1), DType.Float64);
        for (int i = 0; i < 6; i++)
            run.Step<double>(new double[1], [1]);
        seen.ShouldBe([0, 0.5, 1, 0.25, 2, 0.125]);
    }
}
