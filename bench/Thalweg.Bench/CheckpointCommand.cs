using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench;

/// <summary>`checkpoint`: what a checkpoint in the background costs the steps that run meanwhile.</summary>
/// <remarks>Stretches of steps with a checkpoint at their start take turns with stretches without, in one run, so that a slow moment of the
/// machine falls on both alike.</remarks>
internal static class CheckpointCommand
{
    private const int Features = 784, Width = 2560, Classes = 10, Samples = 6400;

    public static Command Create()
    {
        Option<int> steps = new("--steps") { Description = "Steps of a stretch, which has one checkpoint", DefaultValueFactory = _ => 100 };
        Option<int> pairs = new("--pairs") { Description = "Stretches with and without a checkpoint", DefaultValueFactory = _ => 7 };
        Option<int> batch = new("--batch") { Description = "Samples of a step", DefaultValueFactory = _ => 64 };
        Command command = new(
            "checkpoint", "Time of steps of a 10-million-parameter MLP with a checkpoint every so many steps, beside that without.");
        foreach (Option<int> option in (Option<int>[])[steps, pairs, batch])
            command.Options.Add(option);
        command.SetAction(parsed => Run(parsed.GetValue(steps), parsed.GetValue(pairs), parsed.GetValue(batch)));
        return command;
    }

    private static int Run(int steps, int pairs, int batch)
    {
        string folder = Directory.CreateTempSubdirectory("thalweg-bench-").FullName;
        try
        {
            Trainer trainer = Make((2 * pairs * steps) + steps, batch);
            using IEnumerator<StepReport> loop = trainer.Steps().GetEnumerator();
            Stretch(loop, steps / 4);
            TrainingSnapshot snapshot = new();
            snapshot.Take(trainer);
            snapshot.Save(Path.Combine(folder, "first"));
            List<double> ratios = [], copies = [], writes = [], plain = [], busy = [];
            for (int pair = 0; pair < pairs; pair++)
            {
                double without = Stretch(loop, steps);
                long begun = Stopwatch.GetTimestamp();
                snapshot.Take(trainer);
                copies.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
                Task<double> writing = Task.Run(() => Save(snapshot, Path.Combine(folder, "checkpoint")));
                double with = copies[^1] + Stretch(loop, steps);
                writes.Add(writing.GetAwaiter().GetResult());
                ratios.Add(with / without);
                plain.Add(without);
                busy.Add(with);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{1e3 * without / steps,8:F2} ms a step without, {1e3 * with / steps,8:F2} with: {100 * (ratios[^1] - 1),6:F2} %"));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{trainer.Module.ParameterCount:N0} parameters, batches of {batch}, {Threads.Count} threads: median "
                + $"{100 * (Median(ratios) - 1):F2} %, by the shortest stretches {100 * ((busy.Min() / plain.Min()) - 1):F2} %; "
                + $"copy {1e3 * Median(copies):F0} ms, write {1e3 * Median(writes):F0} ms in the background"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Save(TrainingSnapshot snapshot, string path)
    {
        long begun = Stopwatch.GetTimestamp();
        snapshot.Save(path);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Stretch(IEnumerator<StepReport> loop, int steps)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
            loop.MoveNext();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static Trainer Make(int steps, int batch)
    {
        Random random = new(1);
        float[] features = [.. Enumerable.Range(0, Samples * Features).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, Samples).Select(i => i % Classes)];
        Dataset data = Dataset.ForClassification(features, [Features], labels, [.. Enumerable.Range(0, Classes).Select(i => $"{i}")]);
        Sequential network = new(
            new Dense(Features, Width, Activation.Relu), new Dense(Width, Width, Activation.Relu), new Dense(Width, 512, Activation.Relu),
            new Dense(512, Classes));
        return new Trainer(network, new TrainingSet(data), new TrainerOptions
        {
            Optimizer = new Adam(),
            BatchSize = batch,
            Epochs = (steps / (Samples / batch)) + 2,
        });
    }
}
