using Thalweg.Cli.Printing;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>Tells how a study goes.</summary>
internal interface ITunePrinter
{
    /// <summary>Before the first job.</summary>
    void Begin(StudyDefinition study, string folder, int workers);

    /// <summary>Works inside whatever the printer shows meanwhile.</summary>
    void Around(Action work);

    /// <summary>After each job, by one thread at a time.</summary>
    void Job(StudyProgress progress);

    /// <summary>At the end.</summary>
    void End(StudyResult result, string folder);

    /// <summary>Where it was ended before.</summary>
    void Interrupted(StudyResult result, string folder);
}

/// <summary>Chooses the printer.</summary>
internal static class TunePrinters
{
    /// <summary>JSON where asked for; a live display on a terminal; else plain lines.</summary>
    public static ITunePrinter Choose(bool json) =>
        json ? new JsonTunePrinter() : TrainPrinters.IsTerminal ? new LiveTunePrinter() : new PlainTunePrinter();
}
