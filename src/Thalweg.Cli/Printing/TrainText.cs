using System.Globalization;
using Thalweg.Cli.Options;
using Thalweg.Cli.Runs;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
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
        yield return ("target", split.Preprocessing.Task == TaskKind.Regression
            ? $"'{plan.Data.Target}', a number (regression)"
            : $"'{plan.Data.Target}', {Classes(split.Preprocessing.Target.ClassNames)} (classification)");
        foreach (string note in Notes(split))
            yield return ("note", note);
        yield return ("network", $"{plan.Settings.Model} {plan.Settings.Activation}{Extras(plan.Settings)}, "
            + $"{Figures.Count(plan.Network.ParameterCount)} parameters, {plan.Settings.Precision}");
        foreach (string line in Starts(plan))
            yield return ("weights", line);
        foreach (string line in plan.Start)
            yield return ("start", line);
        yield return ("optimizer", plan.Optimizer);
        yield return ("run", $"{plan.Settings.Epochs} epochs, {Figures.Count(plan.TotalSteps)} steps, "
            + $"batch {plan.Batch}, {ModeOf(plan.Mode)}, "
            + $"{(plan.Settings.Patience == 0 ? "no early stopping" : $"patience {plan.Settings.Patience}")}, "
            + $"seed {plan.Settings.Seed}, {Figures.Plural(Threads.Count, "thread")}");
        if (plan.FirstStep > 0)
            yield return ("resumed", $"after step {Figures.Count(plan.FirstStep)} (epoch {plan.FirstEpoch + 1})");
    }

    private static string ModeOf(DescentMode mode) => mode switch
    {
        DescentMode.FullBatch => "full-batch descent",
        DescentMode.SingleSample => "single-sample descent",
        _ => "mini-batch descent",
    };

    /// <summary>What was found in the data: missing values, columns and rows that were left out.</summary>
    public static IEnumerable<string> Notes(DataSplit split) => split.Notes;

    /// <summary>How the weights of each dense layer start, and why.</summary>
    public static IEnumerable<string> Starts(TrainPlan plan)
    {
        int last = plan.Network.Modules.Count - 1;
        for (int i = 0; i <= last; i++)
        {
            if (plan.Network.Modules[i].Module is not Dense dense)
                continue;
            string reason = plan.Settings.Initializer is not null ? "as asked by --init"
                : i == last ? "the default of a layer without activation"
                : $"the default for {plan.Settings.Activation}";
            yield return $"layer {plan.Network.Modules[i].Name} ({dense.Inputs} -> {dense.Outputs}): {dense.Weight.Initializer}, {reason}";
        }
    }

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
        string metric = Metrics.Evaluation.NameOf(plan.Split.Preprocessing.Task);
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
        }

        if (outcome.Test is { } test)
            yield return (
                $"test {metric}",
                $"{Figures.Metric(test)} (loss {Figures.Loss(test.Loss)}; test data read {Times(outcome.TestReads)})");
        if (outcome.Test is { Task: TaskKind.Regression } regression)
            yield return ("test error", Figures.Error(regression));
        yield return ("time", Figures.Time(outcome.Seconds));
        yield return ("model", plan.Directory.ModelPath);
        yield return outcome.Reason == EndReason.Cancelled
            ? ("go on with", ResumeCommand(plan))
            : ("predict with", PredictCommand(plan));
    }

    /// <summary>The command that predicts with the model.</summary>
    public static string PredictCommand(TrainPlan plan) =>
        $"thalweg predict --model {Shell.Quote(plan.Directory.Location)} --data {Shell.Quote(plan.Settings.Data)} --out predictions.csv";

    /// <summary>The command that goes on with the run.</summary>
    public static string ResumeCommand(TrainPlan plan) => $"thalweg train --resume --out {Shell.Quote(plan.Directory.Location)}";

    /// <summary>The line on the error output for a run that diverged.</summary>
    public static string Failure(TrainPlan plan, TrainOutcome outcome)
    {
        string origin = outcome.Best is { } best ? $"epoch {best.Epoch + 1}" : "those of the start, since no epoch had ended";
        return $"thalweg: {outcome.Failure} in {plan.Directory.ModelPath} ({origin})";
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Reason(TrainOutcome outcome, TrainPlan plan) => outcome.Reason switch
    {
        EndReason.EarlyStopping => $"after {Figures.Plural(plan.Settings.Patience!.Value, PatienceUnit(plan.Settings))} "
            + "without a better validation figure",
        EndReason.Cancelled => $"by request after step {Figures.Count(outcome.Steps)}; the run is saved in {plan.Directory.Location}",
        EndReason.Converged => $"by the minimizer, {outcome.Note}",
        EndReason.NonFinite => "because the loss became NaN or infinite",
        _ => $"after all {Figures.Plural(plan.Settings.Epochs!.Value, "epoch")}",
    };

    private static string PatienceUnit(TrainSettings settings) => settings.EvaluateEvery > 1 ? "evaluation" : "epoch";

    private static string Extras(TrainSettings settings) =>
        (NormalizationText.Words(settings.Norm) is { Length: > 0 } norm ? ", " + norm : "")
        + (settings.Dropout > 0
            ? FormattableString.Invariant($", {(settings.DropoutKind is { } kind and not "standard" ? kind + " " : "")}dropout ")
                + FormattableString.Invariant($"{settings.Dropout}")
            : "")
        + (settings.DropPath > 0 ? FormattableString.Invariant($", stochastic depth {settings.DropPath}") : "");

    private static string Classes(IReadOnlyList<string> names) =>
        names.Count <= 12
            ? $"{names.Count} classes: {string.Join(", ", names)}"
            : $"{names.Count} classes: {string.Join(", ", names.Take(10))}, ...";
}
