using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Training;

namespace Thalweg.Tests.Training;

/// <summary>Each task from data to prediction: training, evaluation, the saved model.</summary>
public sealed partial class TaskTests : IDisposable
{
    private static readonly TrainerOptions s_options = new() { Optimizer = new Adam(0.02), Epochs = 12, BatchSize = 32, Patience = 0 };

    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-tasks").FullName;

    public static TheoryData<Loss> MultiLabelLosses =>
    [
        Loss.BinaryCrossEntropy, new MultiLabelSoftMarginLoss(), new MultiLabelMarginLoss(), new SoftMarginLoss(), Loss.MeanSquaredError,
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(MultiLabelLosses))]
    public void Several_labels_are_learned(Loss loss)
    {
        Dataset training = Signs(400, 1), validation = Signs(100, 2);
        Trainer trainer = new(
            new Sequential(new Dense(3, 16, Activation.Relu), new Dense(16, 3)), new TrainingSet(training), new ValidationSet(validation),
            s_options with { Loss = loss, Epochs = 25 });
        Evaluation best = trainer.Fit().Best!.Validation;
        best.MetricName.ShouldBe("F1");
        best.Metric.ShouldBe(best.F1!.Value);
        best.F1.Value.ShouldBeGreaterThan(loss is MultiLabelMarginLoss ? 0.7 : 0.93);
        best.Accuracy.ShouldBeGreaterThan(loss is MultiLabelMarginLoss ? 0.2 : 0.8);
        best.R2.ShouldBe(double.NaN);
        Saved(trainer, training).Evaluate(validation).ShouldBe(best with { Task = validation.Task });
    }

    [Fact]
    public void Predicted_labels_are_put_into_words()
    {
        Dataset training = Signs(400, 1);
        Trainer trainer = new(
            new Sequential(new Dense(3, 16, Activation.Relu), new Dense(16, 3)), new TrainingSet(training), s_options with { Epochs = 25 });
        trainer.Fit();
        TrainedModel model = Saved(trainer, training);
        Predictor predictor = new(model);
        predictor.Width.ShouldBe(3);
        double[] results = new double[6];
        predictor.Predict([2f, -2, 2, -2, -2, -2], 2, results);
        model.Preprocessing.Task.ToWords(results.AsSpan(0, 3)).ShouldBe("x, z");
        model.Preprocessing.Task.ToWords(results.AsSpan(3)).ShouldBe("");
        model.Preprocessing.Task.ShouldBe(training.Task);
    }

    [Fact]
    public void Several_numbers_are_learned_and_come_back_in_their_units()
    {
        Dataset training = Circle(400, 1), validation = Circle(100, 2);
        Trainer trainer = new(
            new Sequential(new Dense(1, 24, Activation.Tanh), new Dense(24, 2)), new TrainingSet(training), new ValidationSet(validation),
            s_options with { Epochs = 60 });
        Evaluation best = trainer.Fit().Best!.Validation;
        best.R2.ShouldBeGreaterThan(0.95);
        double[] results = new double[2];
        TrainedModel model = Saved(trainer, training);
        model.Evaluate(validation).ShouldBe(best with { Task = validation.Task });
        new Predictor(model).Predict([0.5f], 1, results);
        results[0].ShouldBe(100 + (10 * Math.Cos(0.5)), 2);
        results[1].ShouldBe(Math.Sin(0.5), 0.2);
        model.Preprocessing.Task.ToWords(results).ShouldMatch("^width 10.* cm, height ");
    }

    [Fact]
    public void R2_of_several_numbers_is_the_mean_of_theirs()
    {
        Dataset data = Dataset.From([0f, 1, 2, 3], [1], [1f, 10, 2, 20, 3, 30, 4, 40], LearningTask.Regression(new("a"), new("b")));
        Sequential network = new(new Dense(1, 2));
        network.Initialize(1);
        network.NamedParameters().First(p => p.Name == "0.weight").Parameter.Value.AsSpan<float>().Clear();
        network.NamedParameters().First(p => p.Name == "0.bias").Parameter.Value.AsSpan<float>()[0] = 2.5f;
        network.NamedParameters().First(p => p.Name == "0.bias").Parameter.Value.AsSpan<float>()[1] = 15;
        Evaluation figures = new Evaluator(network, Loss.MeanSquaredError).Evaluate(data);
        figures.R2.ShouldBe((0 + (1 - (900.0 / 500))) / 2, 1e-6);
        figures.MeanAbsoluteError.ShouldBe((4 + 50) / 8.0, 1e-6);
        Baseline.Of(data, data).ShouldBe(0, 1e-9);
    }

    [Fact]
    public void Variances_of_several_numbers_are_learned()
    {
        Dataset training = Circle(400, 1);
        Trainer trainer = new(
            new Sequential(new Dense(1, 24, Activation.Tanh), new Dense(24, 4)), new TrainingSet(training),
            new ValidationSet(Circle(100, 2)), s_options with { Loss = new GaussianLoss(), Epochs = 40 });
        trainer.Fit().Best!.Validation.R2.ShouldBeGreaterThan(0.9);
        new Predictor(Saved(trainer, training)).Width.ShouldBe(2);
    }

    [Fact]
    public void Two_inputs_and_two_outputs_are_learned()
    {
        Dataset training = Shop(400, 1), validation = Shop(100, 2);
        Trainer trainer = new(new TwoInTwoOut(), new TrainingSet(training), new ValidationSet(validation), s_options with { Epochs = 30 });
        TrainingReport report = trainer.Fit();
        Evaluation last = report.Epochs[^1].Validation;
        last.Outputs!.Keys.ShouldBe(["kind", "price"]);
        last.Outputs["kind"].Accuracy.ShouldBeGreaterThan(0.9);
        last.Outputs["price"].R2.ShouldBeGreaterThan(0.9);
        last.Loss.ShouldBe(last.Outputs["kind"].Loss + (0.5 * last.Outputs["price"].Loss), 1e-6);
        report.Epochs[^1].Training.Outputs!["kind"].Accuracy.ShouldBeGreaterThan(0.9);
        report.Best!.Validation.MetricName.ShouldBe("negative loss");

        LayerRegistry.Register("two_in_two_out", _ => new TwoInTwoOut());
        TrainedModel model = Saved(trainer, training);
        model.Evaluate(validation).Loss.ShouldBe(report.Best!.Validation.Loss);
        double[] results = new double[100 * 3];
        new Predictor(model, 64).Predict(validation, results);
        model.Preprocessing.Task.ToWords(results.AsSpan(0, 3)).ShouldMatch("^kind: (low|high); price: ");
        Should.Throw<ThalwegException>(() => new Predictor(model).Predict([1f, 2], 1, new double[3])).Message.ShouldContain("by name");
    }

    [Fact]
    public void Micro_batches_of_several_outputs_give_the_gradient_of_the_whole()
    {
        Evaluation[] last = [.. new int?[] { null, 8 }.Select(micro => new Trainer(
            new TwoInTwoOut(), new TrainingSet(Shop(96, 1)), new ValidationSet(Shop(32, 2)),
            s_options with { Epochs = 2, MicroBatchSize = micro }).Fit().Epochs[^1].Validation)];
        last[1].Loss.ShouldBe(last[0].Loss, 1e-5);
    }

    [Fact]
    public void A_run_with_several_outputs_resumes_with_equal_bits()
    {
        TrainerOptions options = s_options with { Epochs = 3 };
        Trainer whole = Make(), first = Make();
        using CancellationTokenSource stop = new();
        first.StepEnded += step => { if (step.Step == 4) stop.Cancel(); };
        first.Fit(stop.Token);
        string path = Path.Combine(_folder, "run.safetensors");
        TrainingCheckpoint.Save(first, path);
        Trainer second = Make();
        TrainingCheckpoint.Restore(second, path);
        TrainingReport resumed = second.Fit(), straight = whole.Fit();
        Samples.Weights(second.Module).ShouldBe(Samples.Weights(whole.Module));
        resumed.Epochs[0].Training.Outputs!["kind"].ShouldBe(straight.Epochs[1].Training.Outputs!["kind"]);
        resumed.Epochs[0].Training.Outputs!["price"].ShouldBe(straight.Epochs[1].Training.Outputs!["price"]);

        Trainer Make() => new(new TwoInTwoOut(), new TrainingSet(Shop(96, 1)), new ValidationSet(Shop(32, 2)), options);
    }

    [Fact]
    public void Weights_of_samples_act_on_every_output()
    {
        Dataset data = Shop(64, 1);
        float[] weights = [.. Enumerable.Range(0, 64).Select(i => i < 32 ? 1f : 0)];
        Evaluation weighted = new Trainer(
            new TwoInTwoOut(), new TrainingSet(data), new ValidationSet(data.WithWeights(weights)),
            s_options with { Epochs = 1, BatchSize = TrainerOptions.FullBatch, Optimizer = new Sgd(0) }).Fit().Epochs[0].Validation;
        Evaluation half = new Trainer(
            new TwoInTwoOut(), new TrainingSet(data), new ValidationSet(Shop(32, 1)),
            s_options with { Epochs = 1, BatchSize = TrainerOptions.FullBatch, Optimizer = new Sgd(0) }).Fit().Epochs[0].Validation;
        weighted.Loss.ShouldBe(half.Loss, 1e-5);
    }

    [Fact]
    public void Wrong_combinations_are_refused_with_a_way_out()
    {
        Dataset labels = Signs(40, 1), shop = Shop(40, 1);
        Refused(new Sequential(new Dense(3, 3)), labels, new CrossEntropyLoss()).ShouldContain("binary_cross_entropy");
        Refused(new Sequential(new Dense(3, 2)), labels, null).ShouldContain("3 outputs for 3 labels");
        Refused(new Sequential(new Dense(2, 3)), shop, null).ShouldContain(nameof(TensorDictionaryModule));
        Refused(new TwoInTwoOut(), shop, Loss.MeanSquaredError).ShouldContain("a loss for each output");
        Refused(new TwoInTwoOut(), shop, null, new Mixup(0.2)).ShouldContain("mixup");
        Should.Throw<ThalwegException>(() => LearningTask.Composite(new TaskPart("a", LearningTask.Regression()), new("a", labels.Task)));
        Should.Throw<ThalwegException>(() => Dataset.From([1f, 2], [1], [0f, 1, 0.5f, 2], LearningTask.MultiLabel("a", "b")))
            .Message.ShouldContain("row 1");
        Should.Throw<ThalwegException>(() => Dataset.From(
            shop.Task, [DataColumn.Of("size", [1f, 2])], [DataColumn.Of("kind", [0]), DataColumn.Of("price", [1f, 2], 1)]))
            .Message.ShouldContain("2 samples of 'kind'");
    }

    [Fact]
    public void A_custom_task_is_trained_saved_and_loaded()
    {
        TaskRegistry.Register(CountTask.Word, _ => new CountTask());
        float[] x = [.. Enumerable.Range(0, 200).Select(i => i / 100f - 1)];
        Dataset data = Dataset.From(x, [1], [.. x.Select(v => MathF.Round(4 + (3 * v)))], new CountTask());
        Trainer trainer = new(
            new Sequential(new Dense(1, 8, Activation.Tanh), new Dense(8, 1)), new TrainingSet(data), new ValidationSet(data), s_options);
        TrainingReport report = trainer.Fit();
        report.Epochs[^1].Validation.Loss.ShouldBeLessThan(report.Epochs[0].Validation.Loss);
        double[] results = new double[1];
        TrainedModel model = Saved(trainer, data);
        new Predictor(model).Predict([1f], 1, results);
        results[0].ShouldBe(7, 1);
        model.Preprocessing.Task.ShouldBeOfType<CountTask>();
    }

    [Fact]
    public void Triplets_are_learned()
    {
        Dataset training = Triplets(300, 1), validation = Triplets(100, 2);
        Trainer trainer = new(
            new Siamese(new Sequential(new Dense(6, 12, Activation.Tanh), new Dense(12, 2))), new TrainingSet(training),
            new ValidationSet(validation), s_options with { Epochs = 20, MicroBatchSize = 8 });
        Evaluation best = trainer.Fit().Best!.Validation;
        best.Accuracy.ShouldBeGreaterThan(0.93);
        TrainedModel model = Saved(trainer, training);
        model.Evaluate(validation).ShouldBe(best with { Task = validation.Task });
        double[] distances = new double[200];
        new Predictor(model).Predict(validation, distances);
        Enumerable.Range(0, 100).Count(i => distances[2 * i] < distances[(2 * i) + 1]).ShouldBe((int)Math.Round(best.Accuracy * 100));
        Should.Throw<ThalwegException>(() => new Trainer(
            new Siamese(new Dense(6, 2)), new TrainingSet(training), s_options with { Loss = Loss.MeanSquaredError }))
            .Message.ShouldContain("has its own");
        Should.Throw<ThalwegException>(() => new Trainer(new Sequential(new Dense(6, 2)), new TrainingSet(training), s_options));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pairs_are_learned(bool isRanking)
    {
        Dataset training = Pairs(300, 1, isRanking), validation = Pairs(100, 2, isRanking);
        Trainer trainer = new(
            new Siamese(new Sequential(new Dense(6, 12, Activation.Tanh), new Dense(12, isRanking ? 1 : 3))), new TrainingSet(training),
            new ValidationSet(validation), s_options with { Epochs = 30 });
        TrainingReport report = trainer.Fit();
        report.Best!.Validation.Loss.ShouldBeLessThan(0.5 * report.Epochs[0].Validation.Loss);
        double[] results = new double[100], targets = new double[100];
        new Predictor(Saved(trainer, training)).Predict(validation, results);
        validation.GatherTargets<double>([.. Enumerable.Range(0, 100)], targets);
        double border = isRanking ? 0 : 0.5;
        Enumerable.Range(0, 100).Count(i => results[i] > border == targets[i] > 0).ShouldBeGreaterThan(88);
    }

    [Fact]
    public void Samples_without_targets_cannot_be_trained_on()
    {
        Dataset data = Dataset.From(LearningTask.Regression(), [DataColumn.Of(Dataset.FeatureName, new float[4], 1)], []);
        Should.Throw<ThalwegException>(() =>
            new Trainer(new Sequential(new Dense(1, 1)), new TrainingSet(data), s_options with { BatchSize = 2 }))
            .Message.ShouldContain("samples without");
    }

    [Fact]
    public void Training_without_validation_says_what_it_gives_up()
    {
        Dataset data = Samples.Clusters(200);
        Trainer trainer = new(Samples.Network(), new TrainingSet(data), s_options with { Patience = 1, Epochs = 6 });
        trainer.Warnings.ShouldHaveSingleItem().ShouldContain("last weights");
        TrainingReport report = trainer.Fit();
        report.Reason.ShouldBe(EndReason.Completed);
        report.Epochs.Count.ShouldBe(6);
        report.Epochs.ShouldAllBe(epoch => !epoch.IsEvaluated && !epoch.IsBest);
        (report.BestEpoch, report.KeptEpoch).ShouldBe((-1, 5));
        report.Epochs[^1].Training.Accuracy.ShouldBeGreaterThan(0.9);

        Trainer with = new(
            Samples.Network(), new TrainingSet(data), new ValidationSet(data), s_options with { Epochs = 6, RestoreBest = false });
        with.Fit();
        Samples.Weights(trainer.Module).ShouldBe(Samples.Weights(with.Module));
    }
}
