using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Data;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>What is printed of a run, in lines of text.</summary>
internal static class TrainText
{
    /// <summary>What the run is about to do.</summary>
    public static IEnumerable<(string Label, string Text)> Opening(RunPlan plan)
    {
        DataSplit split = plan.Split;
        yield return ("data", $"{plan.Data!.Name} ({plan.Data!.Kind}): {Figures.Count(split.Training.Data.Count)} training, "
            + $"{Figures.Count(split.Validation.Data.Count)} validation, {Figures.Count(split.Test?.Count ?? 0)} test rows");
        yield return ("target", !split.Preprocessing.Task.HasClasses
            ? $"'{plan.Data!.Target}', a number (regression)"
            : $"'{plan.Data!.Target}', {Classes(split.Preprocessing.Target.ClassNames)} (classification)");
        foreach ((string Label, string Text) line in ReadingText.Lines(split.Preprocessing.Reading, split.Notes))
            yield return line;
        foreach (string warning in plan.Warnings)
            yield return ("warning", FlagNames.In(warning));
        yield return ("network", StartText.Network(plan));
        foreach (string line in StartText.FirstWeights(plan))
            yield return ("weights", line);
        foreach (string line in plan.Prepared.Start)
            yield return ("start", line);
        if (plan.Given.Training.Loss is not null)
            yield return ("loss", plan.Loss.ToString());
        yield return ("optimizer", plan.Prepared.OptimizerName);
        yield return ("run", $"{plan.Recipe.Training.Epochs} epochs, {Figures.Count(plan.TotalSteps)} steps, "
            + $"batch {plan.Batch}, {ModeOf(plan.Mode)}, "
            + $"{(plan.Recipe.Training.EarlyStopping.Patience is > 0 and var patience ? $"patience {patience}" : "no early stopping")}, "
            + $"seed {plan.Recipe.Seed}, {Figures.Plural(plan.Recipe.Threads ?? Threads.Current, "thread")}");
        if (plan.FirstStep > 0)
            yield return ("resumed", $"after step {Figures.Count(plan.FirstStep)} (epoch {plan.FirstEpoch + 1})");
    }

    private static string ModeOf(BatchMode mode) => mode switch
    {
        BatchMode.FullBatch => "full-batch descent",
        BatchMode.SingleSample => "single-sample descent",
        _ => "mini-batch descent",
    };

    /// <summary>One epoch in one line.</summary>
    public static string Epoch(EpochReport epoch, int epochs)
    {
        int width = epochs.ToString(CultureInfo.InvariantCulture).Length;
        string name = epoch.Training.MetricName;
        return $"epoch {(epoch.Epoch + 1).ToString(CultureInfo.InvariantCulture).PadLeft(width)}/{epochs}"
            + $"  loss {Figures.Loss(epoch.Training.Loss)}  {name} {Figures.Metric(epoch.Training)}"
            + (epoch.IsEvaluated
                ? $"  validation loss {Figures.Loss(epoch.Validation.Loss)}  {name} {Figures.Metric(epoch.Validation)}"
                : "  not evaluated")
            + (epoch.IsBest ? " *" : "  ")
            + $"  {Figures.Count(epoch.Training.Samples / epoch.Seconds)} samples/s";
    }

    /// <summary>The result of the run.</summary>
    public static IEnumerable<(string Label, string Text)> Closing(RunPlan plan, RunResult result)
    {
        string metric = plan.Split.Preprocessing.Task.MetricName;
        yield return ("ended", Reason(result, plan));
        if (result.Best is { } best)
        {
            yield return ("best epoch", $"{best.Epoch + 1} of {result.EpochCount} "
                + (best == result.Kept ? "(weights of that epoch are kept)" : $"(validation {metric} {Figures.Metric(best.Validation)})"));
        }

        if (result.Kept is { } kept)
        {
            if (kept != result.Best)
                yield return ("kept epoch", $"{kept.Epoch + 1} of {result.EpochCount} (weights of that epoch are kept)");
            if (kept.IsEvaluated)
            {
                yield return ($"validation {metric}", $"{Figures.Metric(kept.Validation)} (loss {Figures.Loss(kept.Validation.Loss)})");
                yield return ("trivial answer", Trivial(kept.Validation.Task, result.Trivial));
                foreach ((string, string) line in ReportText.Metrics("metrics", result.ValidationReport))
                    yield return line;
            }

            if (result.Linear is { } linear)
                yield return ("linear model", $"{Figures.Metric(linear)} on the same rows (loss {Figures.Loss(linear.Loss)})");
        }

        if (result is { Test: { } test, TrivialOnTest: { } trivial })
        {
            yield return (
                $"test {metric}",
                $"{Figures.Metric(test)} (loss {Figures.Loss(test.Loss)}; test data read {Times(result.TestReads)})");
            foreach ((string, string) row in TestText.Rows(result.TestReuse!, indexNote: null))
                yield return row;
            yield return ("trivial answer", Trivial(test.Task, trivial));
            foreach ((string, string) line in ReportText.Metrics("test metrics", result.TestReport))
                yield return line;
        }

        if (result.Test is { Task: RegressionTask } regression)
            yield return ("test error", Figures.Error(regression));
        foreach (string warning in (IEnumerable<string>)[.. plan.Warnings, .. result.Warnings])
            yield return ("warning", FlagNames.In(warning));
        if (result.IndexNote is { } note)
            yield return ("note", $"not in the index: {note}");
        yield return ("time", Figures.Time(result.Seconds));
        yield return ("model", plan.Folder.ModelPath);
        foreach ((string, string) command in Commands(plan, result))
            yield return command;
    }

    /// <summary>What can be done next: nothing with a run that diverged.</summary>
    private static IEnumerable<(string Label, string Text)> Commands(RunPlan plan, RunResult result)
    {
        if (result.Reason == EndReason.Cancelled)
            yield return ("resume with", ResumeCommand(plan));
        if (HasUnreadTest(plan, result))
            yield return ("open the test data with", OpenTestCommand(plan));
        if (IsUsable(result))
            yield return ("predict with", PredictCommand(plan));
    }

    /// <summary>Whether the run came to its end.</summary>
    public static bool IsUsable(RunResult result) => result.Reason is not (EndReason.Cancelled or EndReason.NonFinite);

    /// <summary>Whether there are test data that the run has not read.</summary>
    public static bool HasUnreadTest(RunPlan plan, RunResult result) =>
        IsUsable(result) && plan.Split.Test is not null && result.Test is null;

    /// <summary>The command that reads the test data.</summary>
    public static string OpenTestCommand(RunPlan plan) => $"thalweg eval --model {Shell.Quote(plan.Folder.Location)} --part test";

    /// <summary>The command that predicts with the model.</summary>
    public static string PredictCommand(RunPlan plan) =>
        $"thalweg predict --model {Shell.Quote(plan.Folder.Location)} --data NEW.csv --out predictions.csv";

    /// <summary>The command that continues with the run.</summary>
    public static string ResumeCommand(RunPlan plan) => $"thalweg train --resume --out {Shell.Quote(plan.Folder.Location)}";

    /// <summary>The line on the error output for a run that diverged.</summary>
    public static string Failure(RunPlan plan, RunResult result)
    {
        string origin = result.Best is { } best ? $"epoch {best.Epoch + 1}" : "those of the start, since no epoch had ended";
        return $"thalweg: {FlagNames.In(result.Failure!)} in {plan.Folder.ModelPath} ({origin})";
    }

    /// <summary>"once", "2 times".</summary>
    public static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Reason(RunResult result, RunPlan plan) => result.Reason switch
    {
        EndReason.EarlyStopping => $"after {Figures.Plural(plan.Recipe.Training.EarlyStopping.Patience!.Value, PatienceUnit(plan.Recipe))} "
            + "without a better validation figure",
        EndReason.Cancelled => $"by request after step {Figures.Count(result.Steps)}; the run is saved in {plan.Folder.Location}",
        EndReason.Converged => $"by the minimizer, {result.Note}",
        EndReason.Requested => $"by request: {result.Note}",
        EndReason.StepLimit => $"after {Figures.Count(result.Steps)} steps, the limit of --max-steps",
        EndReason.TimeLimit => $"after {plan.Recipe.Training.MaxTime}, the limit of --max-time",
        EndReason.NonFinite => "because the loss became NaN or infinite",
        _ => $"after all {Figures.Plural(plan.Recipe.Training.Epochs!.Value, "epoch")}",
    };

    private static string PatienceUnit(Recipe recipe) => recipe.Training.EvaluateEvery > 1 ? "evaluation" : "epoch";

    /// <summary>What the trivial answer scores, and what it is.</summary>
    public static string Trivial(LearningTask task, double trivial) => task.HasClasses
        ? FormattableString.Invariant($"{100 * trivial:0.00} % on the same rows (always the most frequent class of the training data)")
        : FormattableString.Invariant($"{trivial:0.0000} on the same rows (always the mean of the training data)");

    private static string Classes(IReadOnlyList<string> names) =>
        names.Count <= 12
            ? $"{names.Count} classes: {string.Join(", ", names)}"
            : $"{names.Count} classes: {string.Join(", ", names.Take(10))}, ...";
}
