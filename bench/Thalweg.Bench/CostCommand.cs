using System.CommandLine;
using System.Globalization;
using Thalweg.Data;
using Thalweg.Kernels;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench;

/// <summary>`cost`: time of a training step against batch, width, depth and threads, beside what the machine could do at most.</summary>
internal static class CostCommand
{
    private const int Inputs = 256, Classes = 10, Rounds = 7, BatchesOfData = 4;

    /// <summary>Floats that an Adam step moves for each parameter: reads of weight, gradient and two moments, writes of all four.</summary>
    private const int FloatsPerParameter = 8;

    public static Command Create()
    {
        Option<string?> plot = new("--svg") { Description = "File for a picture of the tables." };
        Command command = new(
            "cost", "Microseconds per Adam step of dense networks by batch, width, depth and threads, beside the roofline.") { plot };
        command.SetAction(result => Run(result.GetValue(plot)));
        return command;
    }

    private static int Run(string? plot)
    {
        int all = Threads.Count;
        LaneWidth[] widest = [LaneWidths.Best];
        Dictionary<int, (double Peak, double Bandwidth)> limits = [];
        foreach (int threads in all > 1 ? new[] { 1, all } : [1])
        {
            Threads.Count = threads;
            limits[threads] = (PeakProbe.Measure<float>(widest)[0], MemoryProbe.Measure([MemoryPass.Copy])[0]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{threads} {(threads == 1 ? "thread" : "threads")}: peak {limits[threads].Peak / 1e9:F0} GF/s, copy " +
                $"{limits[threads].Bandwidth / 1e9:F1} GB/s"));
        }

        Point middle = new(64, 256, 2, all);
        List<Series> series =
        [
            Measure("batch", [.. Powers(1, 1024, 4).Select(batch => middle with { Batch = batch })], point => point.Batch, limits),
            Measure("width", [.. Powers(16, 2048, 2).Select(width => middle with { Width = width })], point => point.Width, limits),
            Measure("depth", [.. Powers(1, 32, 2).Select(depth => middle with { Depth = depth })], point => point.Depth, limits),
            Measure("threads", [.. limits.Keys.Select(threads => middle with { Batch = 512, Width = 512, Threads = threads })],
                point => point.Threads, limits),
        ];
        Threads.Count = all;
        if (plot is not null)
            File.WriteAllText(plot, CostPlot.Draw(series));
        return 0;
    }

    private static IEnumerable<int> Powers(int from, int to, int factor)
    {
        for (int value = from; value <= to; value *= factor)
            yield return value;
    }

    private static Series Measure(
        string name, Point[] points, Func<Point, int> axis, Dictionary<int, (double Peak, double Bandwidth)> limits)
    {
        Console.WriteLine($"\n| {name} | us per step | roofline us | share | bound by |\n|---|---|---|---|---|");
        List<Measurement> found = [];
        foreach (Point point in points)
        {
            Threads.Count = point.Threads;
            (double peak, double bandwidth) = limits[point.Threads];
            double compute = point.Operations / peak, memory = sizeof(float) * FloatsPerParameter * (double)point.Parameters / bandwidth;
            double seconds = SecondsPerStep(point), bound = compute + memory;
            found.Add(new Measurement(axis(point), seconds, bound));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {axis(point)} | {seconds * 1e6:F1} | {bound * 1e6:F1} | {bound / seconds:P0} | " +
                $"{(compute > memory ? "multiply-adds" : "memory")} |"));
        }

        return new Series(name, found);
    }

    private static double SecondsPerStep(Point point)
    {
        RandomStream stream = new(1, RandomPurpose.User);
        float[] features = new float[BatchesOfData * point.Batch * Inputs];
        for (int i = 0; i < features.Length; i++)
            features[i] = (float)stream.NextNormal();
        int[] labels = [.. Enumerable.Range(0, BatchesOfData * point.Batch).Select(i => i % Classes)],
            order = Dataset.AllRows(labels.Length);
        Dataset data = Dataset.ForClassification(
            features, [Inputs], labels, [.. Enumerable.Range(0, Classes).Select(c => c.ToString(CultureInfo.InvariantCulture))]);
        List<Module> layers = [];
        for (int layer = 0; layer < point.Depth; layer++)
            layers.Add(new Dense(layer == 0 ? Inputs : point.Width, point.Width, Activation.Relu));
        TrainerOptions options = new() { Optimizer = new Adam(1e-4), BatchSize = point.Batch, RestoreBest = false };
        Trainer trainer = new(
            new Sequential([.. layers, new Dense(point.Width, Classes)]), new TrainingSet(data), new ValidationSet(data), options);
        int position = 0;
        void Steps(int count)
        {
            for (int step = 0; step < count; step++, position++)
                trainer.TakeStep(order.AsSpan(position % BatchesOfData * point.Batch, point.Batch));
        }

        Steps(60);
        return Stopclock.Measure(Steps, Rounds, runSeconds: 0.04).Median;
    }

    /// <summary>A network and how it trains.</summary>
    private sealed record Point(int Batch, int Width, int Depth, int Threads)
    {
        public long Parameters => (Inputs * Width) + ((Depth - 1L) * Width * Width) + (Width * Classes) + ((long)Depth * Width) + Classes;

        /// <summary>Of the matrix products: forward, gradient of the weights, and gradient of the inputs but for the first layer.</summary>
        public double Operations => 2.0 * Batch * ((3.0 * Parameters) - (Inputs * (double)Width));
    }
}

/// <summary>One measured step.</summary>
/// <param name="Value">What varied.</param>
/// <param name="Seconds">Seconds per step.</param>
/// <param name="Bound">Seconds that the multiply-adds and the memory traffic of the update take at least, one after the other.</param>
internal sealed record Measurement(int Value, double Seconds, double Bound);

/// <summary>Steps in which one thing varies.</summary>
/// <param name="Name">What varies.</param>
/// <param name="Points">The steps.</param>
internal sealed record Series(string Name, IReadOnlyList<Measurement> Points);
