using Shouldly;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Tests.Rules;
using Thalweg.Training;
using Xunit;

namespace Thalweg.Tests.Training;

/// <summary>Steps whose samples lie in shards: equal bits whoever computes them, and the numbers of a whole batch.</summary>
[Collection(nameof(ThreadCount))]
public sealed partial class ShardTests
{
    private static readonly TrainerOptions s_options = new()
    {
        Optimizer = new Adam(1e-2),
        BatchSize = 20,
        Epochs = 2,
        Patience = 0,
        RestoreBest = false,
    };

    /// <summary>What trains in shards: a network, its data and options.</summary>
    private static readonly Dictionary<string, (Func<Module> Build, Func<Dataset> Data, TrainerOptions Options)> s_cases = new()
    {
        ["plain"] = (() => Samples.Network(), () => Samples.Clusters(110), s_options),
        ["batch norm and dropout"] = (
            () => new Sequential(
                new Dense(2, 16), new BatchNorm1d(16), new ActivationLayer(Activation.Relu), new Dropout(0.2), new Dense(16, 8),
                new BatchNorm1d(8, new BatchNormOptions { Affine = false }), new Dense(8, 3)),
            () => Samples.Clusters(110), s_options),
        ["images"] = (
            () => new Sequential(
                new Conv2d(1, 4, 3), new BatchNorm2d(4), new ActivationLayer(Activation.Relu), new Flatten(), new Dense(64, 3)),
            () => Samples.Bars(70), s_options),
        ["sample weights, class weights, regularizers"] = (
            () => Samples.Network(batchNorm: true),
            () => Weighted(Samples.Clusters(110)),
            s_options with
            {
                Loss = new CrossEntropyLoss { ClassWeights = [1, 2, 0.5] },
                Regularizers = [new InputNoise(0.05), new Mixup(0.2), new L2Penalty(1e-3)],
                Metrics = [new TopKAccuracy(2)],
            }),
        ["a penalty on the gradient, and two gradients"] = (
            () => Samples.Network(batchNorm: true), () => Samples.Clusters(50),
            s_options with { Regularizers = [Settings.Parse<Regularizer>("weight_gradient_penalty(0.01)")], Optimizer = new Sam(1e-2) }),
        ["micro-batches"] = (
            () => Samples.Network(batchNorm: true), () => Samples.Clusters(110), s_options with { MicroBatchSize = 7 }),
        ["spectral norm and checkpointed"] = (
            () => new Sequential(
                new SpectralNorm(new Dense(2, 16)), new Recomputed(new Sequential(new BatchNorm1d(16), new Dropout(0.1))),
                new Dense(16, 3)),
            () => Samples.Clusters(110), s_options),
        ["curvature"] = (
            () => Samples.Network(batchNorm: true), () => Samples.Clusters(50), s_options with { Optimizer = new Sophia(1e-3) }),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    [InlineData(0, 4)]
    [InlineData(64, 8)]
    [InlineData(7, 1)]
    public void A_plan_cuts_by_position_into_stretches_of_nearly_equal_length(int samples, int shards)
    {
        ShardPlan plan = new(samples, shards);
        int next = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            plan[shard].Start.ShouldBe(next);
            plan[shard].Count.ShouldBeInRange(samples / shards, (samples + shards - 1) / shards);
            (plan[shard].Count > 0).ShouldBe(shard < plan.Occupied);
            plan[shard].Count.ShouldBeLessThanOrEqualTo(plan.Largest);
            next += plan[shard].Count;
        }

        next.ShouldBe(samples);
    }

    [Fact]
    public void The_tree_pairs_neighbors_first()
    {
        new ShardTree(0).GetEnumerator().MoveNext().ShouldBeFalse();
        new ShardTree(1).GetEnumerator().MoveNext().ShouldBeFalse();
        List<(int, int)> pairs = [];
        foreach ((int Into, int From) pair in new ShardTree(6))
            pairs.Add(pair);
        pairs.ShouldBe([(0, 1), (2, 3), (4, 5), (0, 2), (0, 4)]);
        double[] rows = [1e16, 1, 1, -1e16, 5];
        new ShardTree(5).Sum(rows, 1);
        rows[0].ShouldBe((1e16 + 1) + (1 - 1e16) + 5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bits_do_not_depend_on_who_computes_the_shards(string name)
    {
        double[] expected = ThreadCount.With(1, () => Train(name, 5, null));
        expected.ShouldAllBe(value => double.IsFinite(value));
        foreach (int threads in new[] { 2, 3 })
            ThreadCount.With(threads, () => Train(name, 5, null)).ShouldBe(expected, $"{threads} threads");
        foreach (int[] sizes in new int[][] { [5], [3, 2], [1, 4], [2, 1, 2], [1, 1, 1, 1, 1] })
        {
            foreach (double[] found in TrainWithWorkers(name, sizes))
                found.ShouldBe(expected, string.Join(" + ", sizes));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("images")]
    [InlineData("micro-batches")]
    [InlineData("curvature")]
    public void Shards_give_the_numbers_of_a_whole_batch(string name)
    {
        (Func<Module> build, Func<Dataset> data, TrainerOptions options) = s_cases[name];
        options = options with { Optimizer = name == "curvature" ? options.Optimizer : new Sgd(0.05) };
        double[] whole = Figures(Fit(build(), data(), options));
        foreach (int shards in new[] { 2, 3, 20, 64 })
        {
            double[] parts = Figures(Fit(build(), data(), options with { Shards = shards }));
            if (name != "curvature")
                Differences(parts, whole).ShouldBeLessThan(2e-4, $"{shards} shards");
            parts.SequenceEqual(whole).ShouldBeFalse("shards are part of the bits");
        }
    }

    [Fact]
    public void Second_derivatives_are_those_of_the_whole_batch()
    {
        Dataset data = Samples.Clusters(30);
        double[] Products(int shards)
        {
            Trainer trainer = new(
                Samples.Network(batchNorm: true), new TrainingSet(data), s_options with { Shards = shards, BatchSize = 30 });
            trainer.Objective.Begin(Dataset.AllRows(30), 0);
            trainer.Objective.Gradient();
            Tensor vector = trainer.Parameters.Gradients.Clone(), product = Tensor.Zeros(vector.Shape, vector.DType);
            trainer.Objective.HessianProduct(vector, product);
            double[] hessian = product.To(DType.Float64).ToArray<double>();
            trainer.Objective.GaussNewtonProduct(vector, product);
            return [.. hessian, .. product.To(DType.Float64).ToArray<double>()];
        }

        double[] whole = Products(1);
        foreach (int shards in new[] { 2, 7, 30 })
            Differences(Products(shards), whole).ShouldBeLessThan(1e-4 * whole.Max(Math.Abs), $"{shards} shards");
    }

    [Fact]
    public void Minimizers_and_factors_of_layers_see_all_shards()
    {
        TrainerOptions options = s_options with { BatchSize = TrainerOptions.FullBatch, Minimizer = new Lbfgs(), Epochs = 3 };
        Trainer whole = Fit(Samples.Network(), Samples.Clusters(60), options);
        Trainer parts = Fit(Samples.Network(), Samples.Clusters(60), options with { Shards = 4 });
        parts.Report!.Epochs[^1].Training.Loss.ShouldBe(whole.Report!.Epochs[^1].Training.Loss, 1e-3);

        options = s_options with { Optimizer = new Kfac(0.03) };
        Fit(Samples.Network(batchNorm: true), Samples.Clusters(60), options with { Shards = 4 }).Report!.Epochs[^1].Training.Loss
            .ShouldBeLessThan(1);
    }

    [Fact]
    public void A_worker_refuses_factors_of_layers()
    {
        Trainer trainer = new(
            Samples.Network(), new TrainingSet(Samples.Clusters(60)),
            s_options with { Optimizer = new Kfac(0.03), Shards = 2, Exchange = new Workers([2]).Of(0) });
        Should.Throw<ThalwegException>(() => trainer.Fit()).Message.ShouldContain("factors of layers");
    }

    [Fact]
    public void Running_statistics_are_those_of_the_whole_batch()
    {
        (Func<Module> build, Func<Dataset> data, TrainerOptions options) = s_cases["images"];
        options = options with { Epochs = 1, Optimizer = new Sgd(1e-30) };
        double[] whole = Statistics(Fit(build(), data(), options)), parts = Statistics(Fit(build(), data(), options with { Shards = 6 }));
        Differences(parts, whole).ShouldBeLessThan(1e-6);

        static double[] Statistics(Trainer trainer) =>
            [.. trainer.Module.NamedBuffers().SelectMany(buffer => buffer.Value.ToArray<double>())];
    }

    [Fact]
    public void A_shard_of_one_sample_is_normalized_with_the_others()
    {
        Fit(Samples.Network(batchNorm: true), Samples.Clusters(20), s_options with { Shards = 20 }).Report!.Reason
            .ShouldBe(EndReason.Completed);
        Trainer single = new(
            Samples.Network(batchNorm: true), new TrainingSet(Samples.Clusters(20)), s_options with { Shards = 3, BatchSize = 1 });
        Should.Throw<ThalwegException>(() => single.Fit()).Message.ShouldContain("2 or more values for each channel");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_steady_step_allocates_nothing(bool batchNorm)
    {
        Dataset data = Samples.Clusters(64);
        Sequential network = new(
            new ThreadMeter(), new Dense(2, 16), batchNorm ? new BatchNorm1d(16) : new Dropout(0.1), new ActivationLayer(Activation.Relu),
            new Dense(16, 3));
        Trainer trainer = new(network, new TrainingSet(data), s_options with { Shards = 3, BatchSize = 64 });
        int[] batch = Dataset.AllRows(64);
        Shared.Allocations.Fewest(() => trainer.TakeStep(batch), 30).ShouldBe(0);
        ThreadMeter.Fewest.Count.ShouldBeGreaterThanOrEqualTo(3);
        ThreadMeter.Fewest.Values.ShouldAllBe(bytes => bytes == 0);
    }

    [Fact]
    public void A_resumed_run_has_the_same_shards_and_the_same_bits()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-shards.safetensors");
        (Func<Module> build, Func<Dataset> data, TrainerOptions options) = s_cases["batch norm and dropout"];
        options = options with { Shards = 3 };
        double[] expected = Figures(Fit(build(), data(), options));
        Trainer first = new(build(), new TrainingSet(data()), options);
        using CancellationTokenSource cancellation = new();
        first.StepEnded += step =>
        {
            if (step.Step == 8)
                cancellation.Cancel();
        };
        first.Fit(cancellation.Token);
        try
        {
            TrainingCheckpoint.Save(first, path);
            Trainer second = new(build(), new TrainingSet(data()), options);
            TrainingCheckpoint.Restore(second, path);
            second.Fit();
            Figures(second).ShouldBe([.. expected[..^4], .. expected[^2..]], "the second epoch is that of the whole run");
            Trainer other = new(build(), new TrainingSet(data()), options with { Shards = 4 });
            Should.Throw<ThalwegException>(() => TrainingCheckpoint.Restore(other, path)).Message.ShouldContain("shards 4, got shards 3");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_run_of_a_version_without_shards_has_one()
    {
        Trainer one = new(Samples.Network(), new TrainingSet(Samples.Clusters(60)), s_options);
        SortedDictionary<string, string> saved = RunFingerprint.Of(one);
        saved.Remove("shards").ShouldBeTrue();
        RunFingerprint.RefuseOther(saved, one, "run");
        Trainer two = new(Samples.Network(), new TrainingSet(Samples.Clusters(60)), s_options with { Shards = 2 });
        Should.Throw<ThalwegException>(() => RunFingerprint.RefuseOther(saved, two, "run")).Message.ShouldContain("shards 2, got shards 1");
    }

    [Fact]
    public void A_failure_in_a_shard_ends_the_step_and_the_next_can_be_taken()
    {
        FailingLayer layer = new();
        Trainer trainer = new(
            new Sequential(new Dense(2, 8), new BatchNorm1d(8), layer, new Dense(8, 3)), new TrainingSet(Samples.Clusters(60)),
            s_options with { Shards = 4 });
        layer.FailsAt = 6;
        Should.Throw<ThalwegException>(() => trainer.Fit()).Message.ShouldContain("no more");
        trainer.Step.ShouldBe(1);
        layer.FailsAt = -1;
        trainer.Fit().Reason.ShouldBe(EndReason.Completed);
    }

    [Fact]
    public void Shards_that_sum_differently_are_refused()
    {
        UnevenLayer layer = new();
        Trainer trainer = new(
            new Sequential(layer, new Dense(2, 3)), new TrainingSet(Samples.Clusters(60)), s_options with { Shards = 4 });
        Should.Throw<ThalwegException>(() => trainer.Fit()).Message.ShouldContain("equally often");
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run()
    {
        TrainerOptions options = s_options with { Shards = 4, Optimizer = new Sgd(1e30) };
        TrainingReport report = Fit(Samples.Network(), Samples.Clusters(60), options).Report!;
        report.Reason.ShouldBe(EndReason.NonFinite);
    }

    [Fact]
    public void Options_are_checked()
    {
        TrainingSet data = new(Samples.Clusters(60));
        foreach ((TrainerOptions options, string text) in new[]
        {
            (s_options with { Shards = 0 }, "expected 1 or more shards, got 0"),
            (s_options with { Shards = 5000 }, "4096 or fewer shards"),
            (s_options with { Shards = 2, Exchange = new Workers([2, 2]).Of(1) }, "some of the 2 shards"),
        })
        {
            Should.Throw<ThalwegException>(() => new Trainer(Samples.Network(), data, options)).Message.ShouldContain(text);
        }
    }
}
