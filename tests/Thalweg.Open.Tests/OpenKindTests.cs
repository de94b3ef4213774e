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

/// <summary>Rules, optimizers, regularizers, metrics, losses, minimizers and schedules of one's own: they run, are saved and resumed, and
/// have text forms like those of the library.</summary>
public sealed partial class OpenKindTests
{
    private static readonly Dataset s_training = Samples.Clusters(64), s_validation = Samples.Clusters(100, 5);

    private static readonly TrainerOptions _options =
        new() { Optimizer = new Adam(0.01), Epochs = 4, BatchSize = 20, Patience = 0, RestoreBest = false };

    static OpenKindTests()
    {
        Settings.Register<OwnMomentum>();
        Settings.Register<OwnUphill>();
        Settings.Register<OwnOptimizer>("own_sgd");
        Settings.Register<OwnRidge>();
        Settings.Register<OwnConfidence>();
        Settings.Register<OwnErrorShare>();
        Settings.Register<OwnBall>();
        Settings.Register<OwnSchedule>();
    }

    [Theory]
    [InlineData("own_momentum(mu=0.5)", typeof(Rule))]
    [InlineData("own_sgd(0.1, mu=0.3)", typeof(NamedOptimizer))]
    [InlineData("own_ridge(0.2)", typeof(Regularizer))]
    [InlineData("own_confidence(0.3)", typeof(Regularizer))]
    [InlineData("own_error_share", typeof(Metric))]
    [InlineData("own_ball(mu=0.2)", typeof(Minimizer))]
    [InlineData("own(0.5)", typeof(Schedule))]
    public void Custom_records_read_back_from_their_texts(string text, Type kind)
    {
        SettingsRecord record = kind switch
        {
            _ when kind == typeof(Rule) => Settings.Parse<Rule>(text),
            _ when kind == typeof(NamedOptimizer) => Settings.Parse<NamedOptimizer>(text),
            _ when kind == typeof(Regularizer) => Settings.Parse<Regularizer>(text),
            _ when kind == typeof(Metric) => Settings.Parse<Metric>(text),
            _ when kind == typeof(Minimizer) => Settings.Parse<Minimizer>(text),
            _ => Settings.Parse<Schedule>(text),
        };
        record.GetType().Name.ShouldStartWith("Own");
        Settings.CanReadBack(record).ShouldBeTrue();
        record.ToString().ShouldStartWith(text[..5]);
    }

    [Fact]
    public void A_custom_penalty_gives_the_bits_of_the_built_in_one()
    {
        Sequential Double()
        {
            Sequential network = Samples.Network();
            network.Initialize(1, DType.Float64);
            return network;
        }

        double[] Train(string regularizers, Minimizer? minimizer = null)
        {
            Sequential network = Double();
            Trainer trainer = new(network, new TrainingSet(s_training), new ValidationSet(s_validation), _options with
            {
                Regularizers = Settings.ParseAll<Regularizer>(regularizers),
                Minimizer = minimizer,
                BatchSize = TrainerOptions.FullBatch,
            });
            trainer.Fit();
            return trainer.Parameters.Values.ToArray<double>();
        }

        Near(Train("own_ridge(0.1)"), Train("l2(0.1, scope=everything)"));
        Near(Train("own_ridge(0.1)", new NewtonCg()), Train("l2(0.1, scope=everything)", new NewtonCg()));
        Train("own_ridge(0.1)").ShouldNotBe(Train(""));

        void Near(double[] a, double[] b)
        {
            for (int i = 0; i < a.Length; i++)
                a[i].ShouldBe(b[i], 1e-9);
        }
    }

    [Fact]
    public void A_term_of_tensor_operations_sees_outputs_and_is_one_over_micro_batches()
    {
        TrainerOptions options = _options with { Regularizers = [new OwnConfidence(0.3)], BatchSize = 60, LastBatch = LastBatch.Dropped };
        Trainer whole = Make(options), microBatches = Make(options with { MicroBatchSize = 7 }),
            plain = Make(options with { Regularizers = [] });
        whole.Fit();
        microBatches.Fit();
        plain.Fit();
        float[] a = Samples.Weights(whole.Module), b = Samples.Weights(microBatches.Module);
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-4);
        a.ShouldNotBe(Samples.Weights(plain.Module));
    }

    [Fact]
    public void A_custom_loss_reduces_as_the_built_in_ones_do()
    {
        Tensor y = Tensor.From([1.0, 2, 3, 4], [2, 2]), t = Tensor.From([0.0, 2, 2, 2], [2, 2]), w = Tensor.From([1.0, 3], [2]);
        OwnLoss own = new();
        own.Compute(y, t).Item().ShouldBe(Loss.MeanSquaredError.Compute(y, t).Item());
        own.Compute(y, t, w).Item().ShouldBe(Loss.MeanSquaredError.Compute(y, t, w).Item());
        own.Compute(y, t, Reduction.None).Shape.ShouldBe(y.Shape);
        Should.Throw<ThalwegException>(() => own.Compute(y, w)).Message.ShouldContain("[own]");
    }

    [Fact]
    public void A_custom_minimizer_finds_a_minimum_and_continues_from_its_state()
    {
        static double Bowl(ReadOnlySpan<double> x, Span<double> gradient)
        {
            double value = 0;
            for (int i = 0; i < x.Length; i++)
            {
                value += (i + 1) * (x[i] - 1) * (x[i] - 1);
                gradient[i] = 2 * (i + 1) * (x[i] - 1);
            }

            return value;
        }

        OwnBall ball = new() { MaximumIterations = 3 };
        MinimizerRun whole = ball.Start([5, -3, 2]), first = ball.Start([5, -3, 2]);
        whole.Advance(Bowl);
        first.Advance(Bowl);
        MinimizerRun second = ball.Resume(first.Slots);
        MinimizerResult expected = whole.Advance(Bowl);
        second.Advance(Bowl).Point.ShouldBe(expected.Point);
        first.Slots.Select(slot => slot.Name).ShouldContain("custom.calls");
        MinimizerResult result = (ball with { MaximumIterations = 200 }).Minimize(Bowl, [5, -3, 2]);
        result.Point.ShouldAllBe(x => Math.Abs(x - 1) < 1e-6);
    }

    private static Trainer Make(TrainerOptions options) =>
        new(Samples.Network(), new TrainingSet(s_training), new ValidationSet(s_validation), options);
}
