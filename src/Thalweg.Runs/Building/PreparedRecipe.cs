using Thalweg.Checkpoints;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Makes a network for data, in place of the one that a recipe describes.</summary>
/// <param name="preprocessing">The preprocessing of the data: shape of the samples, classes.</param>
/// <returns>The network; parameters without a value get one from the seed of the recipe.</returns>
public delegate Module NetworkFactory(Preprocessing preprocessing);

/// <summary>A recipe with all that it makes: data, network and trainer; see <see cref="Recipe.Prepare(NetworkFactory?)"/>.</summary>
public sealed class PreparedRecipe
{
    private PreparedRecipe(ResolvedRecipe resolved, RunData data, TrainerOptions options, Module network)
    {
        (Resolved, Data, Options, Network) = (resolved, data, options, network);
    }

    /// <summary>The full recipe, and the reasons of its defaults.</summary>
    public ResolvedRecipe Resolved { get; }

    /// <summary>The full recipe.</summary>
    public Recipe Recipe => Resolved.Recipe;

    /// <summary>The data.</summary>
    public RunData Data { get; }

    /// <summary>The parts of the data.</summary>
    public DataSplit Split => Data.Split;

    /// <summary>How the trainer trains.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The network with its starting weights.</summary>
    public Module Network { get; }

    /// <summary>What was done to the starting weights, one sentence each.</summary>
    public IReadOnlyList<string> Start { get; private init; } = [];

    /// <summary>The trainer, made when it is first asked for.</summary>
    /// <exception cref="ThalwegException">The network does not fit the data or the options.</exception>
    public Trainer Trainer =>
        field ??= new Trainer(
            Network, Split.Training, Split.Validation.Data.Count == 0 ? null : Split.Validation, Options, Split.Preprocessing.Target.Scale);

    /// <summary>The optimizer by its name with its settings, or its rules where a chain was asked for.</summary>
    public string OptimizerName => OptimizerBuilder.Describe(Recipe, Options, Trainer.TotalSteps);

    /// <summary>The network as a model, with its data and its origin.</summary>
    /// <param name="description">The command line or another description of the run.</param>
    public TrainedModel ToModel(string description)
    {
        string counts = $"{Split.Training.Data.Count} training, {Split.Validation.Data.Count} validation, "
            + $"{Split.Test?.Count ?? 0} test samples";
        return new TrainedModel(Network, Split.Preprocessing, new Provenance
        {
            CommandLine = description,
            Seed = Recipe.Seed,
            Data = Data.Origin is null ? counts : $"{Recipe.Data.Source}: {counts}",
        })
        {
            Loss = Trainer.Loss,
            Origin = Data.Origin,
        };
    }

    /// <summary>Makes all.</summary>
    /// <param name="resolved">The full recipe.</param>
    /// <param name="data">The data.</param>
    /// <param name="run">Network and observers in place of, or beside, those of the recipe.</param>
    /// <param name="before">The run that is resumed; null for one that begins.</param>
    internal static PreparedRecipe Of(ResolvedRecipe resolved, RunData data, RunOptions run, SavedRun? before = null)
    {
        Recipe recipe = resolved.Recipe;
        TrainerOptions options = OptimizerBuilder.Options(recipe, data.Split.Training.Data.Count) with { Observers = run.Observers };
        if (options.MaxTime is { } time && before is not null)
            options = options with { MaxTime = Left(time, before) };
        NetworkStart.Check(recipe.Start);
        Module network = run.Network is null ? NetworkBuilder.Build(recipe, data.Split.Preprocessing)
            : Given(run.Network(data.Split.Preprocessing), recipe);
        return new PreparedRecipe(resolved, data, options, network)
        {
            Start = before?.State is not null ? [] : NetworkStart.Apply(recipe, network, data.Split.Training),
        };
    }

    /// <summary>What is left of a limit of time; a run that is beyond it ends before its next step.</summary>
    private static TimeSpan Left(TimeSpan time, SavedRun before)
    {
        TimeSpan left = time - TimeSpan.FromSeconds(before.Record.Seconds);
        return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
    }

    private static Module Given(Module network, Recipe recipe)
    {
        network.InitializeMissing(recipe.Seed, recipe.Precision);
        return network;
    }
}
