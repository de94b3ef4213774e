namespace Thalweg.Runs;

/// <summary>Training once more on all rows that are no test data, for as many epochs as validation chose.</summary>
/// <remarks>The settings are those of the run, defaults included, so that they do not change with the number of rows; schedules span the
/// chosen epochs. The result has no validation figure: that of the run, or of the cross-validation, stands for it, and test data may be read
/// once, by this model.</remarks>
public static class Refit
{
    /// <summary>The recipe of the refit of a run.</summary>
    /// <param name="recipe">The full recipe of the run, as <see cref="RunPlan.Recipe"/>.</param>
    /// <param name="epochs">Epochs to train for, 1 or more.</param>
    /// <exception cref="ThalwegException">The number of epochs is below 1.</exception>
    public static Recipe RecipeOf(Recipe recipe, int epochs)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (epochs < 1)
            throw new ThalwegException($"[refit] expected 1 or more epochs that validation chose, got {epochs}; train longer first");
        return recipe with
        {
            Data = recipe.Data with
            {
                Split = recipe.Data.Split with
                {
                    Validation = TestChoice.None,
                    Folds = null,
                    Repeats = null,
                    Fold = null,
                    HoldoutFold = null,
                    Repeat = null,
                },
            },
            Training = recipe.Training with
            {
                Epochs = epochs,
                MaxSteps = null,
                MaxTime = null,
                EarlyStopping = recipe.Training.EarlyStopping with { Patience = 0, Keep = KeptWeights.Last },
            },
        };
    }

    /// <summary>Refits a run.</summary>
    /// <param name="recipe">The full recipe of the run, as <see cref="RunPlan.Recipe"/>.</param>
    /// <param name="result">Its result, which says how many epochs validation chose.</param>
    /// <param name="options">Where it is saved; default null, the folder <c>refit</c> within that of the run.</param>
    /// <returns>The run before its first step.</returns>
    /// <exception cref="ThalwegException">No epoch was chosen, or the folder holds a run already.</exception>
    public static Run Create(Recipe recipe, RunResult result, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new RunOptions();
        return Run.Create(RecipeOf(recipe, (result.Kept?.Epoch ?? -1) + 1), Placed(options, result.Folder));
    }

    /// <summary>Refits after a cross-validation, for the median of the epochs of the folds.</summary>
    /// <param name="result">The cross-validation.</param>
    /// <param name="options">Where it is saved; default null, the folder <c>refit</c> within that of the cross-validation.</param>
    /// <returns>The run before its first step.</returns>
    /// <exception cref="ThalwegException">No fold was run to its end, or the folder holds a run already.</exception>
    public static Run Create(CrossValidationResult result, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Folds.Count == 0)
        {
            throw new ThalwegException(
                "[refit] expected a cross-validation with one fold or more that was run to its end, got none; run it again");
        }

        return Run.Create(RecipeOf(result.Folds[0].Recipe, result.ChosenEpochs), Placed(options ?? new RunOptions(), result.Folder));
    }

    private static RunOptions Placed(RunOptions options, RunFolder folder) =>
        options.Folder is null ? options with { Folder = Path.Combine(folder.Location, "refit") } : options;
}
