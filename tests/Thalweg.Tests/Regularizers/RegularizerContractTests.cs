using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Regularizers;

/// <summary>What every regularizer promises; a new one is one more row.</summary>
public sealed class RegularizerContractTests
{
    private static readonly TrainerOptions _options =
        new() { Optimizer = new Adam(0.01), Epochs = 4, BatchSize = 24, Patience = 0, RestoreBest = false };

    public static TheoryData<string> Texts =>
    [
        "l1(0.001)", "l2(0.001)", "l2(0.001, factor=whole)", "l2(0.001, scope=everything)", "elastic_net(0.001, 0.002)",
        "label_smoothing(0.1)", "mixup(0.3)",
        "cutmix(1)", "input_noise(0.2)", "gradient_penalty(0.05)", "weight_gradient_penalty(0.05)", "random_shift(1)", "random_flip",
        "random_flip(axis=vertical)",
        "random_crop(0.6)", "random_rotation(15)", "random_erase", "random_erase(probability=1, most=0.2)",
    ];

    [Fact]
    public void Every_name_has_a_row() =>
        Texts.Select(row => row.Data.Split('(')[0]).Distinct().ShouldBe(Settings.Names<Regularizer>(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Texts))]
    public void Reads_back_from_its_text_and_says_formula_and_source(string text)
    {
        Regularizer regularizer = Parse(text);
        Parse(regularizer.ToString()).ShouldBe(regularizer);
        regularizer.Formula.ShouldNotBeNullOrWhiteSpace();
        regularizer.Source.ShouldMatch("(19|20)[0-9][0-9]");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Changes_the_run_and_still_learns(string text)
    {
        Trainer plain = Make(_options), regular = Make(_options with { Regularizers = [Parse(text)] });
        plain.Fit();
        TrainingReport report = regular.Fit();
        Samples.Weights(regular.Module).ShouldNotBe(Samples.Weights(plain.Module));
        report.Epochs[^1].Validation.Loss.ShouldBeLessThan(report.Epochs[0].Validation.Loss);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Resumes_with_equal_bits_in_the_middle_of_an_epoch(string text)
    {
        TrainerOptions options = _options with { Regularizers = [new InputNoise(0.05), Parse(text)], MicroBatchSize = 10, Epochs = 2 };
        Trainer whole = Make(options);
        whole.Fit();
        string path = Path.Combine(
            Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-{Math.Abs(text.GetHashCode(StringComparison.Ordinal))}.safetensors");
        Trainer first = Make(options);
        using CancellationTokenSource cancellation = new();
        first.StepEnded += step =>
        {
            if (step.Step == 6)
            {
                TrainingCheckpoint.Save(first, path);
                cancellation.Cancel();
            }
        };
        first.Fit(cancellation.Token);
        try
        {
            Trainer second = Make(options);
            TrainingCheckpoint.Restore(second, path);
            second.Fit();
            Samples.Weights(second.Module).ShouldBe(Samples.Weights(whole.Module));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_gradient_is_that_of_the_value(string text)
    {
        Sequential network = new(new Flatten(), new Dense(36, 3, Activation.Tanh), new Dense(3, 3));
        network.Initialize(4, DType.Float64);
        Trainer trainer = Make(_options with { Regularizers = [Parse(text)], MicroBatchSize = 10 }, network);
        TrainingObjective objective = trainer.Objective;
        objective.Begin(Dataset.AllRows(24), 3);
        objective.Gradient();
        double[] gradient = trainer.Parameters.Gradients.ToArray<double>();
        for (int i = 0; i < gradient.Length; i += 17)
        {
            double weight = trainer.Parameters.Values.Read(i), h = 1e-6;
            if (weight == 0)
                continue;
            trainer.Parameters.Values.Write(i, weight + h);
            double high = objective.Gradient();
            trainer.Parameters.Values.Write(i, weight - h);
            double low = objective.Gradient();
            trainer.Parameters.Values.Write(i, weight);
            gradient[i].ShouldBe((high - low) / (2 * h), 2e-8, $"element {i}");
        }
    }

    [Theory]
    [InlineData("cutmix(1)", "expected images [channels, height, width], got samples of shape [2]")]
    [InlineData("random_shift(1)", "[random_shift] expected images")]
    [InlineData("random_erase", "[random_erase] expected images")]
    public void Images_are_asked_for(string text, string message)
    {
        Dataset points = Samples.Clusters(40);
        Should.Throw<ThalwegException>(() => new Trainer(Samples.Network(), new TrainingSet(points), new ValidationSet(points),
            _options with { Regularizers = [Parse(text)] }))
            .Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("l1(-1)", "at least 0")]
    [InlineData("label_smoothing(1)", "in [0, 1)")]
    [InlineData("mixup(0)", "above 0")]
    [InlineData("random_flip(probability=1.5)", "in [0, 1]")]
    [InlineData("random_crop(0)", "in (0, 1]")]
    [InlineData("random_rotation(200)", "in [0, 180]")]
    [InlineData("random_erase(least=0.5)", "expected least up to most")]
    [InlineData("mixupp(0.2)", "unknown regularizer 'mixupp'")]
    [InlineData("a=l1(1)", "',' or the end")]
    public void Bad_settings_are_refused(string text, string message) =>
        Should.Throw<ThalwegException>(() => Settings.ParseAll<Regularizer>(text)).Message.ShouldContain(message);

    [Fact]
    public void A_list_is_read_in_order()
    {
        Settings.ParseAll<Regularizer>("mixup(0.2), l2(1e-4, scope=everything)")
            .ShouldBe([new Mixup(0.2), new L2Penalty(1e-4) { Scope = DecayScope.Everything }]);
        Settings.ParseAll<Regularizer>(" ").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("mixup(0.3)")]
    [InlineData("cutmix(1)")]
    [InlineData("random_rotation(15), input_noise(0.1), l2(0.01), label_smoothing(0.1)")]
    public void A_steady_step_allocates_nothing(string text)
    {
        Trainer trainer = Make(_options with { Regularizers = Settings.ParseAll<Regularizer>(text), MicroBatchSize = 10 });
        int[] rows = Dataset.AllRows(24);
        Shared.Allocations.Fewest(() => trainer.TakeStep(rows), 300).ShouldBe(0);
    }

    private static Regularizer Parse(string text) => Settings.ParseAll<Regularizer>(text).ShouldHaveSingleItem();

    private static Trainer Make(TrainerOptions options, Module? network = null)
    {
        Dataset bars = Samples.Bars(120);
        Module module = network ?? new Sequential(new Flatten(), new Dense(36, 16, Activation.Relu), new Dense(16, 3));
        return new Trainer(module, new TrainingSet(bars), new ValidationSet(Samples.Bars(60, 9)), options);
    }
}
