using Spectre.Console;
using Thalweg.Cli.Printing;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>A progress bar with the time left, for terminals.</summary>
internal sealed class LiveTunePrinter : ITunePrinter
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings());
    private ProgressTask? _task;

    public void Begin(StudyDefinition study, string folder, int workers)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string label, string text) in TuneText.Opening(study, folder, workers))
            grid.AddRow($"[grey]{Markup.Escape(label)}[/]", Markup.Escape(text));
        _console.Write(grid);
    }

    public void Around(Action work) => _console.Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            _task = context.AddTask("starting");
            work();
        });

    public void Job(StudyProgress progress)
    {
        _task!.MaxValue = progress.Result.JobsDone + progress.Result.JobsLeft;
        _task.Value = progress.Result.JobsDone;
        _task.Description = Markup.Escape(TuneText.Job(progress));
    }

    public void End(StudyResult result, string folder) => PlainTable.Write(TuneText.Closing(result, folder));

    public void Interrupted(StudyResult result, string folder) =>
        _console.WriteLine($"interrupted; continue with: {TuneText.Resume(folder)}");
}
