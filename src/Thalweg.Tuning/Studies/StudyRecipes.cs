using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>The recipes of the runs of a study.</summary>
/// <remarks>
/// The rows that are no test data are divided into folds. The search trains on all but two of them and validates on the first; the second
/// is left alone. A finalist is trained again for each repeat, with a seed of its own: the first fold still chooses its epoch, and another
/// fold, which the search never scored, judges it. Data that bring their own validation part are left as they are: there the repeats differ
/// in their seeds alone.
/// </remarks>
internal static class StudyRecipes
{
    /// <summary>Folds where the recipe does not ask for a number.</summary>
    private const int UsualFolds = 10;

    /// <summary>The recipe of a trial of the search.</summary>
    public static Recipe OfTrial(StudyDefinition study, TrialPoint point) => Divided(Metrics(study, point), study, repeat: 0);

    /// <summary>The recipe of a repeat of a finalist.</summary>
    public static Recipe OfFinalist(StudyDefinition study, TrialPoint point, int repeat)
    {
        Recipe recipe = Metrics(study, point);
        ulong split = recipe.Data.Split.Seed ?? recipe.Seed;
        recipe = Divided(recipe, study, repeat);
        return recipe with
        {
            Seed = recipe.Seed + (ulong)repeat + 1,
            Data = recipe.Data with { Split = recipe.Data.Split with { Seed = split } },
        };
    }

    /// <summary>The recipe of the winner: that of the study with the values of the trial.</summary>
    public static Recipe OfWinner(StudyDefinition study, TrialPoint point) => Plain(RecipePoint.Apply(study.Recipe!, point));

    /// <summary>Whether rows can be held out.</summary>
    public static bool HasHoldout(Recipe recipe) => recipe.Data.Split.Validation is not { } given
        || double.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out _);

    private static Recipe Metrics(StudyDefinition study, TrialPoint point) =>
        StudyGoals.WithMetrics(RecipePoint.Apply(study.Recipe!, point), study.Goals);

    private static Recipe Divided(Recipe recipe, StudyDefinition study, int repeat)
    {
        if (!HasHoldout(recipe) || study.Finalists == 0)
            return Plain(recipe);
        SplitRecipe split = recipe.Data.Split;
        int folds = Math.Max(3, split.Folds ?? UsualFolds);

        // In order of time a fold is judged by the one that follows it.
        (int fold, int holdout) = split.Time is null ? (1, 2 + (repeat % (folds - 1))) : Later(folds, repeat);
        return recipe with
        {
            Data = recipe.Data with
            {
                Split = split with { Validation = null, Folds = folds, Fold = fold, HoldoutFold = holdout, Repeats = null, Repeat = null },
            },
        };
    }

    /// <summary>The last fold judges the first repeat, and earlier ones those that follow; each has its validation fold before it.</summary>
    private static (int Fold, int Holdout) Later(int folds, int repeat)
    {
        int holdout = folds - (repeat % (folds - 2));
        return (holdout - 1, holdout);
    }

    /// <summary>A recipe that asks for all folds is trained on the first.</summary>
    public static Recipe Plain(Recipe recipe) => recipe.Data.Split is { Folds: not null, Fold: null } split
        ? recipe with { Data = recipe.Data with { Split = split with { Fold = 1, Repeats = null } } } : recipe;
}
