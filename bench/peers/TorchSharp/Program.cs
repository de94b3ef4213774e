using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Thalweg.Peers;

/// <summary>TorchSharp's side of `Thalweg.Bench peer NAME`; it speaks the protocol of `bench/peers/torch_peer.py`.</summary>
internal static class Program
{
    private const int BadInput = 2, WarmUpRounds = 3, MostSteps = 100;
    private const double WarmUpSeconds = 0.15;

    private static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            Options options = Options.Parse(arguments);
            torch.set_num_threads(options.Threads);
            long before = PeakBytes();
            IWork work = options.Inference ? new Inference(Cases.Find(options.Case)) : Fastest(options.Case, out options.Remark);
            if (options.Serve)
                Serve(work, options, before);
            else
                Measure(work, options);
            return 0;
        }
        catch (ArgumentException exception)
        {
            Console.WriteLine($"error: {exception.Message}");
            return BadInput;
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or NotSupportedException)
        {
            string reason = exception.GetBaseException().Message.Split('\n')[0];
            Console.WriteLine($"error: libtorch does not load ({reason}); on Debian 12 run it in a root of Debian 13: bench/peers/debian13.sh");
            return BadInput;
        }
    }

    /// <summary>Warms up each way to run the case and keeps the fastest.</summary>
    private static Training Fastest(string name, out string remark)
    {
        Case chosen = Cases.Find(name);
        (string Name, Training Work)[] ways = [.. Training.Ways(chosen)];
        double[][] seconds = [.. ways.Select(_ => new double[WarmUpRounds])];
        double loss = ways[0].Work.FirstLoss;
        int[] steps = [.. ways.Select(way => Math.Clamp((int)(WarmUpSeconds / way.Work.SecondsPerStep(3)), 3, MostSteps))];
        for (int round = 0; round < WarmUpRounds; round++)
        {
            for (int i = 0; i < ways.Length; i++)
                seconds[i][round] = ways[i].Work.SecondsPerStep(steps[i]);
        }

        double[] medians = [.. seconds.Select(Median)];
        int best = Array.IndexOf(medians, medians.Min());
        string times = string.Join(' ', ways.Select((way, i) => $"{way.Name}={medians[i]:e3}"));
        remark = $"parameters={ways[best].Work.ParameterCount} loss={loss:f4} way={ways[best].Name} {times}";
        for (int i = 0; i < ways.Length; i++)
        {
            if (i != best)
                ways[i].Work.Dispose();
        }

        return ways[best].Work;
    }

    private static void Serve(IWork work, Options options, long before)
    {
        Say($"ready {Describe(options)}");
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["quit"])
                return;
            else if (words is ["memory"])
                Say($"{PeakBytes() - before}");
            else if (words is ["load", var batch] && work is Inference inference && int.TryParse(batch, out int size) && size > 0)
                Say($"loaded {inference.Load(size)}");
            else if (words is ["run", var count] && int.TryParse(count, out int steps) && steps > 0)
                Say($"{work.SecondsPerStep(steps):e9}");
            else
                Say($"error: expected `run STEPS` or `quit`, got '{line}'");
        }
    }

    private static void Measure(IWork work, Options options)
    {
        Console.WriteLine(Describe(options));
        double[] seconds = [.. Enumerable.Range(0, options.Rounds).Select(_ => work.SecondsPerStep(options.Steps))];
        Console.WriteLine($"seconds per step: median {Median(seconds):e3}, least {seconds.Min():e3}, most {seconds.Max():e3}");
    }

    private static string Describe(Options options)
    {
        Version wrapper = typeof(torch).Assembly.GetName().Version!;
        return $"torch {torch.__version__} threads={options.Threads} torchsharp={wrapper.ToString(3)} {options.Remark}".TrimEnd();
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Resident memory at the peak.</summary>
    private static long PeakBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
