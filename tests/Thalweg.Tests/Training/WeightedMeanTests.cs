using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Weighted means: what is computed in micro-batches is what is computed at once, and a weight of two is two copies.</summary>
public sealed class WeightedMeanTests
{
    private const int Count = 50;

    private static readonly TrainerOptions _options =
        new() { Optimizer = new Sgd(0.1), Epochs = 1, BatchSize = TrainerOptions.FullBatch, Patience = 0, RestoreBest = false };

    private static readonly Dictionary<string, (Loss Loss, bool HasWeights)> _cases = new()
    {
        ["plain"] = (Loss.SoftmaxCrossEntropy, false),
        ["class weights"] = (new CrossEntropyLoss { ClassWeights = [1, 5, 20], LabelSmoothing = 0.1 }, false),
        ["ignored label"] = (new CrossEntropyLoss { IgnoredLabel = 0 }, false),
        ["sample weights"] = (Loss.SoftmaxCrossEntropy, true),
        ["all"] = (new CrossEntropyLoss { ClassWeights = [0, 5, 0.3], IgnoredLabel = 2 }, true),
        ["multi-margin"] = (new MultiMarginLoss { ClassWeights = [1, 5, 20], IgnoredLabel = 0 }, true),
        ["numbers"] = (Loss.MeanSquaredError, true),
    };

    public static TheoryData<string> Cases => [.. _cases.Keys];

    /// <summary>Those that take mixed targets: multi-margin takes labels alone.</summary>
    public static TheoryData<string> MixedCases => [.. _cases.Keys.Except(["multi-margin"])];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Micro_batches_give_the_step_of_the_whole_batch_and_of_the_loss_itself(string name)
    {
        (Loss loss, Dataset data) = Of(name);
        Sequential network = Network(data);
        (Tensor x, Tensor t, Tensor? weights) = new Batches(data, Count, DType.Float64).Take(Dataset.AllRows(Count));
        Tensor mean = weights is null ? loss.Compute(network.Forward(x), t) : loss.Compute(network.Forward(x), t, weights);
        double[] expected = [.. Gradients.Of(mean, [.. network.NamedParameters().Select(p => p.Parameter.Value)])
            .SelectMany(gradient => gradient.AsContiguous().ToArray<double>())];
        foreach (int? size in new int?[] { null, 25, 20, 7, 1 })
        {
            foreach (BatchGradient form in new[] { BatchGradient.Mean, BatchGradient.Sum })
            {
                Trainer trainer = Make(data, _options with { Loss = loss, MicroBatchSize = size, BatchGradient = form });
                trainer.Objective.Begin(Dataset.AllRows(Count), 0);
                double value = trainer.Objective.Gradient(), scale = form == BatchGradient.Sum ? trainer.Objective.TotalWeight : 1;
                value.ShouldBe(scale * mean.Item(), 1e-12 * scale);
                trainer.Objective.DataLoss.ShouldBe(mean.Item(), 1e-12);
                Near(GradientOf(trainer), [.. expected.Select(g => scale * g)], 1e-13 * scale);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Curvature_products_in_micro_batches_are_those_of_the_whole_batch(string name)
    {
        (Loss loss, Dataset data) = Of(name);
        (double[] hessian, double[] gaussNewton) = Products(null);
        (double[] hessianInMicroBatches, double[] gaussNewtonInMicroBatches) = Products(20);
        Near(hessianInMicroBatches, hessian, 1e-12);
        Near(gaussNewtonInMicroBatches, gaussNewton, 1e-12);
        hessian.Max(Math.Abs).ShouldBeGreaterThan(1e-3);

        (double[] Hessian, double[] GaussNewton) Products(int? size)
        {
            Trainer trainer = Make(data, _options with { Loss = loss, MicroBatchSize = size });
            trainer.Objective.Begin(Dataset.AllRows(Count), 0);
            Tensor vector = Direction(trainer), first = Like(vector), second = Like(vector);
            trainer.Objective.HessianProduct(vector, first);
            trainer.Objective.GaussNewtonProduct(vector, second);
            return (first.ToArray<double>(), second.ToArray<double>());
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("class weights")]
    [InlineData("numbers")]
    public void A_whole_weight_is_as_many_copies_of_the_sample(string name)
    {
        (Loss loss, Dataset data) = Of(name);
        int[] copies = [.. Enumerable.Range(0, Count).Select(i => i % 3)];
        Dataset weighted = data.WithWeights([.. copies.Select(copy => (float)copy)]);
        Dataset copied = Plain(data).WithRows([.. Enumerable.Range(0, Count).SelectMany(i => Enumerable.Repeat(i, copies[i]))]);
        TrainerOptions options = _options with { Loss = loss, MicroBatchSize = 16 };
        (Trainer one, Trainer two) = (Make(weighted, options), Make(copied, options));
        one.Objective.Begin(Dataset.AllRows(weighted.Count), 0);
        two.Objective.Begin(Dataset.AllRows(copied.Count), 0);
        one.Objective.Gradient().ShouldBe(two.Objective.Gradient(), 1e-13);
        Near(GradientOf(one), GradientOf(two), 1e-13);
        Tensor vector = Direction(one), first = Like(vector), second = Like(vector);
        one.Objective.HessianProduct(vector, first);
        two.Objective.HessianProduct(vector, second);
        Near(first.ToArray<double>(), second.ToArray<double>(), 1e-12);
        new Evaluator(one.Module, loss).Evaluate(weighted).Loss.ShouldBe(new Evaluator(one.Module, loss).Evaluate(copied).Loss, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_loss_of_an_epoch_and_of_an_evaluation_is_the_weighted_mean_over_all(string name)
    {
        (Loss loss, Dataset data) = Of(name, 1100);
        (Tensor x, Tensor t, Tensor? weights) = new Batches(data, data.Count, DType.Float64).Take(Dataset.AllRows(data.Count));
        foreach (int? size in new int?[] { null, 30 })
        {
            // A rate of almost 0, so that all batches see the same weights.
            Trainer trainer = Make(
                data, _options with { Loss = loss, Optimizer = new Sgd(1e-200), BatchSize = 128, MicroBatchSize = size });
            EpochReport epoch = trainer.Fit().Epochs[0];
            Tensor y = trainer.Module.Forward(x);
            double expected = (weights is null ? loss.Compute(y, t) : loss.Compute(y, t, weights)).Item();
            epoch.Training.Loss.ShouldBe(expected, 1e-12);
            epoch.Validation.Loss.ShouldBe(expected, 1e-12);
            epoch.Validation.Samples.ShouldBe(1100);
        }
    }

    [Fact]
    public void A_batch_in_which_no_sample_counts_is_0_and_changes_nothing()
    {
        Dataset data = Of("plain", Count).Data.WithWeights([.. Enumerable.Range(0, Count).Select(i => i < 20 ? 0f : 1)]);
        Trainer trainer = Make(data, _options with { BatchSize = 20, MicroBatchSize = 10, EpochLoss = EpochLossAverage.MeanOfBatchMeans });
        trainer.TakeStep(Dataset.AllRows(20)).ShouldBe(0);
        GradientOf(trainer).ShouldAllBe(g => g == 0);
        trainer.Fit().Epochs[0].Training.Loss.ShouldBeGreaterThan(0);
        Dataset ignored = data.WithRows([.. Enumerable.Range(0, 20)]);
        new Evaluator(trainer.Module, trainer.Loss).Evaluate(ignored).Loss.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(MixedCases))]
    public void Mixup_is_the_share_of_the_own_loss_and_of_the_partners(string name)
    {
        (Loss loss, Dataset data) = Of(name);
        (Tensor x, Tensor t, Tensor? weights) = new Batches(data, Count, DType.Float64).Take(Dataset.AllRows(Count));
        RandomStream stream = new(3, RandomPurpose.Regularization), same = new(3, RandomPurpose.Regularization);
        SampleBatch batch = new(x.Clone(), t)
        {
            Outputs = Math.Max(1, data.ClassNames.Count),
            Loss = loss,
            Weights = weights,
            TotalWeight = loss.TotalWeight(t, weights),
        };
        new Mixup(1).Prepare(ref batch, ref stream);
        double share = RandomDraws.Beta(1, ref same);
        int[] partners = Dataset.AllRows(Count);
        same.Shuffle(partners.AsSpan());
        Tensor y = Network(data).Forward(x);
        double Mean(int[] rows)
        {
            Tensor targets = new Batches(data, Count, DType.Float64).Take(rows).Targets;
            Tensor own = weights is null ? Tensor.Ones([Count], DType.Float64)
                : Tensor.Vector(rows.Select(row => weights.Read(row)).ToArray());
            return loss.Compute(y, targets, own).Item();
        }

        double expected = (share * Mean(Dataset.AllRows(Count))) + ((1 - share) * Mean(partners));
        if (!data.Task.HasClasses)
        {
            // Numbers themselves are mixed: the loss is that of the mixture, by its weight.
            expected = loss.Compute(y, batch.Targets, batch.Weights!).Item();
            Loss.SumOf(batch.Weights!).ShouldBe(Loss.SumOf(weights!), 1e-12);
        }

        batch.MeanLoss(y).Item().ShouldBe(expected, 1e-12);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("class weights")]
    [InlineData("sample weights")]
    public void Penalties_on_gradients_do_not_depend_on_the_micro_batches(string name)
    {
        (Loss loss, Dataset data) = Of(name);
        foreach (Regularizer penalty in new Regularizer[] { new WeightGradientPenalty(0.3), new GradientPenalty(0.2) })
        {
            (double value, double[] gradient, double[] product) = Evaluate(penalty, null);
            (double inMicroBatches, double[] gradientInMicroBatches, double[] productInMicroBatches) = Evaluate(penalty, 20);
            inMicroBatches.ShouldBe(value, 1e-12);
            Near(gradientInMicroBatches, gradient, 1e-12);
            Near(productInMicroBatches, product, 1e-11);
        }

        (double Value, double[] Gradient, double[] Product) Evaluate(Regularizer penalty, int? size)
        {
            Trainer trainer = Make(data, _options with { Loss = loss, MicroBatchSize = size, Regularizers = [penalty] });
            trainer.Objective.Begin(Dataset.AllRows(Count), 0);
            double value = trainer.Objective.Gradient();
            double[] gradient = GradientOf(trainer);
            Tensor vector = Direction(trainer), product = Like(vector);
            trainer.Objective.HessianProduct(vector, product);
            return (value, gradient, product.ToArray<double>());
        }
    }

    [Fact]
    public void Curvature_estimates_count_samples_by_their_weights()
    {
        // The samples without weight stand last, so that the others draw the same targets with and without them.
        Dataset data = Of("plain").Data;
        double[] few = Estimate(data.WithRows([.. Enumerable.Range(0, 30)]));
        Near(Estimate(data.WithWeights([.. Enumerable.Range(0, Count).Select(i => i < 30 ? 3f : 0)])), few, 1e-14);
        few.Max().ShouldBeGreaterThan(1e-4);

        double[] Estimate(Dataset samples)
        {
            Trainer trainer = Make(samples, _options);
            trainer.Objective.Begin(Dataset.AllRows(samples.Count), 0);
            CurvatureEstimate estimate = new(trainer.Objective, 1);
            return estimate.Make(CurvatureForm.GaussNewtonBartlett).Diagonal.ToArray<double>();
        }
    }

    [Fact]
    public void Kfac_factors_of_a_weighted_sample_are_those_of_copies()
    {
        Dataset data = Plain(Of("numbers").Data);
        int[] copies = [.. Enumerable.Range(0, Count).Select(i => i % 3)];
        LayerFactors[] weighted = Factors(data.WithWeights([.. copies.Select(copy => (float)copy)]));
        LayerFactors[] copied = Factors(data.WithRows([.. Enumerable.Range(0, Count).SelectMany(i => Enumerable.Repeat(i, copies[i]))]));
        for (int layer = 0; layer < 2; layer++)
        {
            Near(weighted[layer].Inputs, copied[layer].Inputs, 1e-12);
            Near(weighted[layer].Cotangents, copied[layer].Cotangents, 1e-12);
        }

        LayerFactors[] Factors(Dataset samples)
        {
            Trainer trainer = Make(samples, _options with { Loss = new HuberLoss(), MicroBatchSize = 20 });
            trainer.Objective.Begin(Dataset.AllRows(samples.Count), 0);
            return [.. new FactorCapture(trainer.Parameters, 1).Take(trainer.Objective).OrderBy(factors => factors.Segment)];
        }
    }

    [Fact]
    public void A_weighted_step_in_micro_batches_allocates_nothing()
    {
        Dataset data = Samples.Clusters(Count).WithWeights([.. Enumerable.Range(0, Count).Select(i => 0.5f * (i % 4))]);
        Sequential network = Samples.Network();
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), _options with
        {
            Loss = new CrossEntropyLoss { ClassWeights = [1, 5, 20], IgnoredLabel = 2 },
            MicroBatchSize = 16,
        });
        int[] rows = Dataset.AllRows(Count);
        Shared.Allocations.Fewest(() => trainer.TakeStep(rows), 300).ShouldBe(0);
    }

    private static (Loss Loss, Dataset Data) Of(string name, int count = Count)
    {
        (Loss loss, bool hasWeights) = _cases[name];
        Dataset data = name == "numbers" ? Samples.Wave(count) : Samples.Clusters(count);
        return (loss, hasWeights ? data.WithWeights([.. Enumerable.Range(0, count).Select(i => 0.5f * (i % 4))]) : data);
    }

    private static Dataset Plain(Dataset data) => !data.Task.HasClasses ? Samples.Wave(data.Count) : Samples.Clusters(data.Count);

    private static Sequential Network(Dataset data)
    {
        Sequential network = new(
            new Dense(data.FeatureWidth, 5, Activation.Sigmoid), new Dense(5, !data.Task.HasClasses ? 1 : 3));
        network.Initialize(3, DType.Float64);
        return network;
    }

    private static Trainer Make(Dataset data, TrainerOptions options) =>
        new(Network(data), new TrainingSet(data), new ValidationSet(data), options);

    private static double[] GradientOf(Trainer trainer) =>
        [.. trainer.Module.NamedParameters().SelectMany(p => p.Parameter.Value.Gradient!.AsContiguous().ToArray<double>())];

    private static Tensor Direction(Trainer trainer) =>
        Tensor.Vector<double>([.. trainer.Parameters.Values.ToArray<double>().Select((w, i) => w == 0 ? 0 : Math.Sin(1 + i))]);

    private static Tensor Like(Tensor vector) => Tensor.Zeros(vector.Shape, DType.Float64);

    private static void Near(double[] found, double[] expected, double tolerance)
    {
        found.Length.ShouldBe(expected.Length);
        for (int i = 0; i < found.Length; i++)
            found[i].ShouldBe(expected[i], tolerance);
    }
}
