using Thalweg.Cli.Printing;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>A plain line per job: for files, pipes, and terminals without colors.</summary>
internal sealed class PlainTunePrinter : ITunePrinter
{
    public void Begin(StudyDefinition study, string folder, int workers) => PlainTable.Write(TuneText.Opening(study, folder, workers));

    public void Around(Action work) => work();

    public void Job(StudyProgress progress) => Console.Out.WriteLine(TuneText.Job(progress));

    public void End(StudyResult result, string folder) => PlainTable.Write(TuneText.Closing(result, folder));

    public void Interrupted(StudyResult result, string folder) =>
        Console.Out.WriteLine($"interrupted; continue with: {TuneText.Resume(folder)}");
}
