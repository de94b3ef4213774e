using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>The run of a fold that came to its end.</summary>
/// <param name="Repeat">Repeat, from 1.</param>
/// <param name="Fold">Fold, from 1.</param>
/// <param name="Recipe">Its full recipe.</param>
/// <param name="Record">Its record.</param>
public sealed record FoldResult(int Repeat, int Fold, Recipe Recipe, RunRecord Record)
{
    /// <summary>Where it was saved.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>Number of training samples.</summary>
    public required int TrainingSamples { get; init; }

    /// <summary>Number of validation samples.</summary>
    public required int ValidationSamples { get; init; }

    /// <summary>The epoch whose weights were kept; null where they are those of the start.</summary>
    public EpochReport? Kept => Record.Epochs.LastOrDefault(epoch => epoch.Epoch == Record.Outcome?.KeptEpoch);

    /// <summary>Figures on the validation data; null where the network has several outputs.</summary>
    public EvaluationReport? ValidationReport => Record.ValidationReport;

    /// <summary>The fold as its folder keeps it, where it came to its end.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="recipe">Its recipe, for the data.</param>
    /// <returns>The fold; null where it is to be run, or to be resumed.</returns>
    /// <exception cref="ThalwegException">It diverged, its record is damaged, or the data are not what they were.</exception>
    internal static FoldResult? Find(RunFolder folder, Recipe recipe)
    {
        if (!RunFolders.HoldsRun(folder.Location) || folder.LoadRecord() is not { IsUnfinished: false } record)
            return null;
        SplitRecipe split = recipe.Data.Split;
        if (record.Outcome?.Failure is { } failure)
            throw new ThalwegException($"fold {split.Fold} of repeat {split.Repeat}: {failure}");
        RunData data = RunData.Open(recipe);
        SavedRun.RefuseOtherData(folder, record, recipe, data);
        return new FoldResult(split.Repeat!.Value, split.Fold!.Value, folder.LoadRecipe(), record)
        {
            Folder = folder,
            TrainingSamples = data.Split.Training.Data.Count,
            ValidationSamples = data.Split.Validation.Data.Count,
        };
    }
}
