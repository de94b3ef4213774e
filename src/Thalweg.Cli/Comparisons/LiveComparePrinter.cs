using System.Diagnostics;
using Spectre.Console;
using Thalweg.Cli.Printing;
using Thalweg.Data;
using Thalweg.Tuning;

namespace Thalweg.Cli.Comparisons;

/// <summary>A progress bar with the time left, for terminals.</summary>
internal sealed class LiveComparePrinter : IComparePrinter
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings());
    private readonly long _begun = Stopwatch.GetTimestamp();
    private ProgressTask? _task;
    private int _total, _own;

    public void Begin(Comparison comparison, DataSplit split, string folder, int parallel)
    {
        _total = comparison.TrialCount;
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string label, string text) in CompareText.Opening(comparison, split, folder, parallel))
            grid.AddRow($"[grey]{Markup.Escape(label)}[/]", Markup.Escape(text));
        _console.Write(grid);
    }

    public void Around(Action work) => _console.Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            _task = context.AddTask("starting", maxValue: _total);
            work();
        });

    public void Trial(ComparisonProgress progress)
    {
        _own++;
        double left = Stopwatch.GetElapsedTime(_begun).TotalSeconds / _own * (progress.Total - progress.Finished);
        _task!.Value = progress.Finished;
        _task.Description = Markup.Escape($"{CompareText.Trial(progress)}  {Figures.Time(left)} left");
    }

    public void End(ComparisonResult result, string folder, bool hasUnreadTest)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string title in CompareText.Head)
            table.AddColumn(Markup.Escape(title));
        foreach (RankedContender contender in result.Ranking)
            table.AddRow([.. CompareText.Row(contender, result.MetricName).Select(Markup.Escape)]);
        _console.Write(table);
        PlainTable.Write(CompareText.Closing(result, folder, hasUnreadTest));
    }

    public void Interrupted(string folder) => _console.WriteLine($"interrupted; continue with: {CompareText.Resume(folder)}");
}
