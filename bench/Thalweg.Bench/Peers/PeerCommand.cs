using System.CommandLine;
using System.Globalization;

namespace Thalweg.Bench.Peers;

/// <summary><c>peer NAME</c>: this project and PyTorch on the same network and data, in one run.</summary>
internal static class PeerCommand
{
    private const int BadInput = 2;
    private const int StepsOfPeerAlone = 300;

    public static Command Create()
    {
        Argument<string> name = new("name") { Description = "The case, for example mlp-adam-64." };
        Option<int?> steps = new("--steps") { Description = "Steps per round (default: what fits the case)." };
        Option<int> rounds = new("--rounds") { Description = "Rounds of each; medians count.", DefaultValueFactory = _ => 9 };
        Option<int[]> threads = new("--peer-threads")
        {
            Description = "Thread counts of PyTorch; the best counts.",
            DefaultValueFactory = _ => [1, 2],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> data = new("--data") { Description = "Folder of data files, for the cases that read them." };
        Option<int> batch =
            new("--batch") { Description = "Samples per step, for the cases that leave it open.", DefaultValueFactory = _ => 64 };
        Option<bool> alone = new("--peer-only") { Description = "Measure PyTorch alone." };
        Command command = new(
            "peer", "This project and PyTorch in turn on one network; the last line is `ratio: R`, PyTorch's time over ours.")
        {
            name, steps, rounds, threads, data, batch, alone,
        };
        command.SetAction(parse => Guarded(() => Run(
            parse.GetValue(name)!,
            new PeerOptions(parse.GetValue(data), parse.GetValue(batch)),
            parse.GetValue(threads)!,
            new Rounds(parse.GetValue(steps), Math.Max(1, parse.GetValue(rounds)), parse.GetValue(alone)))));
        return command;
    }

    /// <summary>Runs and says in one line what is wrong with the input.</summary>
    internal static int Guarded(Action run)
    {
        try
        {
            run();
            return 0;
        }
        catch (ThalwegException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return BadInput;
        }
    }

    private static void Run(string name, PeerOptions options, int[] threads, Rounds rounds)
    {
        IPeerCase? ours = rounds.PeerOnly ? null : Ours(name, options);
        PeerComparison comparison = new();
        List<PeerProcess> peers = [];
        try
        {
            foreach (int count in threads)
            {
                peers.Add(PeerProcess.Start(name, count, options));
                Console.WriteLine(peers[^1].Description);
            }

            if (ours is not null)
            {
                ours.Prepare();
                Stopclock.WarmUp(count => ours.SecondsPerStep(count), ours.StepsPerRound);
                comparison.Add($"thalweg, threads {Threads.Count}", ours.SecondsPerStep);
            }

            foreach (PeerProcess peer in peers)
                comparison.Add($"torch, threads {peer.Threads}", peer.SecondsPerStep);
            int steps = Math.Max(1, rounds.Steps ?? ours?.StepsPerRound ?? StepsOfPeerAlone);
            comparison.Run(steps, rounds.Count);
            Console.WriteLine($"{name}: {rounds.Count} rounds of {steps} steps, in turn");
            comparison.Print(Console.Out);
            if (ours is not null)
                PrintRatio(comparison.Medians());
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }
    }

    private static void PrintRatio(double[] medians) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio: {medians.AsSpan(1).ToArray().Min() / medians[0]:F3}"));

    private static IPeerCase Ours(string name, PeerOptions options) =>
        PeerCases.All.TryGetValue(name, out Func<PeerOptions, IPeerCase>? create)
            ? create(options)
            : throw new ThalwegException($"[peer] unknown case '{name}'; expected one of: {string.Join(", ", PeerCases.All.Keys)}");

    /// <summary>How much to measure.</summary>
    private sealed record Rounds(int? Steps, int Count, bool PeerOnly);
}
