using System.CommandLine;

namespace Thalweg.Bench.Peers;

/// <summary><c>peer NAME</c>: this project and today's peers on the same network and data, in one run.</summary>
internal static class PeerCommand
{
    private const int BadInput = 2;

    public static Command Create()
    {
        Argument<string?> name = new("name") { Description = "The case, for example mlp-adam-64.", Arity = ArgumentArity.ZeroOrOne };
        Option<int?> steps = new("--steps") { Description = "Steps per round (default: what fits the case)." };
        Option<int> rounds = new("--rounds") { Description = "Rounds of each; medians count.", DefaultValueFactory = _ => 9 };
        Option<int[]> threads = new("--peer-threads")
        {
            Description = "Thread counts of the peers; the best counts.",
            DefaultValueFactory = _ => [1, 2],
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> data = new("--data") { Description = "Folder of data files, for the cases that read them." };
        Option<int> batch =
            new("--batch") { Description = "Samples per step, for the cases that leave it open.", DefaultValueFactory = _ => 64 };
        Option<bool> alone = new("--peer-only") { Description = "Measure the peers alone." };
        Option<bool> inference = new("--inference") { Description = "The forward pass alone, of 1 and of 64 rows." };
        Option<bool> older = new("--allow-older-peer") { Description = $"Compare also without libtorch {PeerDescription.Current} or newer." };
        Option<bool> rows = new("--rows") { Description = "Print rows of a table too.", Hidden = true };
        Option<bool> all = new("--all") { Description = "Every network and every forward pass, into one table." };
        Option<string?> output = new("--out") { Description = "With --all: file for the table, in Markdown." };
        Command command = new(
            "peer",
            "This project and every peer that is there, each at its best, in turn on one network; the last line is `ratio: R (peer, version, "
            + $"threads)`, the best peer's time over ours, or `ratio: none` with exit code {PeerVerdict.NoPeer} without today's libtorch.")
        {
            name, steps, rounds, threads, data, batch, alone, inference, older, rows, all, output,
        };
        command.SetAction(parse => Guarded(() =>
        {
            bool allowOlder = parse.GetValue(older);
            int count = Math.Max(1, parse.GetValue(rounds));
            if (parse.GetValue(all))
                return PeerTable.Run(["--rounds", $"{count}", .. allowOlder ? ["--allow-older-peer"] : Array.Empty<string>()], parse.GetValue(output));

            string chosen = parse.GetValue(name) ?? throw new ThalwegException("[peer] expected the name of a case or --all, got neither");
            PeerRun run = new(new(chosen, new(parse.GetValue(data), parse.GetValue(batch)), parse.GetValue(threads)!, count)
            {
                Steps = parse.GetValue(steps),
                PeerOnly = parse.GetValue(alone),
                AllowOlder = allowOlder,
                WithRows = parse.GetValue(rows),
            });
            return parse.GetValue(inference) ? run.Infer() : run.Train();
        }));
        return command;
    }

    /// <summary>Runs and says in one line what is wrong with the input.</summary>
    internal static int Guarded(Action run) => Guarded(() =>
    {
        run();
        return 0;
    });

    /// <summary>Runs and says in one line what is wrong with the input.</summary>
    /// <returns>The exit code.</returns>
    internal static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (ThalwegException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return BadInput;
        }
    }
}
