using System.CommandLine;
using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary><c>matmul</c>: matrix products beside the peak of the same run, and beside OpenBLAS.</summary>
internal static class MatMulCommand
{
    // Workers of OpenBLAS spin for tens of milliseconds after their last product, on the processor that ours need.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        Option<int[]> sizes = new("--sizes")
        {
            Description = "Sizes of square products.",
            DefaultValueFactory = _ => [384, 768, 1536],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> batch = new("--batch") { Description = "Rows in a batch of the network's products.", DefaultValueFactory = _ => 64 };
        Option<int[]> widths = new("--widths")
        {
            Description = "Widths of the network's layers.",
            DefaultValueFactory = _ => [784, 256, 128, 10],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> rounds = new("--rounds") { Description = "Runs of which the median is taken.", DefaultValueFactory = _ => 31 };
        Option<string> only = new("--only")
        {
            Description = "Only the products whose line has this text, e.g. NT.",
            DefaultValueFactory = _ => "",
        };
        Option<bool> alone = new("--no-peer") { Description = "Leave OpenBLAS out." };
        Command command = new(
            "matmul", "Squares, and the products of a training step of a network of dense layers, single precision.")
        {
            sizes, batch, widths, only, rounds, alone,
        };
        command.SetAction(parse => Run(
            [.. MatMulCase.Squares(parse.GetValue(sizes)!).Concat(MatMulCase.NetworkStep(parse.GetValue(widths)!, parse.GetValue(batch)))
                .Where(product => product.ToString().Contains(parse.GetValue(only)!, StringComparison.Ordinal))],
            parse.GetValue(rounds),
            parse.GetValue(alone) ? null : OpenBlas.Load()));
        return command;
    }

    private static int Run(MatMulCase[] products, int rounds, OpenBlas? peer)
    {
        int all = Threads.Count;
        int[] counts = all > 1 ? [1, all] : [1];
        Console.WriteLine(peer is null ? "no OpenBLAS" : peer.Description);
        Console.WriteLine($"{"product",-34}{"threads",8}{"us",10}{"GF/s",9}{"of peak",9}{"best",8}{"OpenBLAS us",13}{"ratio",7}");
        foreach (MatMulCase product in products)
        {
            foreach (int count in counts)
            {
                Threads.Count = count;
                Report(product, count, rounds, peer);
            }
        }

        Threads.Count = all;
        return 0;
    }

    /// <summary>Times a product in turns with the peak of one core, so that both see the same machine, and OpenBLAS right after.</summary>
    private static void Report(MatMulCase product, int threads, int rounds, OpenBlas? peer)
    {
        using AlignedMemory<float> a = Fill((long)product.Rows * product.Depth), b = Fill((long)product.Depth * product.Columns);
        using AlignedMemory<float> c = Fill((long)product.Rows * product.Columns);
        VectorWidth width = VectorWidths.Best;
        Contender peak = new("peak", repetitions => PeakProbe.Run<float>(width, repetitions));
        Contender ours = new("product", repetitions =>
        {
            for (int i = 0; i < repetitions; i++)
                product.Multiply(a, b, c);
        });
        Thread.Sleep(_pause);
        Timing[] timings = Stopclock.Measure([peak, ours], rounds);
        Timing other = peer is null ? default : peer.Measure(product, threads, rounds, (a, b, c));
        double most = PeakProbe.Operations<float>(width) / timings[0].Best * threads;
        double median = product.Operations / timings[1].Median, best = product.Operations / timings[1].Best;
        string beside = peer is null ? "" : $"{other.Median * 1e6,13:F1}{other.Median / timings[1].Median,7:F2}";
        Console.WriteLine(
            $"{product,-34}{threads,8}{timings[1].Median * 1e6,10:F1}{median / 1e9,9:F1}{median / most,9:P0}{best / most,8:P0}{beside}");
    }

    private static AlignedMemory<float> Fill(long length) => new(length, i => i * 7 % 11 * 0.1f - 0.5f);
}
