using Thalweg.Data;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Rules;

/// <summary>Rules that the trainer has to serve.</summary>
public sealed class TrainerRuleTests
{
    private static readonly TrainerOptions _options = new() { Epochs = 6, BatchSize = 32, Patience = 0, RestoreBest = false };

    public static TheoryData<string> Optimizers =>
        [.. Settings.Names<NamedOptimizer>().Where(name => name is not ("delta_bar_delta" or "gains" or "rprop"))];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimizer_trains_a_small_network(string name)
    {
        NamedOptimizer optimizer = Settings.Parse<NamedOptimizer>(name);
        // Rates that suit steps of the gradient's size and steps of a fixed size on this network.
        double rate = name switch
        {
            "adadelta" or "prodigy" or "schedule_free_sgd" or "lars" => 1,
            "sgd" or "asgd" or "adagrad" or "adafactor" or "shampoo" or "ftrl" => 0.1,
            _ => 0.01,
        };
        TrainingReport report = Train(optimizer with { LearningRate = rate }, _options with { Epochs = 15 });
        report.Epochs[^1].Training.Loss.ShouldBeLessThan(
            0.8 * report.Epochs[0].Training.Loss + 0.1, $"{report.Epochs[0].Training.Loss} at first");
    }

    [Theory]
    [InlineData("chain(sharpness_aware(0.05), scale_by_momentum, scale_by_learning_rate(0.05))")]
    [InlineData("nesterov(0.05, form=look_ahead)")]
    [InlineData("rmsprop(0.01, mu=0.9, look_ahead=true)")]
    [InlineData("chain(accumulate(2), skip_non_finite, scale_by_adam, scale_by_learning_rate(0.02))")]
    [InlineData("chain(clip_by_unit(0.1), centralize, scale_by_adam, scale_by_depth(0.8), scale_by_learning_rate(0.02), " +
        "project_max_norm(3), lookahead, average_weights)")]
    public void Chains_that_need_the_trainer_work(string text)
    {
        TrainingReport report = Train(ChainText.Parse(text), _options);
        report.Epochs[^1].Validation.Accuracy.ShouldBeGreaterThan(0.9);
    }

    [Theory]
    [InlineData("delta_bar_delta")]
    [InlineData("gains")]
    [InlineData("rprop")]
    public void Methods_that_read_signs_refuse_mini_batches_and_say_why(string name)
    {
        Should.Throw<ThalwegException>(() => Train(ChainText.Parse(name), _options)).Message.ShouldContain(
            "it reads the sign of the gradient, which noise turns by chance");
        Train(ChainText.Parse($"{name}(allow_mini_batches=true)"), _options with { Epochs = 1 }).Epochs.Count.ShouldBe(1);
        Train(ChainText.Parse(name), _options with { BatchSize = 200, Epochs = 40 }).Epochs[^1].Validation.Accuracy.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_plateau_of_the_validation_metric_lowers_the_rate()
    {
        Dataset data = Samples.Clusters(200);
        Trainer trainer = new(Samples.Network(), new TrainingSet(data), new ValidationSet(data), _options with
        {
            Optimizer = ChainText.Parse("chain(reduce_on_plateau(factor=0.5, patience=0), scale_by_learning_rate(0))"),
        });
        trainer.Fit();
        // The first of six observations is the best, the other five are no better.
        trainer.Optimizer.State.Slots.Single(
            slot => slot.Name == "0.reduce_on_plateau.scale").Values.AsSpan<double>()[0].ShouldBe(Math.Pow(0.5, 5), 1e-15);
    }

    private static TrainingReport Train(Chain optimizer, TrainerOptions options)
    {
        Dataset data = Samples.Clusters(200);
        return new Trainer(Samples.Network(), new TrainingSet(data), new ValidationSet(Samples.Clusters(200, 5)),
            options with { Optimizer = optimizer }).Fit();
    }
}
