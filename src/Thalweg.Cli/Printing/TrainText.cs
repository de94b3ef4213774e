using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Runs;
using Thalweg.Data;
using Thalweg.Losses;
using Thalweg.Training;

namespace Thalweg.Cli.Printing;

/// <summary>What people are told of a run, in lines of text.</summary>
internal static class TrainText
{
    /// <summary>What the run is about to do.</summary>
    public static IEnumerable<(string Label, string Text)> Opening(TrainPlan plan)
    {
        DataSplit split = plan.Split;
        yield return ("data", $"{plan.Data.Name} ({plan.Data.Kind}): {Figures.Count(split.Training.Data.Count)} training, "
            + $"{Figures.Count(split.Validation.Data.Count)} validation, {Figures.Count(split.Test?.Count ?? 0)} test rows");
        yield return ("target", !split.Preprocessing.Task.HasClasses
            ? $"'{plan.Data.Target}', a number (regression)"
            : $"'{plan.Data.Target}', {Classes(split.Preprocessing.Target.ClassNames)} (classification)");
        foreach ((string Label, string Text) line in ReadingText.Lines(split.Preprocessing.Reading, split.Notes))
            yield return line;
        foreach (string warning in plan.Warnings)
            yield return ("warning", warning);
        yield return ("network", StartText.Network(plan));
        foreach (string line in StartText.FirstWeights(plan))
            yield return ("weights", line);
        foreach (string line in plan.Start)
            yield return ("start", line);
        if (plan.Settings.Loss is not null)
            yield return ("loss", LossText.Print(plan.Loss));
        yield return ("optimizer", plan.OptimizerName);
        yield return ("run", $"{plan.Settings.Epochs} epochs, {Figures.Count(plan.TotalSteps)} steps, "
            + $"batch {plan.Batch}, {ModeOf(plan.Mode)}, "
            + $"{(plan.Settings.Patience == 0 ? "no early stopping" : $"patience {plan.Settings.Patience}")}, "
            + $"seed {plan.Settings.Seed}, {Figures.Plural(Threads.Current, "thread")}");
        if (plan.FirstStep > 0)
            yield return ("resumed", $"after step {Figures.Count(plan.FirstStep)} (epoch {plan.FirstEpoch + 1})");
    }

    private static string ModeOf(DescentMode mode) => mode switch
    {
        DescentMode.FullBatch => "full-batch descent",
        DescentMode.SingleSample => "single-sample descent",
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

    /// <summary>What the run has brought.</summary>
    public static IEnumerable<(string Label, string Text)> Closing(TrainPlan plan, TrainOutcome outcome)
    {
        string metric = plan.Split.Preprocessing.Task.MetricName;
        yield return ("ended", Reason(outcome, plan));
        if (outcome.Best is { } best)
        {
            yield return ("best epoch", $"{best.Epoch + 1} of {outcome.EpochCount} "
                + (best == outcome.Kept ? "(weights of that epoch are kept)" : $"(validation {metric} {Figures.Metric(best.Validation)})"));
        }

        if (outcome.Kept is { } kept)
        {
            if (kept != outcome.Best)
                yield return ("kept epoch", $"{kept.Epoch + 1} of {outcome.EpochCount} (weights of that epoch are kept)");
            yield return ($"validation {metric}", $"{Figures.Metric(kept.Validation)} (loss {Figures.Loss(kept.Validation.Loss)})");
            yield return ("trivial answer", Trivial(kept.Validation.Task, outcome.Trivial));
            if (outcome.Linear is { } linear)
                yield return ("linear model", $"{Figures.Metric(linear)} on the same rows (loss {Figures.Loss(linear.Loss)})");
        }

        if (outcome is { Test: { } test, TrivialOnTest: { } trivial })
        {
            yield return (
                $"test {metric}",
                $"{Figures.Metric(test)} (loss {Figures.Loss(test.Loss)}; test data read {Times(outcome.TestReads)})");
            yield return ("trivial answer", Trivial(test.Task, trivial));
        }

        if (outcome.Test is { Task: RegressionTask } regression)
            yield return ("test error", Figures.Error(regression));
        foreach (string warning in (IEnumerable<string>)[.. plan.Warnings, .. outcome.Warnings])
            yield return ("warning", warning);
        yield return ("time", Figures.Time(outcome.Seconds));
        yield return ("model", plan.Directory.ModelPath);
        foreach ((string, string) command in Commands(plan, outcome))
            yield return command;
    }

    /// <summary>What can be done next: nothing with a run that diverged.</summary>
    private static IEnumerable<(string Label, string Text)> Commands(TrainPlan plan, TrainOutcome outcome)
    {
        if (outcome.Reason == EndReason.Cancelled)
            yield return ("resume with", ResumeCommand(plan));
        if (HasUnreadTest(plan, outcome))
            yield return ("open the test data with", OpenTestCommand(plan));
        if (IsUsable(outcome))
            yield return ("predict with", PredictCommand(plan));
    }

    /// <summary>Whether the run came to its end.</summary>
    public static bool IsUsable(TrainOutcome outcome) => outcome.Reason is not (EndReason.Cancelled or EndReason.NonFinite);

    /// <summary>Whether there are test data that the run has not read.</summary>
    public static bool HasUnreadTest(TrainPlan plan, TrainOutcome outcome) =>
        IsUsable(outcome) && plan.Split.Test is not null && outcome.Test is null;

    /// <summary>The command that reads the test data.</summary>
    public static string OpenTestCommand(TrainPlan plan) => $"thalweg eval --model {Shell.Quote(plan.Directory.Location)} --part test";

    /// <summary>The command that predicts with the model.</summary>
    public static string PredictCommand(TrainPlan plan) =>
        $"thalweg predict --model {Shell.Quote(plan.Directory.Location)} --data NEW.csv --out predictions.csv";

    /// <summary>The command that goes on with the run.</summary>
    public static string ResumeCommand(TrainPlan plan) => $"thalweg train --resume --out {Shell.Quote(plan.Directory.Location)}";

    /// <summary>The line on the error output for a run that diverged.</summary>
    public static string Failure(TrainPlan plan, TrainOutcome outcome)
    {
        string origin = outcome.Best is { } best ? $"epoch {best.Epoch + 1}" : "those of the start, since no epoch had ended";
        return $"thalweg: {FlagNames.In(outcome.Failure!)} in {plan.Directory.ModelPath} ({origin})";
    }

    /// <summary>"once", "2 times".</summary>
    public static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Reason(TrainOutcome outcome, TrainPlan plan) => outcome.Reason switch
    {
        EndReason.EarlyStopping => $"after {Figures.Plural(plan.Settings.Patience!.Value, PatienceUnit(plan.Settings))} "
            + "without a better validation figure",
        EndReason.Cancelled => $"by request after step {Figures.Count(outcome.Steps)}; the run is saved in {plan.Directory.Location}",
        EndReason.Converged => $"by the minimizer, {outcome.Note}",
        EndReason.Requested => $"by request: {outcome.Note}",
        EndReason.NonFinite => "because the loss became NaN or infinite",
        _ => $"after all {Figures.Plural(plan.Settings.Epochs!.Value, "epoch")}",
    };

    private static string PatienceUnit(TrainSettings settings) => settings.EvaluateEvery > 1 ? "evaluation" : "epoch";

    /// <summary>What the trivial answer scores, and what it is.</summary>
    public static string Trivial(LearningTask task, double trivial) => task.HasClasses
        ? FormattableString.Invariant($"{100 * trivial:0.00} % on the same rows (always the most frequent class of the training data)")
        : FormattableString.Invariant($"{trivial:0.0000} on the same rows (always the mean of the training data)");

    private static string Classes(IReadOnlyList<string> names) =>
        names.Count <= 12
            ? $"{names.Count} classes: {string.Join(", ", names)}"
            : $"{names.Count} classes: {string.Join(", ", names.Take(10))}, ...";
}
