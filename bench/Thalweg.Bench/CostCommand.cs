using System.CommandLine;
using System.Globalization;
using Thalweg.Bench.Bounds;
using Thalweg.Data;
using Thalweg.Kernels;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench;

/// <summary>`cost`: time of a training step against batch, width, depth and threads, beside what the machine could do at most.</summary>
internal static class CostCommand
{
    private const int Inputs = 256, Classes = 10, Rounds = 5, BatchesOfData = 4;

    public static Command Create()
    {
        Option<string?> plot = new("--svg") { Description = "File for a picture of the tables." };
        Command command = new("cost",
            "Microseconds per Adam step of dense networks by batch, width, depth and threads, beside the least possible.")
        {
            plot,
        };
        command.SetAction(result => Run(result.GetValue(plot)));
        return command;
    }

    private static int Run(string? plot)
    {
        int all = Threads.Count;
        using CoreProbe core = new();
        Point middle = new(64, 256, 2, all), large = middle with { Batch = 512, Width = 512 };
        Plan[] plans =
        [
            new("batch", point => point.Batch, [.. Powers(1, 1024, 4).Select(batch => middle with { Batch = batch })]),
            new("width", point => point.Width, [.. Powers(16, 2048, 2).Select(width => middle with { Width = width })]),
            new("depth", point => point.Depth, [.. Powers(1, 32, 2).Select(depth => middle with { Depth = depth })]),
            new(
                "threads",
                point => point.Threads,
                [.. new[] { 1, 2, 3, 4, 8, all }.Distinct().Order().Select(threads => large with { Threads = threads })]),
        ];
        // Once for nothing: the first steps of a process wait for its compiler.
        Measure(middle, core);
        // All steps before any table: the best rates of the whole run bound each of them.
        Step[][] steps = [.. plans.Select(plan => plan.Points.Select(point => Measure(point, core)).ToArray())];
        Threads.Count = all;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} processors, the best of one: {core.Peak / 1e9:F0} GF/s at {core.Width}"));
        Series[] series = [.. plans.Select((plan, i) => Report(plan, steps[i], core))];
        if (plot is not null)
            File.WriteAllText(plot, CostPlot.Draw(series));
        return 0;
    }

    private static IEnumerable<int> Powers(int from, int to, int factor)
    {
        for (int value = from; value <= to; value *= factor)
            yield return value;
    }

    private static Series Report(Plan plan, Step[] steps, CoreProbe core)
    {
        Console.WriteLine($"\n| {plan.Name} | us per step | products us | moves us | share of the bound |\n|---|---|---|---|---|");
        List<Measurement> found = [];
        for (int i = 0; i < steps.Length; i++)
        {
            Bound bound = Bound.Of(steps[i].Work, plan.Points[i].Cores, core);
            Measurement one = new(plan.Axis(plan.Points[i]), steps[i].Seconds, bound.Seconds);
            found.Add(one);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Value} | {one.Seconds * 1e6:F1} | {bound.Products * 1e6:F1} | {bound.Moves * 1e6:F1} | {bound.ShareOf(one.Seconds):P0} |"));
        }

        return new Series(plan.Name, found);
    }

    private static Step Measure(Point point, CoreProbe core)
    {
        Threads.Count = point.Threads;
        RandomStream stream = new(1, RandomPurpose.User);
        float[] features = new float[BatchesOfData * point.Batch * Inputs];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)stream.NextNormal();
        int[] labels = [.. Enumerable.Range(0, BatchesOfData * point.Batch).Select(i => i % Classes)];
        int[] order = Dataset.AllRows(labels.Length);
        string[] classes = [.. Enumerable.Range(0, Classes).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        Dataset data = Dataset.ForClassification(features, [Inputs], labels, classes);
        List<Module> layers = [];
        for (int layer = 0; layer < point.Depth; layer++)
            layers.Add(new Dense(layer == 0 ? Inputs : point.Width, point.Width, Activation.Relu));
        TrainerOptions options = new() { Optimizer = new Adam(1e-4), BatchSize = point.Batch, RestoreBest = false };
        Sequential network = new([.. layers, new Dense(point.Width, Classes)]);
        Trainer trainer = new(network, new TrainingSet(data), new ValidationSet(data), options);
        int position = 0;
        void Steps(int count)
        {
            for (int step = 0; step < count; step++, position++)
                trainer.TakeStep(order.AsSpan(position % BatchesOfData * point.Batch, point.Batch));
        }

        Steps(60);
        StepWork work = StepWork.OfTraining(trainer, Tensor.From(features.AsSpan(0, point.Batch * Inputs), [point.Batch, Inputs]));
        return new Step(core.Measure(Steps, Bound.Share(work, point.Cores), Rounds), work);
    }

    /// <summary>A network and how it trains.</summary>
    private sealed record Point(int Batch, int Width, int Depth, int Threads)
    {
        /// <summary>Processors that can work on the step at once.</summary>
        public int Cores => Math.Min(Threads, Environment.ProcessorCount);
    }

    /// <summary>What was measured of a network, and what it has to do.</summary>
    private sealed record Step(double Seconds, StepWork Work);

    /// <summary>Steps to take, in which one thing varies.</summary>
    private sealed record Plan(string Name, Func<Point, int> Axis, Point[] Points);
}

/// <summary>One measured step.</summary>
/// <param name="Value">What varied.</param>
/// <param name="Seconds">Seconds per step.</param>
/// <param name="Bound">Seconds that it takes at least: its products at the peak, and the numbers that must move at their bandwidth.</param>
internal sealed record Measurement(int Value, double Seconds, double Bound);

/// <summary>Steps in which one thing varies.</summary>
/// <param name="Name">What varies.</param>
/// <param name="Points">The steps.</param>
internal sealed record Series(string Name, IReadOnlyList<Measurement> Points);
