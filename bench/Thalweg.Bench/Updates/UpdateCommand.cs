using System.CommandLine;
using Thalweg.Bench.Peers;
using Thalweg.Catalogues;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Bench.Updates;

/// <summary><c>update</c>: optimizer updates alone beside the copy bandwidth of the same run, and beside PyTorch's.</summary>
internal static class UpdateCommand
{
    private const int Columns = 1000;

    public static Command Create()
    {
        Option<int[]> sizes = new("--sizes")
        {
            Description = "Numbers of parameters, in thousands.",
            DefaultValueFactory = _ => [100, 1000, 10_000, 100_000],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> all = new("--all") { Description = "Instead, every named optimizer at 10 million parameters, ours alone." };
        Option<string[]> only = new("--only")
        {
            Description = "With --all: these optimizers.",
            DefaultValueFactory = _ => [],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> alone = new("--no-peer") { Description = "Leave PyTorch out." };
        Option<int> rounds = new("--rounds") { Description = "Runs of each; medians count.", DefaultValueFactory = _ => 7 };
        Command command = new(
            "update", "Adam's update alone on 10^5 to 10^8 parameters: share of the copy bandwidth, and PyTorch's time over ours.")
        {
            sizes, all, only, alone, rounds,
        };
        command.SetAction(parse =>
        {
            if (parse.GetValue(all))
                ListAll(parse.GetValue(only)!, parse.GetValue(rounds));
            else
                Run(parse.GetValue(sizes)!, withPeer: !parse.GetValue(alone), parse.GetValue(rounds));
            return 0;
        });
        return command;
    }

    private static void Run(int[] sizes, bool withPeer, int rounds)
    {
        Console.WriteLine($"{"parameters",12}{"us",12}{"ns each",9}{"GB/s",8}{"copy GB/s",11}{"of copy",9}{"torch us",12}{"ratio",8}");
        foreach (int thousands in sizes)
        {
            Measured ours = Measure(Settings.Parse<NamedOptimizer>("adam"), thousands, rounds);
            double peer = withPeer ? PeerSeconds(thousands, rounds) : double.NaN;
            long count = thousands * (long)Columns;
            Console.WriteLine(
                $"{count,12}{ours.Seconds * 1e6,12:F1}{ours.Seconds * 1e9 / count,9:F3}{ours.Rate / 1e9,8:F1}"
                + $"{ours.Copy / 1e9,11:F1}{ours.Rate / ours.Copy,9:P0}{peer * 1e6,12:F1}{peer / ours.Seconds,8:F2}");
        }
    }

    /// <summary>Every optimizer by name; those whose update is more than passes over the elements say so.</summary>
    private static void ListAll(string[] only, int rounds)
    {
        const int Thousands = 10_000;
        Console.WriteLine($"{"optimizer",-22}{"bytes",7}{"ns each",9}{"bound",8}{"of bound",10}  beside the one pass");
        foreach (CatalogueEntry entry in Catalogue.Optimizers.Where(entry => entry.Cost!.MatrixWork.Length == 0))
        {
            if (only.Length > 0 && !only.Contains(entry.Name))
                continue;
            Measured ours = Measure(Settings.Parse<NamedOptimizer>(entry.Name), Thousands, rounds);
            double each = ours.Seconds * 1e9 / (Thousands * (double)Columns),
                bound = ours.Bytes * 1e9 / ours.Copy / (Thousands * (double)Columns);
            string remark = entry.Cost!.Passes > 1 ? $"{entry.Cost.Passes} passes" : "";
            Console.WriteLine(
                $"{entry.Name,-22}{ours.Bytes / (Thousands * (double)Columns),7:F0}{each,9:F3}{bound,8:F3}{each / bound,10:F2}  {remark}");
        }
    }

    /// <summary>Ours in turns with copies of as many bytes, on one thread and on all: the better of each counts.</summary>
    private static Measured Measure(Chain optimizer, int thousands, int rounds)
    {
        int all = Threads.Count;
        using UpdateWork work = new(optimizer, thousands, Columns);
        using CopyProbe copy = new((long)work.Bytes);
        double seconds = double.PositiveInfinity, rate = 0;
        foreach (int threads in all > 1 ? [1, all] : new[] { 1 })
        {
            Threads.Count = threads;
            Timing[] timings = Stopclock.Measure([work.Contender("update"), .. copy.Contenders], rounds);
            seconds = Math.Min(seconds, timings[0].Median);
            rate = Math.Max(rate, copy.Bytes / Math.Min(timings[1].Median, timings[2].Median));
        }

        Threads.Count = all;
        return new(seconds, work.Bytes, rate);
    }

    /// <summary>PyTorch's time on its better number of threads.</summary>
    private static double PeerSeconds(int thousands, int rounds)
    {
        double best = double.PositiveInfinity;
        int steps = Math.Max(1, 20_000 / thousands);
        foreach (int threads in new[] { 1, 2 })
        {
            using PeerProcess peer = PeerProcess.Start($"adam-update-{thousands}", threads, new PeerOptions(null, 1));
            best = Math.Min(best, Stopclock.Median([.. Enumerable.Range(0, rounds).Select(_ => peer.SecondsPerStep(steps))]));
        }

        return best;
    }

    /// <summary>Seconds of an update, the bytes that it moves, and the bytes per second that a copy moves.</summary>
    private readonly record struct Measured(double Seconds, double Bytes, double Copy)
    {
        public double Rate => Bytes / Seconds;
    }
}
