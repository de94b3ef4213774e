using Thalweg.Metrics;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>The reports of a run's figures.</summary>
internal static class Reports
{
    /// <summary>What the reports of a run hold: the metrics of the task and of the recipe, beside the trivial answer.</summary>
    public static ReportOptions OptionsOf(RunPlan plan)
    {
        TrainerOptions options = plan.Prepared.Options;
        return new ReportOptions
        {
            Metrics = [.. options.Metrics, options.Monitor],
            Training = plan.Split.Training.Data,
        };
    }

    /// <summary>The figures on the validation data of the weights that were kept.</summary>
    public static EvaluationReport? OfValidation(RunPlan plan, TrainedModel model)
    {
        _ = model.Evaluate(plan.Split.Validation.Data, OptionsOf(plan), out EvaluationReport? report);
        return report;
    }
}
