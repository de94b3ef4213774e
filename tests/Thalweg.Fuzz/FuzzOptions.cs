using System.Globalization;

namespace Thalweg.Fuzz;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How to call the program.</summary>
    public const string Usage =
        "usage: Thalweg.Fuzz [--target NAME]... [--inputs N] [--seconds S] [--seed N] [--from N] [--input N]   (--input runs one and shows it)";

    /// <summary>Names of the targets; empty for all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Inputs of each target, 1 or more; default 1,000,000.</summary>
    public long Inputs { get; init; } = 1_000_000;

    /// <summary>Processor time of each target in seconds, above 0; default 600.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>Names the inputs; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The first input, from 0.</summary>
    public long From { get; init; }

    /// <summary>One input to run alone; null for all.</summary>
    public long? Only { get; init; }

    /// <summary>Where a worker keeps its files; null makes a folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Reads the arguments; throws <see cref="FormatException"/> for one that is not known.</summary>
    public static FuzzOptions Parse(ReadOnlySpan<string> arguments)
    {
        FuzzOptions options = new();
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--target" => options with { Targets = [.. options.Targets, value] },
                "--inputs" => options with { Inputs = long.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--seed" => options with { Seed = ulong.Parse(value, CultureInfo.InvariantCulture) },
                "--from" => options with { From = long.Parse(value, CultureInfo.InvariantCulture) },
                "--input" => options with { Only = long.Parse(value, CultureInfo.InvariantCulture) },
                "--folder" => options with { Folder = value },
                _ => throw new FormatException(Usage),
            };
        }

        return arguments.Length % 2 == 0 ? options : throw new FormatException(Usage);
    }

    /// <summary>The arguments of a worker for one target.</summary>
    public string[] ForWorker(string target, string folder, long from, double seconds)
    {
        string[] all =
        [
            "worker", "--target", target, "--folder", folder, "--inputs", Text(Inputs), "--seconds", Text(seconds), "--seed", Text(Seed),
            "--from", Text(from),
        ];
        return Only is { } only ? [.. all, "--input", Text(only)] : all;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
