using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Labs;

/// <summary>The experiment of the sources on overfitting: a network of seven layers on 300 images.</summary>
internal static class SmallData
{
    /// <summary>Gap without the method minus that with, at least.</summary>
    public const double SmallerGap = 0.01;

    /// <summary>Validation accuracy with the method minus that without, at least.</summary>
    public const double NoLoss = 0;

    private const int Images = 300;

    /// <summary>Runs the experiment on every image set, and judges it.</summary>
    /// <param name="context">The run.</param>
    /// <param name="name">Name of the method, in both languages.</param>
    /// <param name="decay">Factor of weight decay with the method.</param>
    /// <param name="dropout">Probability of dropout with the method.</param>
    public static void Run(LabContext context, LabText name, double decay, double dropout)
    {
        int epochs = context.Pick(20, 60, 200);
        foreach (LabData set in context.Images(context.Pick(100, Images, Images), context.Pick(100, 1000, 2000)))
        {
            context.Plan(2 * context.Seeds.Count);
            TrainingReport[] with = context.OverSeeds(seed => Train(context, set, epochs, decay, dropout, seed));
            TrainingReport[] without = context.OverSeeds(seed => Train(context, set, epochs, 0, 0, seed));
            LabFigure gap = context.Measure($"smaller-gap-{set.Name}",
                ($"gap between training and validation accuracy, without minus with, {set.Name}", $"训练与验证正确率之差，不使用减去使用，{set.Name}"),
                without.Zip(with, (a, b) => Gap(a) - Gap(b)));
            LabFigure gain = context.Measure($"gain-{set.Name}",
                ($"validation accuracy with minus without, {set.Name}", $"验证正确率，使用减去不使用，{set.Name}"),
                without.Zip(with, (a, b) => b.Epochs[^1].Validation.Accuracy - a.Epochs[^1].Validation.Accuracy));
            context.Expect(gap, LabRelation.AtLeast, SmallerGap, isEssential: set.Name == "glyphs");
            context.Expect(gain, LabRelation.AtLeast, NoLoss);
            double[] x = [.. Enumerable.Range(1, epochs).Select(epoch => (double)epoch)];
            context.Draw(new LinePicture(($"Accuracy, {set.Name}", $"正确率，{set.Name}"), new(("epoch", "轮次")), new(("accuracy", "正确率")),
                [.. Lines(name, x, with), .. Lines(("without", "不使用"), x, without)]));
        }
    }

    private static LabSeries[] Lines(LabText name, double[] x, TrainingReport[] runs) =>
    [
        LabSeries.Of(($"training, {name.English}", $"训练，{name.Chinese}"), x,
            [.. runs.Select(run => (IReadOnlyList<double>)[.. run.Epochs
                .Select(epoch => epoch.Training.Accuracy)])]) with { IsDashed = true },
        LabSeries.Of(($"validation, {name.English}", $"验证，{name.Chinese}"), x,
            [.. runs.Select(run => (IReadOnlyList<double>)[.. run.Epochs.Select(epoch => epoch.Validation.Accuracy)])]),
    ];

    private static double Gap(TrainingReport report) => report.Epochs[^1].Training.Accuracy - report.Epochs[^1].Validation.Accuracy;

    private static TrainingReport Train(LabContext context, LabData set, int epochs, double decay, double dropout, ulong seed)
    {
        DataSplit data = set.Split(seed);
        TrainerOptions options = new()
        {
            Optimizer = new Momentum(0.01) with { Decay = decay },
            Epochs = epochs,
            BatchSize = 50,
            Seed = seed,
            Patience = 0,
            RestoreBest = false,
        };
        Sequential network = Networks.Mlp(data.Training.Data, 6, 50, Activation.Relu, Initializer.HeNormal(), null, dropout);
        return context.Fit(new Trainer(network, data.Training, data.Validation, options));
    }
}
