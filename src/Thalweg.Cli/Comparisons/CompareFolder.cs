using System.Globalization;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>Where a comparison lies.</summary>
internal static class CompareFolder
{
    private const string Parent = "runs", Prefix = "compare-";

    /// <summary>The folder of a new comparison.</summary>
    /// <param name="asked">What was asked for, or null for <c>runs/compare-DATA-SEED</c> with a number behind where that is taken.</param>
    /// <param name="settings">Gives data and seed for the default.</param>
    /// <param name="force">Whether a comparison that is there is replaced.</param>
    /// <exception cref="ThalwegException">The folder holds a comparison already, or is a file.</exception>
    public static string ForNew(string? asked, CompareSettings settings, bool force)
    {
        if (asked is null)
            return Candidates(settings).First(candidate => force || !Path.Exists(candidate));
        if (File.Exists(asked))
            throw new ThalwegException($"--out {asked}: expected a folder, found a file; choose another name");
        if (!force && File.Exists(Path.Combine(asked, CompareSettings.FileName)))
        {
            throw new ThalwegException(
                $"--out {asked}: the folder holds a comparison already; resume it with --resume, replace it with --force, or choose another");
        }

        return asked;
    }

    /// <summary>The folder of a comparison that is to continue: what was asked for, or the latest.</summary>
    /// <exception cref="ThalwegException">There is none.</exception>
    public static string ForResume(string? asked) => asked ?? (Directory.Exists(Parent)
        ? Directory.EnumerateDirectories(Parent, Prefix + "*")
            .MaxBy(folder => File.GetLastWriteTimeUtc(Path.Combine(folder, CompareSettings.FileName)))
        : null) ?? throw new ThalwegException($"--resume: found no comparison in {Parent}; give its folder with --out");

    /// <summary>Takes away what an earlier comparison left.</summary>
    public static void Clear(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string name in (string[])[Comparison.JournalName, Comparison.ResultName, ComparisonPage.FileName])
            File.Delete(Path.Combine(folder, name));
    }

    private static IEnumerable<string> Candidates(CompareSettings settings)
    {
        string first = Path.Combine(Parent, string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{RunFolder.StemOf(settings.Data.Data.Source)}-{settings.Options.Seed}"));
        yield return first;
        for (int number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{first}-{number}");
    }
}
