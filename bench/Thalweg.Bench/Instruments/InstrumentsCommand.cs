using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Thalweg.Bench.Peers;
using Thalweg.Diagnostics;
using Thalweg.Training;

namespace Thalweg.Bench.Instruments;

/// <summary>`instruments`: how much longer a step takes with instruments, as a ratio within one run.</summary>
internal static class InstrumentsCommand
{
    /// <summary>Every so many steps the full set measures.</summary>
    private const int Period = 256;

    /// <summary>Turns before those that are measured: code that measures is called rarely, and is optimized after some dozens of calls.</summary>
    private const int WarmUp = 8;

    /// <summary>Microseconds of a step from which on fewer turns warm up.</summary>
    private const double LargeStep = 3000;

    /// <summary>Time that the turns of a network without instruments should take about.</summary>
    private const double SecondsPerTurn = 0.25;

    private static readonly string[] s_networks =
    [
        "mlp-adam-64", "mlp-sgd-128", "mlp-bn-100", "tabular-tiny", "conv-2c2d-64", "resnet-small", "lstm-128", "transformer-small",
    ];

    private static readonly (string Name, IReadOnlyList<Instrument> Instruments, double Budget)[] s_sets =
    [
        ("default", InstrumentSets.Default, 0.05),
        ("economy/16", InstrumentSets.Economy, double.PositiveInfinity),
        ("full/256", FullAt(Period), double.PositiveInfinity),
    ];

    public static Command Create()
    {
        Option<string> only = new("--only") { Description = "Part of the name of the networks to run.", DefaultValueFactory = _ => "" };
        Option<int> rounds = new("--rounds") { Description = "Turns of each contender.", DefaultValueFactory = _ => 7 };
        Option<bool> processor = new("--processor-time")
        {
            Description = "Time of the process on processors in place of wall time: for a machine that others use too.",
        };
        Command command = new("instruments", "Time of a step with sets of instruments over that without, in turns within one run.")
        {
            only,
            rounds,
            processor,
        };
        command.SetAction(result =>
        {
            string part = result.GetRequiredValue(only);
            bool isProcessor = result.GetValue(processor);
            Console.WriteLine($"{"network",-18} {"us/step",9} {string.Join(" ", s_sets.Select(set => $"{set.Name,11}"))}   " +
                $"({Threads.Count} threads, {(isProcessor ? "processor" : "wall")} time, median of {result.GetRequiredValue(rounds)} turns)");
            foreach (string name in s_networks.Where(name => name.Contains(part, StringComparison.Ordinal)))
            {
                // The others are for the MLP: there they are what Cockpit was measured by.
                int sets = name.StartsWith("mlp", StringComparison.Ordinal) ? s_sets.Length : 1;
                Measure((NetworkCase)PeerCases.All[name](new PeerOptions(null, 0)), result.GetRequiredValue(rounds), (sets, isProcessor));
            }

            return 0;
        });
        return command;
    }

    /// <summary>What Cockpit's full set measures, and the largest eigenvalue on the same 16 samples, all at the same steps.</summary>
    private static IReadOnlyList<Instrument> FullAt(int every) =>
    [
        .. ((IReadOnlyList<Instrument>)
        [
            .. InstrumentSets.Economy, new GradientSignal(), new CurvatureTrace { Vectors = 3, Samples = 16, FixedSamples = true },
            new CurvatureEigenvalues { Which = SpectrumEnd.Largest, Samples = 16, FixedSamples = true },
        ]).Select(instrument => instrument with { When = new EverySteps(every) }),
    ];

    private static void Measure(NetworkCase network, int rounds, (int Sets, bool IsProcessor) how)
    {
        Func<double> clock = how.IsProcessor ? ProcessorMicroseconds : WallMicroseconds;
        List<IEnumerator<StepReport>> runs = [network.NewTrainer([]).Steps().GetEnumerator()];
        List<InstrumentPanel> panels = [];
        foreach ((_, IReadOnlyList<Instrument> instruments, double budget) in s_sets.Take(how.Sets))
        {
            InstrumentPanel panel = new(new InstrumentPanelOptions
            {
                Instruments = instruments,
                Budget = budget,
                KeepReadings = false,
                Sink = _ => { },
            });
            panels.Add(panel);
            runs.Add(network.NewTrainer([panel]).Steps().GetEnumerator());
            runs[^1].MoveNext();
        }

        // Turns hold the same number of measurements each, of every instrument.
        int period = panels.Max(panel => panel.Plan!.Instruments.Max(row => 16 * row.Thinning));
        int turn = how.Sets > 1 ? Math.Max(Period, (Period + period - 1) / period * period) : period;
        double step = Time(runs[0], 16, clock) / 16;
        turn *= Math.Max(1, (int)(SecondsPerTurn * 1e6 / (step * turn)));
        double[][] times = [.. runs.Select(_ => new double[rounds])];
        for (int round = step > LargeStep ? -2 : -WarmUp; round < rounds; round++)
        {
            for (int i = 0; i < runs.Count; i++)
            {
                int at = round % 2 == 0 ? i : runs.Count - 1 - i;
                double time = Time(runs[at], turn, clock);
                if (round >= 0)
                    times[at][round] = time / turn;
            }
        }

        string ratios = string.Join(" ", Enumerable.Range(1, s_sets.Length).Select(i =>
            i <= how.Sets ? $"{Median([.. times[i].Zip(times[0], (with, without) => with / without)]),11:f3}" : $"{"",11}"));
        string shares = string.Join(" ", panels.Select(panel => panel.Plan!.Share.ToString("p1", CultureInfo.InvariantCulture)));
        int thinning = panels[0].Plan!.Instruments.Max(row => row.Thinning);
        Console.WriteLine($"{network.Name,-18} {Median(times[0]),9:f1} {ratios}   counted {shares}; default thinned by {thinning}, " +
            $"turns of {turn}");
        foreach (IEnumerator<StepReport> run in runs)
            run.Dispose();
    }

    private static double Time(IEnumerator<StepReport> run, int steps, Func<double> clock)
    {
        double begin = clock();
        for (int step = 0; step < steps; step++)
            run.MoveNext();

        return clock() - begin;
    }

    private static double WallMicroseconds() => Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;

    private static double ProcessorMicroseconds()
    {
        using Process own = Process.GetCurrentProcess();
        return own.TotalProcessorTime.TotalMicroseconds;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
