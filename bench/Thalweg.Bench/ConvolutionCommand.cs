using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Thalweg.Bench.Peers;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>
/// <c>conv</c>: the three maps of bare convolutions beside the peak of the same run and beside PyTorch, which runs them through oneDNN.
/// </summary>
internal static class ConvolutionCommand
{
    private const double RoundSeconds = 0.03;

    public static Command Create()
    {
        Option<int> rounds = new("--rounds") { Description = "Rounds of each in turn; medians count.", DefaultValueFactory = _ => 7 };
        Option<int[]> threads = new("--threads")
        {
            Description = "Thread counts (default: 1 and all).",
            DefaultValueFactory = _ => Threads.Count > 1 ? [1, Threads.Count] : [1],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> alone = new("--no-peer") { Description = "Without PyTorch." };
        Command command = new("conv", "The three maps of convolutions: time, share of the multiply-add peak, ratio to PyTorch.")
        {
            rounds, threads, alone,
        };
        command.SetAction(parse => PeerCommand.Guarded(() => Run(parse.GetValue(rounds), parse.GetValue(threads)!, parse.GetValue(alone))));
        return command;
    }

    private static void Run(int rounds, int[] counts, bool alone)
    {
        int all = Threads.Count;
        foreach (int count in counts)
        {
            Threads.Count = count;
            using PeerProcess? peer = alone ? null : PeerProcess.Start("convolutions", count, new PeerOptions(null, 1));
            double peak = PeakProbe.Measure<float>([VectorWidths.Best])[0];
            string about = peer is null ? "" : $", {peer.Description}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"threads {count}, peak {peak / 1e9:F0} GF/s{about}"));
            Console.WriteLine($"{"convolution",-30}{"map",9}{"us",9}{"GF/s",8}{"of peak",9}{"torch us",10}{"ratio",8}");
            foreach (ConvolutionCase work in ConvolutionCase.All)
            {
                foreach (ConvolutionDirection direction in Enum.GetValues<ConvolutionDirection>())
                    Report(work, direction, peak, rounds, peer);
            }
        }

        Threads.Count = all;
    }

    /// <summary>Times one map in turns with the peer.</summary>
    private static void Report(ConvolutionCase work, ConvolutionDirection direction, double peak, int rounds, PeerProcess? peer)
    {
        Action<int> run = work.Prepare(direction);
        run(3);
        PeerComparison comparison = new();
        comparison.Add("thalweg", Time);
        if (peer is not null)
        {
            peer.Load(work.Words(direction));
            comparison.Add("torch", peer.SecondsPerStep);
        }

        comparison.Run(Math.Clamp((int)(RoundSeconds / Time(3)), 3, 1000), Math.Max(1, rounds));
        double[] medians = comparison.Medians();
        double rate = work.Operations / medians[0];
        string ours = $"{work,-30}{direction,9}{medians[0] * 1e6,9:F0}{rate / 1e9,8:F0}{rate / peak,9:P0}";
        Console.WriteLine(peer is null ? ours : $"{ours}{medians[1] * 1e6,10:F0}{medians[1] / medians[0],8:F2}");

        double Time(int steps)
        {
            long start = Stopwatch.GetTimestamp();
            run(steps);
            return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
        }
    }
}
