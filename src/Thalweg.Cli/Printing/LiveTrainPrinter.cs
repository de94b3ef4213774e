using System.Diagnostics;
using Spectre.Console;
using Thalweg.Cli.Options;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>A progress bar with loss, metric, samples per second and time left, for terminals.</summary>
internal sealed class LiveTrainPrinter : ITrainPrinter
{
    private static readonly TimeSpan s_updateEvery = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings());
    private RunPlan? _plan;
    private ProgressTask? _task;
    private string _metric = "";
    private long _begun, _shown, _epochBegun, _firstStep = -1;
    private int _firstSamples;

    public void Begin(RunPlan plan)
    {
        _plan = plan;
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string label, string text) in TrainText.Opening(plan))
            grid.AddRow($"[grey]{Markup.Escape(label)}[/]", Markup.Escape(text));
        _console.Write(grid);
    }

    public void Around(Action training)
    {
        RunPlan plan = _plan!;
        _begun = _epochBegun = Stopwatch.GetTimestamp();
        _console.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                _task = context.AddTask("starting", maxValue: plan.TotalSteps);
                _task.Value = plan.FirstStep;
                training();
            });
    }

    public void Step(StepReport step)
    {
        if (_firstStep < 0)
            (_firstStep, _firstSamples) = (step.Step, step.StepInEpoch == 0 ? 0 : step.Samples);
        if (Stopwatch.GetElapsedTime(_shown) < s_updateEvery)
            return;
        _shown = Stopwatch.GetTimestamp();
        double rate = (step.Samples - _firstSamples) / Stopwatch.GetElapsedTime(_epochBegun, _shown).TotalSeconds;
        double perStep = Stopwatch.GetElapsedTime(_begun, _shown).TotalSeconds / (step.Step + 1 - _firstStep);
        double left = perStep * (_task!.MaxValue - step.Step - 1);
        _task.Value = step.Step + 1;
        _task.Description = Markup.Escape(
            $"epoch {step.Epoch + 1}/{_plan!.Recipe.Training.Epochs}  loss {Figures.Loss(step.EpochLoss)}{_metric}"
            + $"  {Figures.Count(rate)} samples/s  {Figures.Time(left)} left");
    }

    public void Epoch(EpochReport epoch)
    {
        if (epoch.IsEvaluated)
            _metric = $"  validation {epoch.Validation.MetricName} {Figures.Metric(epoch.Validation)}";
        (_epochBegun, _firstSamples) = (Stopwatch.GetTimestamp(), 0);
        string color = epoch.IsBest ? "default" : "grey";
        _console.MarkupLineInterpolated($"[{color}]{TrainText.Epoch(epoch, _plan!.Recipe.Training.Epochs!.Value)}[/]");
    }

    public void Note(string kind, string message) => _console.MarkupLineInterpolated($"[yellow]{kind}: {FlagNames.In(message)}[/]");

    public void End(RunResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        foreach ((string label, string text) in TrainText.Closing(_plan!, result))
            table.AddRow(Markup.Escape(label), Markup.Escape(text));
        _console.Write(table);
        if (result.Failure is not null)
            Console.Error.WriteLine(TrainText.Failure(_plan!, result));
    }
}
