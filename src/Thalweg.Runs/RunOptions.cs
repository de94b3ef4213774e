using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Where a run is saved, and what belongs to one run and not to its recipe; every value has a default.</summary>
public sealed record RunOptions
{
    /// <summary>Folder of the run, which is made; null, the default, for <c>runs/DATA-SEED</c> with a number behind where that is
    /// taken.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether a run that the folder holds is replaced; default false.</summary>
    public bool Replaces { get; init; }

    /// <summary>Whether the test data are read at the end; every reading is counted. Default false.</summary>
    public bool OpensTest { get; init; }

    /// <summary>Name of the run, by which it is found again; default null, none.</summary>
    public string? Name { get; init; }

    /// <summary>Tags of the run, by which it is found again; default none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A remark that is kept with the run; default null.</summary>
    public string? Note { get; init; }

    /// <summary>Where the run and its readings of test data are entered, beside its folder; an index that fails does not fail the run, see
    /// <see cref="RunResult.IndexNote"/>. Default null.</summary>
    public IRunIndex? Index { get; init; }

    /// <summary>Of a run that resumes: changes its recipe, as in <c>recipe => recipe.With("training.epochs", 40)</c>; default null,
    /// nothing. What may be changed, <see cref="ResumeOverride"/> says.</summary>
    public Func<Recipe, Recipe>? Change { get; init; }

    /// <summary>Of a run that resumes: changes that would be refused, and are wanted all the same; default none.</summary>
    public IReadOnlyList<ResumeOverride> Overrides { get; init; } = [];

    /// <summary>A network in place of that of the recipe; default null. Such a run cannot be replayed from its recipe, and is resumed with
    /// the same factory.</summary>
    public NetworkFactory? Network { get; init; }

    /// <summary>Data in place of those of the recipe; default null. Such a run cannot be replayed from its recipe, and is resumed with the
    /// same data.</summary>
    public RunData? Data { get; init; }

    /// <summary>How the run was started, for the model file; it gets what was asked for with the defaults that depend on the data. Default
    /// names the recipe.</summary>
    public Func<Recipe, string> Describe { get; init; } = static _ => $"recipe {RunFolder.RecipeName}";

    /// <summary>What sees each step of the run, and may act on it or stop it by <see cref="Trainer.RequestStop"/>, in order; default
    /// none.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>Gets a message for each event of the run; default null. See <see cref="RunTelemetry"/> for what else can be
    /// observed.</summary>
    public Microsoft.Extensions.Logging.ILogger? Logger { get; init; }

    /// <summary>Called after each step, on the training thread; must return quickly. Default null.</summary>
    public Action<StepReport>? StepEnded { get; init; }

    /// <summary>Whether the step that begins a checkpoint waits until it is written, so that a test knows which exist however slow the
    /// disk.</summary>
    internal bool WaitsForCheckpoints { get; init; }
}
