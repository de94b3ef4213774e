using System.Globalization;
using Thalweg.Runs;
using Thalweg.Storage;

namespace Thalweg.Cli.Studies;

/// <summary>Where a study lies.</summary>
internal static class TuneFolder
{
    private const string Parent = "runs", Prefix = "tune-";

    /// <summary>The folder of a study that begins, or that several workers begin at once.</summary>
    /// <param name="asked">What was asked for, or null for <c>runs/tune-DATA-SEED</c> with a number behind where that is taken.</param>
    /// <param name="recipe">Gives data and seed for the default.</param>
    /// <exception cref="ThalwegException">The folder is a file.</exception>
    public static string ForNew(string? asked, Recipe recipe)
    {
        if (asked is not null && File.Exists(asked))
            throw new ThalwegException($"--out {asked}: expected a folder, found a file; choose another name");
        return asked ?? Candidates(recipe).First(candidate => !Path.Exists(candidate));
    }

    /// <summary>The folder of a study that is to continue: what was asked for, or the latest.</summary>
    /// <exception cref="ThalwegException">There is none.</exception>
    public static string ForResume(string? asked) => asked ?? All().FirstOrDefault()
        ?? throw new ThalwegException($"--resume: found no study in {Parent}; give its folder with --out");

    /// <summary>The folders of all studies, the latest first.</summary>
    /// <param name="parent">Where they are looked for; null for the usual place.</param>
    public static IReadOnlyList<string> All(string? parent = null) => !Directory.Exists(parent ?? Parent) ? []
        : [.. Directory.EnumerateDirectories(parent ?? Parent).Where(StudyStorages.Exists).OrderByDescending(Directory.GetLastWriteTimeUtc)];

    private static IEnumerable<string> Candidates(Recipe recipe)
    {
        string first = Path.Combine(Parent, string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{RunFolder.StemOf(recipe.Data.Source)}-{recipe.Seed}"));
        yield return first;
        for (int number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{first}-{number}");
    }
}
