using Thalweg.Data;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>Runs a comparison and reports its progress.</summary>
/// <param name="settings">What is compared.</param>
/// <param name="folder">Where it is saved.</param>
/// <param name="parallel">Trials at a time.</param>
/// <param name="printer">Tells how it goes.</param>
/// <param name="index">Where a reading of the test data is entered.</param>
internal sealed class CompareRun(CompareSettings settings, string folder, int parallel, IComparePrinter printer, IRunIndex index)
{
    /// <summary>Compares.</summary>
    /// <param name="isNew">Whether the settings are to be saved, in place of what lies in the folder.</param>
    /// <returns>The exit code.</returns>
    public int Run(bool isNew)
    {
        RunData data = settings.Recipe.OpenData();
        DataSplit split = data.Split;
        Comparison comparison = new(split, NameOf(settings.Data.Data.Source), settings.Options) { Origin = data.Origin, Index = index };
        if (settings.ReadsTest && split.Test is null)
            throw new ThalwegException("--open-test: there are no test data; give some with --test, or leave --open-test out");
        if (isNew)
        {
            CompareFolder.Clear(folder);
            settings.Save(folder);
        }

        using Interrupt interrupt = new();
        ComparisonResult? result = null;
        printer.Begin(comparison, split, folder, parallel);
        comparison.TrialEnded += printer.Trial;
        printer.Around(() => result = comparison.Run(folder, parallel, interrupt.Token));
        if (result is null)
        {
            printer.Interrupted(folder);
            return interrupt.ExitCode;
        }

        if (settings.ReadsTest)
            result = comparison.ReadTest(folder);
        printer.End(result, folder, hasUnreadTest: split.Test is not null && result.Test is null);
        return ExitCode.Success;
    }

    /// <summary>The last part of a path: the page may go elsewhere, and where the data lay on this machine says nothing there.</summary>
    private static string NameOf(string data) => Path.GetFileName(Path.TrimEndingDirectorySeparator(data));
}
