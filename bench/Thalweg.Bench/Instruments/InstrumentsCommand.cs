using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Thalweg.Bench.Peers;
using Thalweg.Data;
using Thalweg.Diagnostics;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Training;

namespace Thalweg.Bench.Instruments;

/// <summary>`instruments`: how much longer a step takes with instruments, as a ratio within one run.</summary>
internal static class InstrumentsCommand
{
    /// <summary>Steps of a turn: all schedules begin anew with each.</summary>
    private const int Turn = 256;

    private static readonly (string Name, Func<Module> Build, int[] Shape, int Batch)[] s_cases =
    [
        ("784-256-128-10, batch 64", PeerCases.Mlp, [784], 64),
        ("784-256-128-10, batch 128", PeerCases.Mlp, [784], 128),
        ("conv-2c2d, batch 64", PeerCases.ConvolutionNetwork, [1, 28, 28], 64),
        ("lstm-128, 64 steps, batch 32", PeerCases.RecurrentNetwork, [64, 128], 32),
    ];

    private static readonly (string Name, IReadOnlyList<Instrument> Instruments, double Budget)[] s_sets =
    [
        ("default", InstrumentSets.Default, 0.05),
        ("economy/16", InstrumentSets.Economy, double.PositiveInfinity),
        ("full/256", FullAt(Turn), double.PositiveInfinity),
    ];

    public static Command Create()
    {
        Option<string> only = new("--only") { Description = "Part of the name of the networks to run.", DefaultValueFactory = _ => "" };
        Option<int> rounds = new("--rounds") { Description = "Turns of each contender.", DefaultValueFactory = _ => 7 };
        Command command = new("instruments", "Time of a step with sets of instruments over that without, in turns within one run.")
        {
            only,
            rounds,
        };
        command.SetAction(result =>
        {
            string part = result.GetRequiredValue(only);
            string sets = string.Join(" ", s_sets.Select(set => $"{set.Name,11}"));
            Console.WriteLine($"{"network",-30} {"us/step",9} {sets}   ({Threads.Count} threads, median of turns of {Turn} steps)");
            foreach ((string name, Func<Module> build, int[] shape, int batch) in s_cases)
            {
                if (name.Contains(part, StringComparison.Ordinal))
                    Measure(name, (build, shape, batch), result.GetRequiredValue(rounds));
            }

            return 0;
        });
        return command;
    }

    /// <summary>What Cockpit's full set measures, and the largest eigenvalue on 16 samples, all at the same steps.</summary>
    private static IReadOnlyList<Instrument> FullAt(int every) =>
    [
        .. ((IReadOnlyList<Instrument>)
        [
            .. InstrumentSets.Economy, new GradientSignal(), new CurvatureTrace { Vectors = 3, Samples = 16 },
            new CurvatureEigenvalues { Which = SpectrumEnd.Largest, Samples = 16 },
        ]).Select(instrument => instrument with { When = new EverySteps(every) }),
    ];

    private static void Measure(string name, (Func<Module> Build, int[] Shape, int Batch) network, int rounds)
    {
        List<IEnumerator<StepReport>> runs = [New(network, [])];
        List<InstrumentPanel> panels = [];
        foreach ((_, IReadOnlyList<Instrument> instruments, double budget) in s_sets)
        {
            InstrumentPanel panel = new(new InstrumentPanelOptions
            {
                Instruments = instruments,
                Budget = budget,
                KeepReadings = false,
                Sink = _ => { }
            });
            panels.Add(panel);
            runs.Add(New(network, [panel]));
        }

        double[][] times = [.. runs.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < runs.Count; i++)
            {
                int at = round % 2 == 0 ? i : runs.Count - 1 - i;
                long begin = Stopwatch.GetTimestamp();
                for (int step = 0; step < Turn; step++)
                    runs[at].MoveNext();

                if (round >= 0)
                    times[at][round] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Turn;
            }
        }

        string ratios = string.Join(" ", Enumerable.Range(1, s_sets.Length).Select(i =>
            $"{Median([.. times[i].Zip(times[0], (with, without) => with / without)]),11:f3}"));
        string shares = string.Join(" ", panels.Select(panel => panel.Plan!.Share.ToString("p1", CultureInfo.InvariantCulture)));
        Console.WriteLine($"{name,-30} {Median(times[0]),9:f1} {ratios}   counted {shares}");
        foreach (IEnumerator<StepReport> run in runs)
            run.Dispose();
    }

    private static IEnumerator<StepReport> New((Func<Module> Build, int[] Shape, int Batch) network,
        IReadOnlyList<ITrainingObserver> observers)
    {
        int width = network.Shape.Aggregate(1, (product, size) => product * size), samples = 16 * network.Batch;
        RandomStream stream = new(1, RandomPurpose.User);
        float[] x = [.. Enumerable.Range(0, samples * width).Select(_ => (float)stream.NextNormal())];
        Dataset data = Dataset.ForClassification(
            x, network.Shape, [.. Enumerable.Range(0, samples).Select(i => i % 10)], [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        Module module = network.Build();
        return new Trainer(module.Initialize(1), new TrainingSet(data), new TrainerOptions
        {
            Optimizer = new Adam(1e-3),
            BatchSize = network.Batch,
            Epochs = 1 << 20,
            EvaluateEvery = 1 << 20,
            Observers = observers,
        }).Steps().GetEnumerator();
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
