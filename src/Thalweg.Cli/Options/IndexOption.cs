using System.CommandLine;
using Thalweg.Runs;
using Thalweg.Storage;

namespace Thalweg.Cli.Options;

/// <summary>The option that names the index of runs.</summary>
internal static class IndexOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string?> Make() => OptionFactory.Text(
        "--index", "PATH|none", $"Index of runs, or none [default: {RunIndexes.Variable}, else runs.db in your data folder]");

    /// <summary>The index, which is opened when it is first used.</summary>
    /// <param name="asked">What the option says.</param>
    /// <param name="folder">Folder of the run or model; null where it is chosen later.</param>
    public static IRunIndex Open(string? asked, string? folder) => RunIndexes.OpenWhenUsed(asked, folder);
}
