using Thalweg.Runs;

namespace Thalweg.Tuning;

/// <summary>What is asked of a study; what is null has its default.</summary>
public sealed record StudyRequest
{
    /// <summary>The settings and their distributions; null (default) for those that <see cref="SpaceProposal"/> proposes.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Goals as <see cref="StudyGoals.Parse"/> reads them, the first one first; default none, the metric of the task.</summary>
    public IReadOnlyList<string> Goals { get; init; } = [];

    /// <summary>Text of the sampler; default <c>auto</c>.</summary>
    public string? Sampler { get; init; }

    /// <summary>Text of the pruner; default <c>none</c>.</summary>
    public string? Pruner { get; init; }

    /// <summary>Text of the order; default <c>lag(8)</c>.</summary>
    public string? Order { get; init; }

    /// <summary>Trials, 1 or more; default 60.</summary>
    public int? Trials { get; init; }

    /// <summary>Epochs of all trials together; default no limit.</summary>
    public long? MaxEpochs { get; init; }

    /// <summary>Seed of the sampler; default that of the recipe.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Finalists, 0 or more; default 3.</summary>
    public int? Finalists { get; init; }

    /// <summary>Trainings of each finalist, 2 or more; default 5.</summary>
    public int? Repeats { get; init; }

    /// <summary>Folders of runs whose settings are tried first; default none.</summary>
    public IReadOnlyList<string> StartFrom { get; init; } = [];
}

/// <summary>Puts a study together from a recipe and what is asked, and refuses what cannot be before the first trial.</summary>
public static class StudySetup
{
    /// <summary>The study of a recipe.</summary>
    /// <param name="recipe">The recipe whose settings are tuned.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>The study. The recipe's own settings are its first point where they lie in the space.</returns>
    /// <exception cref="ThalwegException">The recipe, the data, the space, the sampler, the pruner, a goal or a run to start from is not as
    /// it should be: the message says what to do.</exception>
    public static StudyDefinition Define(Recipe recipe, StudyRequest request)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(request);
        StudyDefinition bare = new()
        {
            Recipe = recipe,
            Space = request.Space ?? SearchSpace.Parse("seed=int(1, 2)"),
            Goals = request.Goals.Count == 0 ? [StudyGoals.Parse(StudyGoals.OfTask)] : [.. request.Goals.Select(StudyGoals.Parse)],
            MaxBudget = 1,
        };
        StudyDefinition study = bare with
        {
            Sampler = Settings.Parse<Sampler>(request.Sampler ?? "auto"),
            Pruner = Settings.Parse<Pruner>(request.Pruner ?? "none"),
            Order = request.Order is { } order ? StudyOrder.Parse(order) : StudyOrder.Default,
            Trials = request.Trials ?? bare.Trials,
            MaxEpochs = request.MaxEpochs,
            Seed = request.Seed ?? recipe.Seed,
            Finalists = request.Finalists ?? bare.Finalists,
            Repeats = request.Repeats ?? bare.Repeats,
        };
        if (request.Space is { } space)
            RecipePoint.Check(recipe, space);
        RunData data = StudyRecipes.OfTrial(study, new TrialPoint([])).OpenData();
        if (data.Split.Validation.Data.Count == 0)
        {
            throw new ThalwegException("data.split.validation: expected validation data, by which trials are judged, got none; leave "
                + "data.split.validation out, or give some");
        }

        Recipe full = recipe.Resolve(data.Split.Training).Recipe;
        study = study with
        {
            Space = request.Space ?? SpaceProposal.Of(recipe, data.Split.Training),
            MaxBudget = full.Training.Epochs!.Value,
            Data = data.ContentDigest(),
        };
        study = study with { MaxBudget = MostEpochs(study), Starts = StartsOf(study, full, request.StartFrom) };
        study.Validate();
        return study;
    }

    /// <summary>Refuses a study whose data are not what they were.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="ThalwegException">They are missing, or hold something else.</exception>
    public static void CheckData(StudyDefinition study)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (study.Recipe is not { } recipe || study.Data is not { } data)
            return;
        if (StudyRecipes.OfTrial(study, new TrialPoint([])).OpenData().ContentDigest() != data)
        {
            throw new ThalwegException($"[study] {recipe.Data.Source} is not what it was when the study began: its contents differ; bring the old "
                + "data back, or start a new study in another folder");
        }
    }

    /// <summary>The epochs of the longest trial.</summary>
    private static int MostEpochs(StudyDefinition study) =>
        study.Space.Find("training.epochs") is { } epochs ? (int)epochs.Distribution.FromUnit(1).Number : study.MaxBudget;

    private static IReadOnlyList<TrialPoint> StartsOf(StudyDefinition study, Recipe full, IReadOnlyList<string> folders)
    {
        List<TrialPoint> points = [];
        foreach (string folder in folders)
        {
            Recipe given = new RunFolder(folder).LoadRecipe();
            points.Add(SpaceProposal.PointOf(study.Space, given) ?? throw new ThalwegException(
                $"{folder}: expected a run whose settings lie in the space, found one with other settings; widen the space, or leave it out"));
        }

        if (SpaceProposal.PointOf(study.Space, full) is { } own)
            points.Add(own);
        return [.. points.Distinct()];
    }
}
