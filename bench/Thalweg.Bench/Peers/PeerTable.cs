using System.Diagnostics;
using System.Globalization;
using System.Text;
using Thalweg.Bench.Bounds;

namespace Thalweg.Bench.Peers;

/// <summary><c>peer --all</c>: every network and every forward pass, each in a process of its own, into one table in Markdown.</summary>
internal static class PeerTable
{
    /// <summary>What rows begin with on the output of the processes.</summary>
    private const string Row = "row: ";

    private const string Header =
        "| case | best peer | its ms | ours, ms | ratio | share of the bound | of the products alone |\n|---|---|---|---|---|---|---|";

    /// <summary>Cases whose network is in the table already, with another batch or optimizer.</summary>
    private static readonly string[] s_variants = ["conv-2c2d-128", "conv-2c2d-adam-64", "tabular-tiny-sgd"];

    /// <summary>A row.</summary>
    /// <param name="name">The case.</param>
    /// <param name="verdict">The best peer.</param>
    /// <param name="seconds">Our seconds.</param>
    /// <param name="bound">The bound, where the case has one.</param>
    public static string RowOf(string name, PeerVerdict verdict, double seconds, Bound? bound)
    {
        string peer = verdict.Best is { } best ? $"{best} | {Milliseconds(best.Seconds)}" : "none | -";
        string ratio = verdict.Best is null ? "-" : verdict.Ratio.ToString("F2", CultureInfo.InvariantCulture);
        string shares = bound is null ? "- | -" : string.Create(
            CultureInfo.InvariantCulture, $"{100 * bound.ShareOf(seconds):F0} % | {100 * bound.Products / seconds:F0} %");
        return $"{Row}| {name} | {peer} | {Milliseconds(seconds)} | {ratio} | {shares} |";
    }

    /// <summary>Compares everything.</summary>
    /// <param name="arguments">Options that go on to each comparison.</param>
    /// <param name="output">File for the table, or null.</param>
    /// <returns>The largest exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments, string? output)
    {
        StringBuilder table = new();
        int code = 0;
        table.AppendLine(Header);
        foreach (string name in PeerCases.WithoutFiles.Except(s_variants))
            code = Math.Max(code, RunPart([name, .. arguments], table));
        table.AppendLine().AppendLine("Forward passes alone:").AppendLine().AppendLine(Header);
        foreach (string name in InferenceCase.Names)
            code = Math.Max(code, RunPart([name, "--inference", .. arguments], table));
        Console.WriteLine();
        Console.Write(table);
        if (output is not null)
            File.WriteAllText(output, table.ToString());
        return code;
    }

    private static int RunPart(IReadOnlyList<string> arguments, StringBuilder table)
    {
        using Process process = SelfProcess.Start(["peer", "--rows", .. arguments], isCaptured: true);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Row, StringComparison.Ordinal))
                table.AppendLine(line[Row.Length..]);
            else
                Console.WriteLine(line);
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
            Console.WriteLine($"{arguments[0]}: exit code {process.ExitCode}");
        return process.ExitCode;
    }

    private static string Milliseconds(double seconds)
    {
        double value = seconds * 1e3;
        return value.ToString(value >= 10 ? "F1" : value >= 1 ? "F2" : value >= 0.1 ? "F3" : "F4", CultureInfo.InvariantCulture);
    }
}
