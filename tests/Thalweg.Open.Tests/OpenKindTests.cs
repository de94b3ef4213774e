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
public sealed class OpenKindTests
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
    [InlineData(false)]
    [InlineData(true)]
    public void A_rule_of_ones_own_gives_the_bits_of_the_built_in_one(bool isBehindOthers)
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
    public void A_rule_of_ones_own_is_saved_and_resumed_by_its_text()
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
    public void A_step_with_a_rule_of_ones_own_allocates_nothing()
    {
        OptimizerRun run = new([new Scale(1), new OwnMomentum(), new ScaleByLearningRate(0.1)], ParameterSegments.Single(1000));
        float[] w = new float[1000], g = new float[1000];
        Allocations.Fewest(() => run.Step<float>(w, g), 100).ShouldBe(0);
    }

    [Fact]
    public void A_rule_of_ones_own_may_take_its_gradient_elsewhere_and_observe_signals()
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
    public void A_rule_of_ones_own_says_where_it_may_stand_and_which_slots_it_has()
    {
        Should.Throw<ThalwegException>(() => Chain.Of(new ScaleByLearningRate(1), new OwnMomentum())).Message.ShouldBe(
            "[chain] found own_momentum(mu=0.9) after scale_by_learning_rate, before which it belongs; move it");
        OptimizerRun run = new([new Lost(), new ScaleByLearningRate(1)], ParameterSegments.Single(1));
        Should.Throw<ThalwegException>(() => run.Step<float>(new float[1], [1])).Message.ShouldContain("unknown slot 'moment'");
    }

    [Fact]
    public void A_rule_of_ones_own_is_told_step_and_rate()
    {
        double[] seen = [];
        OptimizerRun run = new(
            [new Accumulate(2), new Spy((updates, rate) => seen = [.. seen, updates, rate]), new ScaleByLearningRate(new OwnSchedule(0.5))],
            ParameterSegments.Single(1), DType.Float64);
        for (int i = 0; i < 6; i++)
            run.Step<double>(new double[1], [1]);
        seen.ShouldBe([0, 0.5, 1, 0.25, 2, 0.125]);
    }

    [Theory]
    [InlineData("own_momentum(mu=0.5)", typeof(Rule))]
    [InlineData("own_sgd(0.1, mu=0.3)", typeof(NamedOptimizer))]
    [InlineData("own_ridge(0.2)", typeof(Regularizer))]
    [InlineData("own_confidence(0.3)", typeof(Regularizer))]
    [InlineData("own_error_share", typeof(Metric))]
    [InlineData("own_ball(mu=0.2)", typeof(Minimizer))]
    [InlineData("own(0.5)", typeof(Schedule))]
    public void Records_of_ones_own_read_back_from_their_texts(string text, Type kind)
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
    public void A_penalty_of_ones_own_gives_the_bits_of_the_built_in_one()
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
        Trainer whole = Make(options), microBatches = Make(options with { MicroBatchSize = 7 }), plain = Make(options with { Regularizers = [] });
        whole.Fit();
        microBatches.Fit();
        plain.Fit();
        float[] a = Samples.Weights(whole.Module), b = Samples.Weights(microBatches.Module);
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-4);
        a.ShouldNotBe(Samples.Weights(plain.Module));
    }

    [Fact]
    public void A_metric_of_ones_own_steers_early_stopping()
    {
        TrainerOptions options = _options with { Monitor = new OwnErrorShare(), Metrics = [new MacroF1()], Epochs = 20, Patience = 3 };
        TrainingReport own = Make(options).Fit(), usual = Make(options with { Monitor = Metric.OfTask, Metrics = [] }).Fit();
        own.BestEpoch.ShouldBe(usual.BestEpoch);
        own.Epochs.Count.ShouldBe(usual.Epochs.Count);
        foreach (EpochReport epoch in own.Epochs)
        {
            epoch.Validation.ValueOf(new OwnErrorShare()).ShouldBe(1 - epoch.Validation.Accuracy, 1e-12);
            epoch.Training.ValueOf(new OwnErrorShare()).ShouldBe(1 - epoch.Training.Accuracy, 1e-12);
            epoch.Validation.Others!.Select(other => other.Name).ShouldBe(["macro_f1", "own_error_share"]);
            epoch.Validation.ValueOf(Metric.Loss).ShouldBe(epoch.Validation.Loss);
        }

        double.IsNaN(usual.Epochs[0].Validation.ValueOf(new OwnErrorShare())).ShouldBeTrue();
    }

    [Fact]
    public void The_sums_of_a_metric_go_on_in_a_resumed_epoch()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-metric.safetensors");
        TrainerOptions options = _options with { Metrics = [new OwnErrorShare(), new BalancedAccuracy()] };
        Trainer whole = Make(options);
        whole.StepEnded += step =>
        {
            if (step.Step == 5)
                TrainingCheckpoint.Save(whole, path);
        };
        TrainingReport expected = whole.Fit();
        try
        {
            Trainer resumed = Make(options);
            TrainingCheckpoint.Restore(resumed, path);
            resumed.Fit().Epochs.Select(epoch => epoch.Training).ShouldBe(expected.Epochs.Skip(1).Select(epoch => epoch.Training));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_metric_that_fails_leaves_the_weights_that_train()
    {
        Chain chain = ChainText.Parse("chain(adam(0.01), average_weights)");
        TrainerOptions options = _options with { Optimizer = chain, Metrics = [new Failing()] };
        Trainer failing = Make(options), plain = Make(options with { Metrics = [], Epochs = 1 });
        float[] trained = [];
        plain.StepEnded += step => trained = Samples.Weights(plain.Module);
        plain.Fit();
        Should.Throw<InvalidOperationException>(() => failing.Fit());
        Samples.Weights(failing.Module).ShouldBe(trained);
        failing.Report!.Reason.ShouldBe(EndReason.Failed);
    }

    [Fact]
    public void A_slot_that_is_called_average_is_not_taken_for_one()
    {
        OptimizerRun run = new([new Spy((_, _) => { }), new ScaleByLearningRate(1)], ParameterSegments.Single(1));
        run.State.Slots.Count.ShouldBe(1);
        run.Average.ShouldBeNull();
    }

    [Fact]
    public void Partial_sums_merge_to_those_of_the_whole()
    {
        MacroF1 metric = new();
        double[] first = [3, 1, 0, 2], second = [1, 0, 1, 2], whole = [4, 1, 1, 4];
        metric.Merge(second, first);
        first.ShouldBe(whole);

        // F1 of the classes: 2*4/(5+5) and 2*4/(5+5).
        metric.Result(whole).ShouldBe(0.8, 1e-12);
        new BalancedAccuracy().Result(whole).ShouldBe((4 / 5.0 + 4 / 5.0) / 2, 1e-12);
        new BalancedAccuracy().Result([2, 2, 0, 0]).ShouldBe(0.5);
    }

    [Fact]
    public void Metrics_refuse_tasks_that_they_cannot_judge()
    {
        Should.Throw<ThalwegException>(() => Make(_options with { Metrics = [new MeanAbsoluteError()] })).Message.ShouldContain(
            "[mean_absolute_error] expected numbers to predict to judge, got 3 classes");
        Should.Throw<ThalwegException>(() => Make(_options with { Monitor = new R2() })).Message.ShouldContain("[r2]");
        Should.Throw<ThalwegException>(() => Make(_options with { Metrics = [new TopKAccuracy(3)] })).Message.ShouldContain("more than 3");
        Dataset wave = Samples.Wave(30);
        TrainerOptions options = _options with { Monitor = new RootMeanSquaredError() };
        Trainer trainer = new(Samples.Network(1, 1), new TrainingSet(wave), new ValidationSet(wave), options);
        TrainingReport report = trainer.Fit();
        report.Epochs[report.BestEpoch].Validation.RootMeanSquaredError.ShouldBe(report.Epochs.Min(e => e.Validation.RootMeanSquaredError));
    }

    [Fact]
    public void The_share_of_the_two_best_is_counted()
    {
        Trainer trainer = Make(_options with { Metrics = [new TopKAccuracy(2), new TopKAccuracy(1)] });
        foreach (EpochReport epoch in trainer.Fit().Epochs)
        {
            double[] shares = [.. epoch.Validation.Others!.Select(other => other.Value)];
            shares[1].ShouldBe(epoch.Validation.Accuracy, 1e-12);
            shares[0].ShouldBeGreaterThanOrEqualTo(shares[1]);
        }
    }

    [Fact]
    public void A_loss_of_ones_own_reduces_as_the_built_in_ones_do()
    {
        Tensor y = Tensor.From([1.0, 2, 3, 4], [2, 2]), t = Tensor.From([0.0, 2, 2, 2], [2, 2]), w = Tensor.From([1.0, 3], [2]);
        OwnLoss own = new();
        own.Compute(y, t).Item().ShouldBe(Loss.MeanSquaredError.Compute(y, t).Item());
        own.Compute(y, t, w).Item().ShouldBe(Loss.MeanSquaredError.Compute(y, t, w).Item());
        own.Compute(y, t, Reduction.None).Shape.ShouldBe(y.Shape);
        Should.Throw<ThalwegException>(() => own.Compute(y, w)).Message.ShouldContain("[own]");
    }

    [Fact]
    public void A_minimizer_of_ones_own_finds_a_minimum_and_goes_on_from_its_state()
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

    public sealed record OwnMomentum : CustomRule
    {
        public double Mu { get; init => field = Within(value, 0, 1, isHighIncluded: false); } = 0.9;

        public override IReadOnlyList<string> Slots => ["v"];

        public override string Formula => "v = mu v + g, u = v";

        public override string Source => "a test";

        protected override RulePlacement Placement => RulePlacement.BeforeLearningRate;

        protected override void Update<T>(RuleStep<T> step)
        {
            Span<T> v = step.Slot("v");
            T mu = T.CreateTruncating(Mu);
            for (int i = 0; i < v.Length; i++)
                step.Update[i] = v[i] = T.FusedMultiplyAdd(mu, v[i], step.Gradient[i]);

            // Padding may hold anything: it is left alone.
            step.Update[^1] = T.NaN;
        }
    }

    public sealed record OwnOptimizer(Hyperparameter LearningRate) : NamedOptimizer(LearningRate)
    {
        public double Mu { get; init => field = Within(value, 0, 1, isHighIncluded: false); } = 0.9;

        public override string Source => "a test";

        public override Chain Chain => Compose(new OwnMomentum { Mu = Mu });
    }

    public sealed record OwnUphill(double Rho) : CustomRule
    {
        public override RuleNeeds Needs => new() { Gradients = 2, MovedFrom = 1, Metric = true };

        public override IReadOnlyList<string> Slots => ["metrics"];

        public override string Formula => "u = g at w + rho g/|g|";

        public override string Source => "a test";

        protected override SlotPlan Plan(string slot, ParameterSegments segments) => SlotPlan.Single();

        protected override void Observe(RuleSignal signal, RuleState state)
        {
            if (signal is MetricSignal)
                state["metrics"].AsSpan<double>()[0]++;
        }

        protected override void Move<T>(RuleMove<T> move)
        {
            double squares = 0;
            foreach (T g in move.Gradient)
                squares += double.CreateTruncating(g) * double.CreateTruncating(g);
            T factor = T.CreateTruncating(Rho / Math.Sqrt(squares));
            for (int i = 0; i < move.Weights.Length; i++)
                move.Weights[i] += factor * move.Gradient[i];
        }

        protected override void Update<T>(RuleStep<T> step) => step.Gradient.CopyTo(step.Update);
    }

    public sealed record Lost : CustomRule
    {
        public override IReadOnlyList<string> Slots => ["moments"];

        public override string Formula => "u = g";

        public override string Source => "a test";

        protected override void Update<T>(RuleStep<T> step) => step.Slot("moment").Clear();
    }

    public sealed record Spy(Action<long, double> Tell) : CustomRule
    {
        public override IReadOnlyList<string> Slots => ["average"];

        public override string Formula => "u = g";

        public override string Source => "a test";

        protected override void Update<T>(RuleStep<T> step)
        {
            Tell(step.Updates, step.LearningRate);
            step.Gradient.CopyTo(step.Update);
        }
    }

    public sealed record OwnRidge(double Lambda) : Regularizer
    {
        public override string Formula => "loss + (lambda/2) |w|^2";

        public override string Source => "a test";

        protected override double AddGradient(ParameterVector parameters)
        {
            double penalty = 0;
            foreach (NamedParameter parameter in parameters.Named)
            {
                ReadOnlySpan<double> w = parameter.Value.AsSpan<double>();
                Span<double> g = parameter.Gradient.AsSpan<double>();
                for (int i = 0; i < w.Length; i++)
                {
                    g[i] += Lambda * w[i];
                    penalty += Lambda / 2 * w[i] * w[i];
                }
            }

            return penalty;
        }

        protected override void AddProduct(ParameterVector parameters, Tensor vector, Tensor product) =>
            product.Assign(product.Add(vector.Multiply(Lambda)));
    }

    public sealed record OwnConfidence(double Factor) : Regularizer
    {
        public override string Formula => "loss + factor mean y^2";

        public override string Source => "a test";

        protected override Tensor? Penalize(in PenalizedLoss microBatch) => microBatch.Outputs.Square().Mean().Multiply(Factor);
    }

    public sealed record OwnErrorShare : Metric
    {
        public override bool LessIsBetter => true;

        public override int LengthFor(int classes) => 2;

        public override void Add(in MetricBatch batch, Span<double> sums)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                sums[0] += batch.PredictedClass(i) == batch.Label(i) ? 0 : 1;
                sums[1]++;
            }
        }

        public override double Result(ReadOnlySpan<double> sums) => sums[0] / sums[1];
    }

    public sealed record Failing : Metric
    {
        public override int LengthFor(int classes) => 1;

        public override void Add(in MetricBatch batch, Span<double> sums)
        {
            if (batch.Count > 20)
                throw new InvalidOperationException("on purpose");
        }

        public override double Result(ReadOnlySpan<double> sums) => 0;
    }

    public sealed record OwnLoss : Loss
    {
        public override string Name => "own";

        public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean)
        {
            SameShape(Name, outputs, targets);
            return Reduce(outputs.Subtract(targets).Square(), reduction);
        }
    }

    public sealed record OwnBall : CustomMinimizer
    {
        public double Mu { get; init; } = 0.3;

        public override IReadOnlyList<string> Slots => ["calls"];

        public override string Formula => "d = -g + mu s";

        public override string Source => "a test";

        protected override void Direct(DescentStep step)
        {
            step.Slot("calls")[0]++;
            for (int i = 0; i < step.Direction.Length; i++)
                step.Direction[i] = (Mu * step.LastStep[i]) - step.Gradient[i];
        }
    }

    public sealed record OwnSchedule(double Start) : Schedule
    {
        public override string Formula => "start/2^t";

        public override string Source => "a test";

        public override (double Low, double High) Bounds => (0, Start);

        protected override double Decayed(long step) => Start / Math.Pow(2, step);
    }
}
