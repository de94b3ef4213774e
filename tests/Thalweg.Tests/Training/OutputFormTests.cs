using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Thalweg.Data;
using Thalweg.Initialization;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Training;
using static Thalweg.Tests.Training.OutputSamples;

namespace Thalweg.Tests.Training;

/// <summary>Every loss with every kind of target: what can be computed together trains, is scored and predicts; what cannot is refused with
/// advice that works.</summary>
public sealed partial class OutputFormTests
{
    private static readonly TrainerOptions s_options =
        new() { Optimizer = new Adam(0.02), Epochs = 25, BatchSize = 32, Patience = 0, RestoreBest = false };

    /// <summary>Each loss, with the output activation that gives what it takes.</summary>
    public static TheoryData<string, string> Losses => new()
    {
        { "softmax_cross_entropy", "none" },
        { "softmax_cross_entropy(label_smoothing=0.1)", "none" },
        { "negative_log_likelihood", "log_softmax" },
        { "multi_margin", "none" },
        { "multi_label_margin", "none" },
        { "multi_label_soft_margin", "none" },
        { "binary_cross_entropy", "none" },
        { "soft_margin", "none" },
        { "probability_cross_entropy", "sigmoid" },
        { "kullback_leibler", "log_softmax" },
        { "poisson", "none" },
        { "poisson(log_input=false)", "softplus" },
        { "hinge_embedding", "softplus" },
        { "gaussian", "none" },
        { "mean_squared_error", "none" },
        { "mean_squared_error", "softmax" },
        { "absolute_error", "none" },
        { "huber", "none" },
        { "smooth_absolute_error(beta=0.5)", "none" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Classes_are_learned_with_every_loss_and_number_of_outputs(string text, string activation)
    {
        Loss loss = Settings.Parse<Loss>(text);
        foreach (Dataset data in (Dataset[])[Halves(300), Samples.Clusters(300)])
        {
            int classes = data.ClassNames.Count, tried = 0;
            for (int outputs = 1; outputs <= 2 * classes; outputs++)
            {
                bool isConstant = outputs == 1 && activation is "softmax" or "log_softmax";
                if (isConstant || !CanTrain(loss, activation, data, outputs, out Trainer? trainer))
                    continue;

                trainer.Fit();
                Evaluation scored = new Evaluator(trainer.Module, loss).Evaluate(data);
                double.IsFinite(scored.Loss).ShouldBeTrue();
                scored.Accuracy.ShouldBeGreaterThan(0.9, $"{text}, {classes} classes, {outputs} outputs");
                Predicted(trainer.Module, loss, data).ShouldBe(scored.Accuracy, $"{text}, {classes} classes, {outputs} outputs");
                tried++;
            }

            tried.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_number_of_outputs_that_does_not_fit_is_refused_with_one_that_does(string text, string activation)
    {
        Loss loss = Settings.Parse<Loss>(text);
        foreach (Dataset data in (Dataset[])[Halves(40), Samples.Clusters(40), Shares(40)])
        {
            for (int outputs = 1; outputs <= 7; outputs++)
            {
                if (CanTrain(loss, activation, data, outputs, out _))
                    continue;

                string message = Should.Throw<ThalwegException>(() => Make(loss, activation, data, outputs)).Message;
                if (message.Contains("a loss for numbers", StringComparison.Ordinal))
                {
                    data.Task.Name.ShouldBe("regression");
                    continue;
                }

                int[] advised = [.. Number().Matches(Advice().Match(message).Groups[1].Value)
                    .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))];
                advised.ShouldNotBeEmpty(message);
                foreach (int number in advised)
                    CanTrain(loss, activation, data, number, out _).ShouldBeTrue(message);
            }
        }
    }

    [Theory]
    [InlineData("mean_squared_error", "none", 1)]
    [InlineData("absolute_error", "none", 1)]
    [InlineData("huber", "none", 1)]
    [InlineData("gaussian", "none", 2)]
    [InlineData("poisson", "none", 1)]
    [InlineData("poisson(log_input=false)", "softplus", 1)]
    [InlineData("binary_cross_entropy", "none", 1)]
    [InlineData("multi_label_soft_margin", "none", 1)]
    [InlineData("probability_cross_entropy", "sigmoid", 1)]
    [InlineData("mean_squared_error", "sigmoid", 1)]
    public void Numbers_are_learned_and_predicted(string text, string activation, int outputs)
    {
        Dataset data = Shares(400);
        Loss loss = Settings.Parse<Loss>(text);
        Trainer trainer = Make(loss, activation, data, outputs, restoreBest: true);
        trainer.Fit();
        Evaluation scored = new Evaluator(trainer.Module, loss).Evaluate(data);
        scored.R2.ShouldBeGreaterThan(0.8, text);

        TrainedModel model = ModelOf(trainer.Module, loss, data);
        double[] predicted = Predict(model, data), targets = new double[data.Count];
        data.GatherTargets<double>(Dataset.AllRows(data.Count), targets);
        double error = predicted.Zip(targets, (y, t) => Math.Abs(y - t)).Average();
        error.ShouldBe(scored.MeanAbsoluteError, 1e-6);
    }

    /// <summary>Weighting a class by 3 is the same as having its samples three times.</summary>
    [Fact]
    public void Weights_of_samples_count_with_every_loss()
    {
        Dataset data = Halves(40);
        int[] labels = new int[data.Count];
        data.GatherLabels(Dataset.AllRows(data.Count), labels);
        Dataset weighted = data.WithWeights([.. labels.Select(label => label == 1 ? 3f : 1f)]);
        Dataset repeated = data.WithRows([.. Dataset.AllRows(data.Count).SelectMany(i => Enumerable.Repeat(i, labels[i] == 1 ? 3 : 1))]);
        foreach ((string text, int outputs) in ((string, int)[])[
            ("softmax_cross_entropy", 2), ("binary_cross_entropy", 1), ("mean_squared_error", 2), ("multi_label_margin", 2),
                ("gaussian", 2)])
        {
            Loss loss = Settings.Parse<Loss>(text);
            Sequential network = Network(2, outputs, "none");
            network.Initialize(3);
            new Evaluator(network, loss).Evaluate(weighted).Loss.ShouldBe(new Evaluator(network, loss).Evaluate(repeated).Loss, 1e-5, text);
        }
    }

    [Fact]
    public void A_model_keeps_its_loss_and_reads_its_predictions_as_before()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Guid.NewGuid():N}.safetensors");
        try
        {
            Dataset data = Halves(200);
            Loss loss = new BinaryCrossEntropyLoss { PositiveWeights = Tensor.Vector(3.0) };
            Trainer trainer = Make(loss, "none", data, 1);
            trainer.Fit();
            TrainedModel model = ModelOf(trainer.Module, loss, data);
            model.Save(path);
            TrainedModel loaded = TrainedModel.Load(path);
            loaded.Loss.ToString().ShouldBe("binary_cross_entropy(positive_weights=[3])");
            loaded.Evaluate(data).ShouldBe(model.Evaluate(data));
            loaded.Evaluate(data).ShouldBe(new Evaluator(trainer.Module, loss).Evaluate(data));
            Predict(loaded, data).ShouldBe(Predict(model, data));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_custom_loss_is_asked_for_where_the_file_cannot_hold_it()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Guid.NewGuid():N}.safetensors");
        try
        {
            Dataset data = Samples.Clusters(60);
            Trainer trainer = Make(new DoubledLoss(), "none", data, 3);
            trainer.Fit();
            TrainedModel model = ModelOf(trainer.Module, new DoubledLoss(), data);
            model.Save(path);
            TrainedModel loaded = TrainedModel.Load(path);
            Predict(loaded, data).ShouldBe(Predict(model, data));
            Should.Throw<ThalwegException>(() => loaded.Evaluate(data)).Message.ShouldContain("doubled(...)");
            (loaded with { Loss = new DoubledLoss() }).Evaluate(data).ShouldBe(model.Evaluate(data));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_step_with_encoded_targets_allocates_nothing()
    {
        foreach ((string loss, int outputs) in ((string, int)[])[("binary_cross_entropy", 1), ("mean_squared_error", 2), ("gaussian", 2)])
        {
            Trainer trainer = Make(Settings.Parse<Loss>(loss), "none", Halves(64), outputs);
            int[] batch = Dataset.AllRows(32);
            Allocations.Fewest(() => trainer.TakeStep(batch), 200).ShouldBe(0, loss);
        }
    }

    [Fact]
    public void The_output_bias_starts_where_a_model_without_inputs_ends()
    {
        Dataset data = Skewed(400);
        foreach ((string text, string activation, int outputs) in ((string, string, int)[])[
            ("binary_cross_entropy", "none", 1), ("probability_cross_entropy", "sigmoid", 1), ("mean_squared_error", "none", 2),
            ("soft_margin", "none", 1), ("softmax_cross_entropy", "none", 2), ("kullback_leibler", "log_softmax", 2)])
        {
            Loss loss = Settings.Parse<Loss>(text);
            Sequential network = Network(2, outputs, activation);
            network.Initialize(1);
            foreach ((_, Parameter parameter) in network.NamedParameters())
                parameter.Value.AsSpan<float>().Clear();

            OutputBias.FromData(network, new TrainingSet(data), loss);
            double[] predicted = Predict(ModelOf(network, loss, data), data);
            predicted[1].ShouldBe((data.CountClasses()[1] + 1) / 402.0, 1e-5, text);
        }
    }

    private static bool CanTrain(
        Loss loss, string activation, Dataset data, int outputs, [NotNullWhen(true)] out Trainer? trainer)
    {
        try
        {
            trainer = Make(loss, activation, data, outputs);
            return true;
        }
        catch (ThalwegException)
        {
            trainer = null;
            return false;
        }
    }

    private static Trainer Make(Loss loss, string activation, Dataset data, int outputs, bool restoreBest = false) => new(
        Network(data.FeatureWidth, outputs, activation), new TrainingSet(data), new ValidationSet(data),
        s_options with { Loss = loss, BatchSize = Math.Min(32, data.Count), RestoreBest = restoreBest });

    /// <summary>Share of the samples whose most probable class is right; demands probabilities that sum to 1.</summary>
    private static double Predicted(Module module, Loss loss, Dataset data)
    {
        double[] all = Predict(ModelOf(module, loss, data), data);
        int[] labels = new int[data.Count];
        data.GatherLabels(Dataset.AllRows(data.Count), labels);
        int classes = data.ClassNames.Count, right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double[] own = all[(i * classes)..((i + 1) * classes)];
            own.Sum().ShouldBe(1, 1e-9);
            own.ShouldAllBe(probability => probability >= 0);
            right += Array.IndexOf(own, own.Max()) == labels[i] ? 1 : 0;
        }

        return (double)right / labels.Length;
    }

    [GeneratedRegex("network with (.*?) outputs?")]
    private static partial Regex Advice();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    /// <summary>A loss from outside of the library.</summary>
    private sealed record DoubledLoss : Loss
    {
        public override string Name => "doubled";

        public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean) =>
            SoftmaxCrossEntropy.Compute(outputs, targets, reduction).Multiply(2);
    }
}
