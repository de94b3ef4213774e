using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.LinearAlgebra;
using Thalweg.Losses;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Second-order methods on networks: K-FAC, and minimizers through the trainer.</summary>
public sealed class KfacTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(150)]
    public void The_inverse_by_halves_is_the_inverse(int n)
    {
        RandomStream stream = new(1, RandomPurpose.User);
        Tensor x = Tensor.Normal([n + 3, n], 0, 1, ref stream, DType.Float64);
        double[] a = x.Transpose().MatMul(x).Add(Identity(n)).ToArray<double>();
        double[] inverse = new double[n * n], work = new double[PositiveInverse.WorkLength(n)];
        PositiveInverse.TryInvert(a, n, inverse, work).ShouldBeTrue();
        double[] product = Tensor.From(a, [n, n]).MatMul(Tensor.From(inverse, [n, n])).Subtract(Identity(n)).ToArray<double>();
        product.Max(Math.Abs).ShouldBeLessThan(1e-11 * n);
        a[0] = -1;
        PositiveInverse.TryInvert(a, n, inverse, work).ShouldBeFalse();
    }

    [Fact]
    public void The_update_is_the_product_of_the_damped_inverses()
    {
        // A = diag(4, 1, 1), G = diag(9, 1): p = sqrt(2 / 5), s = sqrt(.25); element (i, o) is divided by (A_i + p s)(G_o + s / p).
        ParameterSegments segments = new(
            new ParameterSegment("0.weight", 0, 4, Shape: [2, 2]), new ParameterSegment("0.bias", 4, 2, false, [2]));
        OptimizerRun run = new([new ScaleByKfac { Damping = 0.25, Bound = 1e9 }, new ScaleByLearningRate(1)], segments, DType.Float64);
        run.Wanted.ShouldBe(SignalKinds.LayerFactors);
        run.Observe(new LayerFactorsSignal([new LayerFactors(0, [4, 0, 0, 0, 1, 0, 0, 0, 1], [9, 0, 0, 1])]));
        double[] w = new double[6];
        run.Step<double>(w, [1, 2, 3, 4, 5, 6]);
        run.Wanted.ShouldBe(SignalKinds.None);
        double p = Math.Sqrt(2.0 / 5), s = 0.5;
        double[] inputs = [4 + (p * s), 1 + (p * s), 1 + (p * s)], outputs = [9 + (s / p), 1 + (s / p)];
        for (int i = 0; i < 6; i++)
            w[i].ShouldBe(-(i + 1) / (inputs[i / 2] * outputs[i % 2]), 1e-12);
    }

    [Theory]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData(1 << 20, 1)]
    [InlineData(1, 1 << 20)]
    [InlineData(1, 1)]
    [InlineData(10, 20)]
    public void A_steady_step_allocates_nothing(int factorsEvery, int inversesEvery)
    {
        Dataset data = Samples.Bars(64);
        Sequential network = new(new Conv2d(1, 4, 3), new Flatten(), new Dense(64, 40, Activation.Relu), new Dense(40, 3));
        Chain chain = [new ScaleByKfac { FactorsEvery = factorsEvery, InversesEvery = inversesEvery }, new ScaleByLearningRate(1e-3)];
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), new TrainerOptions { Optimizer = chain });
        int[] batch = Dataset.AllRows(64);
        Shared.Allocations.Fewest(() => trainer.TakeStep(batch), 30).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_steady_step_with_batch_normalization_and_weights_allocates_nothing(int shards)
    {
        Dataset data = Samples.Bars(64).WithWeights([.. Enumerable.Range(0, 64).Select(i => 1f + (i % 3))]);
        Sequential network = new(
            new Conv2d(1, 4, 3), new BatchNorm2d(4), new ActivationLayer(Activation.Relu), new Flatten(), new Dropout(0.1),
            new Dense(64, 40, Activation.Tanh), new Dense(40, 3));
        TrainerOptions options = new()
        {
            Optimizer = new Kfac(1e-3),
            Loss = new CrossEntropyLoss { ClassWeights = [1, 2, 0.5] },
            Shards = shards,
            MicroBatchSize = 20,
        };
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), options);
        int[] batch = Dataset.AllRows(64);
        Shared.Allocations.Fewest(() => trainer.TakeStep(batch), 30).ShouldBe(0);
    }

    [Fact]
    public void A_bound_shortens_the_update_and_unseen_layers_keep_their_gradient()
    {
        ParameterSegments segments = new(
            new ParameterSegment("0.weight", 0, 4, Shape: [2, 2]), new ParameterSegment("1.scale", 4, 2, false, [2]));
        OptimizerRun run = new([new ScaleByKfac { Damping = 1e-12, Bound = 0.25 }, new ScaleByLearningRate(1)], segments, DType.Float64);
        run.Observe(new LayerFactorsSignal([new LayerFactors(0, [1, 0, 0, 1], [1, 0, 0, 1])]));
        double[] w = new double[6];
        run.Step<double>(w, [2, 0, 0, 0, 3, 4]);

        // u'g of the layer is 4, so that all is scaled by sqrt(.25 / 4).
        w[0].ShouldBe(-2 * 0.25, 1e-5);
        w[5].ShouldBe(-4 * 0.25, 1e-5);
    }

    [Fact]
    public void A_convolution_that_sees_the_whole_image_has_the_factors_of_a_dense_layer()
    {
        RandomStream stream = new(3, RandomPurpose.User);
        Conv2d window = new(2, 3, 3);
        Dense dense = new(18, 3);
        window.Initialize(5, DType.Float64);
        dense.Initialize(5, DType.Float64);
        dense.Weight.Value.Assign(window.Weight.Value.Reshape([3, 18]).Transpose());
        Tensor x = Tensor.Normal([6, 2, 3, 3], 0, 1, ref stream, DType.Float64);
        LayerFactors first = Factors(new Sequential(window, new Flatten()), x), second = Factors(new Sequential(new Flatten(), dense), x);
        for (int i = 0; i < first.Inputs.Length; i++)
            first.Inputs[i].ShouldBe(second.Inputs[i], 1e-12);
        for (int i = 0; i < first.Cotangents.Length; i++)
            first.Cotangents[i].ShouldBe(second.Cotangents[i], 1e-12);
        first.Inputs.Length.ShouldBe(19 * 19);
        first.Inputs[^1].ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Drawn_targets_give_the_fisher_matrix_of_squared_error_and_of_classes()
    {
        // For squared error E[g g'] = 2, whatever the weights; for two equally likely classes g is +-1/2 on each.
        RandomStream stream = new(4, RandomPurpose.User);
        Tensor x = Tensor.Normal([4000, 2], 0, 1, ref stream, DType.Float64);
        Dense dense = new(2, 1);
        dense.Initialize(1, DType.Float64);
        Factors(new Sequential(dense), x).Cotangents[0].ShouldBe(2, 0.15);
        Dense classes = new(2, 2, initializer: Thalweg.Initializers.Initializer.Zeros);
        classes.Initialize(1, DType.Float64);
        double[] fisher = Factors(new Sequential(classes), x, Loss.SoftmaxCrossEntropy).Cotangents;
        fisher[0].ShouldBe(0.25, 1e-12);
        fisher[1].ShouldBe(-0.25, 1e-12);
    }

    [Fact]
    public void Kfac_learns_more_in_the_same_mini_batch_steps_than_its_gradient_alone()
    {
        // 4 epochs are too few for inverses of every 20 steps.
        double[] rates = [0.01, 0.03, 0.1, 0.3];
        double kfac = rates.Min(rate => LossAfter(new Kfac(rate) { FactorsEvery = 1, InversesEvery = 2 }));
        kfac.ShouldBeLessThan(rates.Min(rate => LossAfter(new Momentum(rate))));
    }

    [Theory]
    [InlineData("lbfgs")]
    [InlineData("newton_cg(curvature=gauss_newton)")]
    [InlineData("levenberg_marquardt")]
    [InlineData("trust_region(form=exact)")]
    [InlineData("newton(form=saddle_free)")]
    public void Minimizers_train_a_network_on_full_batches(string text)
    {
        TrainerOptions options = new()
        {
            Minimizer = Settings.Parse<Minimizer>(text),
            BatchSize = TrainerOptions.FullBatch,
            Epochs = 3,
            Patience = 0,
            MicroBatchSize = 37,
            RestoreBest = false
        };
        (Trainer trainer, Dataset data) = Make(options);
        double before = new Thalweg.Training.Evaluator(trainer.Module, trainer.Loss).Evaluate(data).Loss;
        TrainingReport report = trainer.Fit();
        report.Reason.ShouldBeOneOf(EndReason.Completed, EndReason.Converged);
        new Thalweg.Training.Evaluator(trainer.Module, trainer.Loss).Evaluate(data).Loss.ShouldBeLessThan(before / 5, text);
    }

    private static double LossAfter(NamedOptimizer optimizer)
    {
        (Trainer trainer, Dataset data) = Make(
            new TrainerOptions { Optimizer = optimizer, BatchSize = 32, Epochs = 4, Patience = 0, RestoreBest = false });
        trainer.Fit();
        return new Thalweg.Training.Evaluator(trainer.Module, trainer.Loss).Evaluate(data).Loss;
    }

    /// <summary>A small network on moons in double, with its training data.</summary>
    private static (Trainer Trainer, Dataset Data) Make(TrainerOptions options)
    {
        DataSplit split = DataSource.Open("moons", new DataOptions { SampleCount = 300 }).Split(new SplitOptions { Seed = 1 });
        Sequential network = new(new Dense(2, 10, Activation.Tanh), new Dense(10, split.Training.Data.ClassNames.Count));
        network.Initialize(1, DType.Float64);
        return (new Trainer(network, split.Training, split.Validation, options), split.Training.Data);
    }

    private static Tensor Identity(int n)
    {
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++)
            identity[(i * n) + i] = 1;
        return Tensor.From(identity, [n, n]);
    }

    private static LayerFactors Factors(Sequential network, Tensor x, Loss? loss = null)
    {
        ParameterVector parameters = new(network);
        FactorCapture capture = new(parameters, 1);
        Tensor outputs = network.Forward(x);
        return capture.Of(
            new MicroBatchObjective { Features = x, Targets = outputs, Outputs = outputs, Objective = outputs, Loss = 0, Share = 1, Index = 0 },
            loss ?? Loss.MeanSquaredError,
            0).Single();
    }
}
