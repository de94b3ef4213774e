using Thalweg.Runs;

namespace Thalweg.Cli.Printing;

/// <summary>Tells how a cross-validation goes: what all runs have in common, a line for each fold, and the figures over them.</summary>
internal sealed class FoldPrinter(bool isJson) : ICrossValidationProgress
{
    private RunPlan? _plan;
    private int _repeat, _fold;

    public void FoldStarted(RunPlan plan, int repeat, int fold)
    {
        if (_plan is null && !isJson)
            PlainTable.Write(TrainText.Opening(plan));
        (_plan, _repeat, _fold) = (plan, repeat, fold);
    }

    public void Report(RunEvent value)
    {
        if (value is not RunEvent.Ended ended)
            return;
        if (isJson)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteString("event", "fold");
                writer.WriteNumber("repeat", _repeat);
                writer.WriteNumber("fold", _fold);
                writer.WriteString("status", ended.Status);
                writer.WriteNumber("keptEpoch", ended.KeptEpoch + 1);
                writer.WriteNumber("steps", ended.Steps);
                writer.WriteString("folder", _plan!.Folder.Location);
            });
            return;
        }

        string repeat = _plan!.Recipe.Data.Split.Repeats > 1 ? $"repeat {_repeat}, " : "";
        Console.Out.WriteLine($"{repeat}fold {_fold} of {_plan.Recipe.Data.Split.Folds}: {ended.Status}, epoch {ended.KeptEpoch + 1} kept, "
            + $"{Figures.Time(ended.Seconds)}, {_plan.Folder.Location}");
    }

    /// <summary>Tells the figures over the folds.</summary>
    public void End(CrossValidationResult result)
    {
        if (isJson)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteString("event", "crossValidation");
                writer.WriteFolds(result);
                writer.WriteString("folder", result.Folder.Location);
            });
            return;
        }

        PlainTable.Write(Rows(result));
    }

    private static IEnumerable<(string Label, string Text)> Rows(CrossValidationResult result)
    {
        yield return ("folds", result.Folds.Count == result.Planned
            ? $"{result.Planned}, all run to their end"
            : $"{result.Folds.Count} of {result.Planned} run to their end");
        foreach ((string, string) line in ReportText.Folds(result))
            yield return line;
        yield return ("epochs", $"{result.ChosenEpochs}, the median that validation chose; --refit trains on all rows for as many");
        yield return ("folder", result.Folder.Location);
    }
}
