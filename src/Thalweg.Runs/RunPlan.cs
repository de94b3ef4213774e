using System.Globalization;
using System.Text.Json;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>What a run is about to do.</summary>
public sealed record RunPlan
{
    /// <summary>The recipe, its defaults, and what it makes.</summary>
    public required PreparedRecipe Prepared { get; init; }

    /// <summary>The full recipe.</summary>
    public Recipe Recipe => Prepared.Recipe;

    /// <summary>What was asked for, without defaults.</summary>
    public Recipe Given => Prepared.Resolved.Given;

    /// <summary>What the data hold; null where they were given as they are.</summary>
    public DataDescription? Data { get; init; }

    /// <summary>The defaults that were filled in, and why.</summary>
    public IReadOnlyList<RunDefault> Defaults =>
        [.. Prepared.Resolved.Reasons.Select(item => new RunDefault(item.Key, TextOf(item.Key), item.Value))];

    /// <summary>The parts of the data.</summary>
    public DataSplit Split => Prepared.Split;

    /// <summary>The network.</summary>
    public Module Network => Prepared.Network;

    /// <summary>The loss.</summary>
    public Loss Loss => Trainer.Loss;

    /// <summary>The rules that run, in a form that <see cref="OptimizerRecipe.Name"/> reads.</summary>
    public string Optimizer => Trainer.Options.Minimizer?.ToString() ?? Trainer.Options.Optimizer.ToString();

    /// <summary>What is probably not as it was meant, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why the run cannot be replayed from its recipe; null where it can.</summary>
    public string? NotReplayable { get; init; }

    /// <summary>Where the run is saved.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>Steps in the first epoch.</summary>
    public int StepsPerEpoch => Trainer.StepsPerEpoch;

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => Trainer.TotalSteps;

    /// <summary>Samples of each step, in words.</summary>
    public string Batch =>
        Trainer.Options.BatchSchedule?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"{Trainer.BatchSize}");

    /// <summary>How many samples an update looks at.</summary>
    public BatchMode Mode => Trainer.Mode;

    /// <summary>The epoch that comes next, from 0.</summary>
    public required int FirstEpoch { get; init; }

    /// <summary>Steps that were taken before, where the run resumes; else 0.</summary>
    public required long FirstStep { get; init; }

    private string? TextOf(string path) => Runs.Recipe.Paths.Contains(path) ? Recipe.GetText(path) : null;

    private Trainer Trainer => Prepared.Trainer;

    /// <summary>Writes what was asked for, with the defaults that depend on the data, as the settings in <c>run.json</c>.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteSettings(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        new FlatRecipe().Write(writer, Prepared.Resolved.Recorded, new JsonSerializerOptions());
    }
}
