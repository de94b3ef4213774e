using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Value and derivatives of what a step lowers, and who uses them.</summary>
public sealed class ObjectiveTests
{
    private static readonly TrainerOptions _options =
        new() { Optimizer = new Sgd(0.1), Epochs = 1, BatchSize = 50, Patience = 0, RestoreBest = false };

    [Theory]
    [InlineData(50)]
    [InlineData(25)]
    [InlineData(20)]
    [InlineData(7)]
    [InlineData(1)]
    public void Micro_batches_add_up_to_the_gradient_of_the_whole_batch(int microBatchSize)
    {
        double[] whole = GradientOf(_options), microBatches = GradientOf(_options with { MicroBatchSize = microBatchSize });
        for (int i = 0; i < whole.Length; i++)
            microBatches[i].ShouldBe(whole[i], 1e-14);
    }

    [Fact]
    public void The_sum_is_the_mean_times_the_samples()
    {
        double[] mean = GradientOf(_options), sum = GradientOf(_options with { BatchGradient = BatchGradient.Sum, MicroBatchSize = 20 });
        for (int i = 0; i < mean.Length; i++)
            sum[i].ShouldBe(50 * mean[i], 1e-12);
    }

    [Fact]
    public void Accumulation_allocates_nothing_per_step_and_keeps_one_gradient()
    {
        Trainer trainer = Make(Samples.Network(dropout: 0.1), _options with { MicroBatchSize = 16, Optimizer = new Adam(0.01) });
        int[] batch = Dataset.AllRows(50);
        Shared.Allocations.Fewest(() => trainer.TakeStep(batch), 500).ShouldBe(0);
        long perParameter = trainer.Optimizer.State.Slots.Sum(slot => slot.Values.Length) / trainer.Parameters.Values.Length;
        perParameter.ShouldBe(2);
    }

    [Fact]
    public void The_micro_batches_of_a_step_draw_masks_of_their_own()
    {
        double[] Of(int? microBatchSize)
        {
            Sequential network = new(new Dropout(0.5), new Dense(2, 3));
            network.Initialize(1, DType.Float64);
            Dataset same = Dataset.ForClassification([.. Enumerable.Repeat(1f, 100)], [2], new int[50], Samples.Names);
            Trainer trainer = new(network, new TrainingSet(same), new ValidationSet(same),
                _options with { MicroBatchSize = microBatchSize });
            trainer.Objective.Begin(Dataset.AllRows(50), 0);
            trainer.Objective.Gradient();
            return trainer.Parameters.Gradients.ToArray<double>();
        }

        // Micro-batches of one sample: with one mask for all, a gradient element would be 0 or that of all samples together.
        double[] single = Of(1);
        double full = Of(null).Max(Math.Abs);
        single.Count(g => Math.Abs(g) > 0.05 * full && Math.Abs(g) < 1.9 * full).ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Statistics_move_once_a_step_even_where_a_step_takes_two_gradients()
    {
        double[] Means(string chain)
        {
            Sequential network = Samples.Network(batchNorm: true);
            Trainer trainer = Make(network, _options with { Optimizer = ChainText.Parse(chain) });
            trainer.TakeStep(Dataset.AllRows(50));
            return BatchNorm.AllOf(network).Single().RunningMean!.ToArray<double>();
        }

        Means("chain(sharpness_aware(0.05), scale_by_learning_rate(0.1))").ShouldBe(Means("chain(scale_by_learning_rate(0.1))"));
    }

    [Fact]
    public void Hessian_products_are_differences_of_gradients()
    {
        Trainer trainer = Make(Sigmoid(), _options with { MicroBatchSize = 20 });
        TrainingObjective objective = trainer.Objective;
        objective.Begin(Dataset.AllRows(50), 0);
        ParameterVector parameters = trainer.Parameters;
        double[] start = parameters.Values.ToArray<double>();
        double[] direction = [.. start.Select((w, i) => w == 0 ? 0 : Math.Sin(1 + i))];
        Tensor product = Tensor.Zeros([start.Length], DType.Float64);
        objective.HessianProduct(Tensor.Vector<double>(direction), product);
        double[] found = product.ToArray<double>();
        const double h = 1e-5;
        double[] high = At(h), low = At(-h);
        for (int i = 0; i < start.Length; i++)
            found[i].ShouldBe((high[i] - low[i]) / (2 * h), 1e-7);

        double[] At(double length)
        {
            Span<double> values = parameters.Values.AsSpan<double>();
            for (int i = 0; i < start.Length; i++)
                values[i] = start[i] + (length * direction[i]);
            objective.Gradient();
            return parameters.Gradients.ToArray<double>();
        }
    }

    [Fact]
    public void Gauss_Newton_products_are_those_of_the_Hessian_where_outputs_are_linear()
    {
        Sequential network = new(new Dense(2, 3));
        network.Initialize(1, DType.Float64);
        Trainer trainer = Make(network, _options);
        trainer.Objective.Begin(Dataset.AllRows(50), 0);
        Tensor vector = Tensor.Vector<double>([.. Enumerable.Range(0, (int)trainer.Parameters.Values.Length).Select(i => Math.Cos(i))]);
        Tensor hessian = Tensor.Zeros(vector.Shape, DType.Float64), gaussNewton = Tensor.Zeros(vector.Shape, DType.Float64);
        trainer.Objective.HessianProduct(vector, hessian);
        trainer.Objective.GaussNewtonProduct(vector, gaussNewton);
        for (int i = 0; i < vector.Length; i++)
            gaussNewton.Read(i).ShouldBe(hessian.Read(i), 1e-13);
        hessian.ToArray<double>().Max(Math.Abs).ShouldBeGreaterThan(1e-3);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_minimizer_trains_through_the_same_trainer(DType dtype)
    {
        Sequential network = Samples.Network();
        network.Initialize(1, dtype);
        Trainer trainer = Make(
            network, _options with { BatchSize = TrainerOptions.FullBatch, Minimizer = new Lbfgs(), Epochs = 6, MicroBatchSize = 64 });
        trainer.Mode.ShouldBe(BatchMode.FullBatch);
        TrainingReport report = trainer.Fit();
        report.Best!.Validation.Accuracy.ShouldBeGreaterThan(0.97);
        report.Epochs[^1].Training.Loss.ShouldBeLessThan(0.1 * report.Epochs[0].Training.Loss);
    }

    public static TheoryData<string> Minimizers =>
        [.. Settings.Names<Minimizer>(), "trust_region(form=dogleg)", "trust_region(form=exact)", "newton(form=saddle_free)"];

    [Theory]
    [MemberData(nameof(Minimizers))]
    public void Every_minimizer_trains_a_small_network(string text)
    {
        Sequential network = new(new Dense(2, 3, Activation.Tanh), new Dense(3, 3));
        network.Initialize(1, DType.Float64);
        TrainingReport report = Make(
            network,
            _options with { BatchSize = TrainerOptions.FullBatch, Minimizer = Settings.Parse<Minimizer>(text), Epochs = 12 }).Fit();
        for (int epoch = 1; epoch < report.Epochs.Count; epoch++)
            report.Epochs[epoch].Training.Loss.ShouldBeLessThanOrEqualTo(report.Epochs[epoch - 1].Training.Loss, $"epoch {epoch}");
        report.Epochs[^1].Training.Loss.ShouldBeLessThan(0.5 * report.Epochs[0].Training.Loss);
    }

    [Fact]
    public void A_minimizer_that_is_done_ends_the_run_and_says_why()
    {
        Sequential network = new(new Dense(1, 1));
        network.Initialize(1, DType.Float64);
        Dataset wave = Samples.Wave(100);
        TrainingReport report = new Trainer(network, new TrainingSet(wave), new ValidationSet(wave), _options with
        {
            BatchSize = TrainerOptions.FullBatch,
            Minimizer = new Lbfgs(),
            Epochs = 100,
        }).Fit();
        report.Reason.ShouldBe(EndReason.Converged);
        report.Note.ShouldNotBeNull().ShouldContain("converged: the gradient is within its tolerance");
        report.Epochs.Count.ShouldBeLessThan(5);
    }

    [Fact]
    public void A_minimizer_refuses_mini_batches_unless_allowed()
    {
        Should.Throw<ThalwegException>(
            () => Make(Samples.Network(), _options with { Minimizer = new Lbfgs() })).Message.ShouldContain("noise misleads its searches");
        Make(Samples.Network(), _options with { Minimizer = new Lbfgs(), AllowMiniBatches = true }).Fit().Epochs.Count.ShouldBe(1);
    }

    private static double[] GradientOf(TrainerOptions options)
    {
        Trainer trainer = Make(Sigmoid(), options);
        trainer.Objective.Begin(Dataset.AllRows(50), 0);
        trainer.Objective.Gradient();
        return trainer.Parameters.Gradients.ToArray<double>();
    }

    private static Sequential Sigmoid()
    {
        Sequential network = new(new Dense(2, 5, Activation.Sigmoid), new Dense(5, 3));
        network.Initialize(3, DType.Float64);
        return network;
    }

    private static Trainer Make(Module module, TrainerOptions options) =>
        new(module, new TrainingSet(Samples.Clusters(200)), new ValidationSet(Samples.Clusters(100, 5)), options);
}
