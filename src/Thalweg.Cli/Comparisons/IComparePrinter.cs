using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>Tells how a comparison goes.</summary>
internal interface IComparePrinter
{
    /// <summary>Before the first trial.</summary>
    void Begin(Comparison comparison, DataSplit split, string folder, int parallel);

    /// <summary>Compares inside whatever the printer shows meanwhile.</summary>
    void Around(Action work);

    /// <summary>After each trial, by one thread at a time.</summary>
    void Trial(ComparisonProgress progress);

    /// <summary>At the end.</summary>
    void End(ComparisonResult result, string folder, bool hasUnreadTest);

    /// <summary>Where it was ended before.</summary>
    void Interrupted(string folder);
}

/// <summary>Chooses the printer.</summary>
internal static class ComparePrinters
{
    /// <summary>JSON where asked for; a live display on a terminal; else plain lines.</summary>
    public static IComparePrinter Choose(bool json) =>
        json ? new JsonComparePrinter() : TrainPrinters.IsTerminal ? new LiveComparePrinter() : new PlainComparePrinter();
}
