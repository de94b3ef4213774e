using System.CommandLine;
using System.Globalization;
using Thalweg.Bench.Peers;

namespace Thalweg.Bench.Accuracy;

/// <summary>`accuracy NAME`: trains a published problem on its real data to the end, and sets the time beside PyTorch's.</summary>
internal static class AccuracyCommand
{
    private const string Problem = "fmnist-2c2d", StepCase = "conv-2c2d-128";
    private const int Rounds = 3;

    public static Command Create()
    {
        Argument<string> name = new("name") { Description = $"The problem: {Problem}." };
        Option<string> data = new("--data") { Description = "Folder with the four IDX files.", Required = true };
        Option<int> epochs = new("--epochs") { Description = "Epochs.", DefaultValueFactory = _ => 10 };
        Option<ulong> seed = new("--seed") { Description = "Seed of weights and order.", DefaultValueFactory = _ => 1 };
        Option<bool> alone = new("--alone") { Description = "Leave PyTorch's time out." };
        Command command = new(
            "accuracy", "Trains a published problem; prints test accuracy after 5 and 10 epochs, and minutes beside PyTorch's.")
        {
            name, data, epochs, seed, alone,
        };
        command.SetAction(parse => PeerCommand.Guarded(() => Run(
            parse.GetValue(name)!, parse.GetValue(data)!, (parse.GetValue(epochs), parse.GetValue(seed)), parse.GetValue(alone))));
        return command;
    }

    private static void Run(string name, string folder, (int Epochs, ulong Seed) setting, bool isAlone)
    {
        if (name != Problem)
            throw new ThalwegException($"[accuracy] expected {Problem}, got '{name}'");
        AccuracyRun run = new(FashionData.Open(folder), setting.Epochs, setting.Seed);
        Console.WriteLine(
            $"{name}: {setting.Epochs} epochs, {run.Steps} steps of {AccuracyRun.BatchSize}, seed {setting.Seed}, {Threads.Count} threads");
        double seconds = run.Train();
        Print($"training: {seconds / 60:F2} minutes, {seconds / run.Steps * 1e3:F1} ms per step");
        if (!isAlone)
            Compare(run.Steps);
    }

    /// <summary>Times steps of both in turn and says what a whole run would take at those times: PyTorch does not train to
    /// the end here.</summary>
    private static void Compare(long total)
    {
        IPeerCase ours = PeerCases.All[StepCase](new PeerOptions(null, AccuracyRun.BatchSize));
        PeerComparison comparison = new();
        List<PeerProcess> peers = [];
        try
        {
            foreach (int threads in (int[])[1, 2])
                peers.Add(PeerProcess.Start(StepCase, threads, new PeerOptions(null, AccuracyRun.BatchSize)));
            ours.Prepare();
            comparison.Add($"thalweg, threads {Threads.Count}", ours.SecondsPerStep);
            foreach (PeerProcess peer in peers)
                comparison.Add($"torch, threads {peer.Setting.Threads}", peer.SecondsPerStep);
            comparison.Run(ours.StepsPerRound, Rounds);
            comparison.Print(Console.Out);
            double[] medians = comparison.Medians();
            double best = medians.AsSpan(1).ToArray().Min();
            (double mine, double theirs, int steps) = (medians[0] * total / 60, best * total / 60, Rounds * ours.StepsPerRound);
            Print($"extrapolated from {steps} steps of each in turn: thalweg {mine:F2} minutes, torch {theirs:F2}");
            Print($"ratio: {best / medians[0]:F3}");
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
