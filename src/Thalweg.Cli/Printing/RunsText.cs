using System.Globalization;
using Thalweg.Runs;

namespace Thalweg.Cli.Printing;

/// <summary>Runs as people read them.</summary>
internal static class RunsText
{
    private const int StartedLength = 16;

    /// <summary>A table with a line of names.</summary>
    public static IReadOnlyList<string[]> Table(RunTable table) =>
    [
        [.. table.Fields.Select(field => ShortName(field.Key))],
        .. table.Runs.Select(run => table.Fields.Select(field => Cell(run, field)).ToArray()),
    ];

    /// <summary>All that is known of a run.</summary>
    public static IEnumerable<(string Label, string Text)> Lines(RunSummary run)
    {
        foreach (RunField field in RunTable.Of([run]).Fields)
        {
            if (run.TextOf(field) is { Length: > 0 } text)
                yield return (field.Key, OneLine(text));
        }
    }

    /// <summary>The folder as it is named from here, where it lies here.</summary>
    public static string Folder(RunSummary run)
    {
        if (run.Host != Environment.MachineName)
            return $"{run.Host}:{run.Folder}";
        string near = Path.GetRelativePath(Directory.GetCurrentDirectory(), run.Folder);
        return near.StartsWith("..", StringComparison.Ordinal) ? run.Folder : near;
    }

    private static string Cell(RunSummary run, RunField field)
    {
        if (field is { Kind: RunFieldKind.Column, Key: "folder" })
            return OneLine(Folder(run));
        if (run.TextOf(field) is not { } text)
            return "";
        if (field is { Kind: RunFieldKind.Column, Key: "started" })
            return text.Length > StartedLength ? text[..StartedLength].Replace('T', ' ') : text;
        return field.Kind == RunFieldKind.Metric || field.Key == "seconds"
            ? string.Create(CultureInfo.InvariantCulture, $"{RunFilter.NumberOf(text) ?? double.NaN:g5}") : OneLine(text);
    }

    /// <summary>Names and remarks are a user's own: a line end or an escape in them must not change the screen.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    /// <summary>The last part of a path; with the part before it where it says nothing alone.</summary>
    private static string ShortName(string key) =>
        key.Split('.') is [.., var group, "name" or "source"] ? group : key[(key.LastIndexOf('.') + 1)..];
}
