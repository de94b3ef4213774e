using System.Globalization;
using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Runs;

/// <summary>The folder of a run: <c>recipe.yaml</c>, <c>run.json</c>, <c>events.jsonl</c>, <c>model.safetensors</c>, and the checkpoints in
/// <c>checkpoints</c>.</summary>
/// <remarks>It is made when the first step is about to be taken, not before.</remarks>
public sealed class RunFolder
{
    /// <summary>Name of the file with the full recipe.</summary>
    public const string RecipeName = "recipe.yaml";

    /// <summary>Name of the file with the weights of a network that does not describe itself, in place of the model.</summary>
    public const string WeightsName = "weights.safetensors";

    private const string Parent = "runs";

    /// <summary>Names a folder, which need not exist.</summary>
    /// <param name="location">Its path.</param>
    public RunFolder(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        Location = location;
    }

    /// <summary>Path of the folder.</summary>
    public string Location { get; }

    /// <summary>Path of the model.</summary>
    public string ModelPath => Path.Combine(Location, ModelFile.FileName);

    /// <summary>Path of the weights, where the network does not describe itself and there is no model.</summary>
    public string WeightsPath => Path.Combine(Location, WeightsName);

    /// <summary>The checkpoints.</summary>
    public CheckpointStore Checkpoints => new(Location);

    /// <summary>Path of the state of an unfinished run of a version before <see cref="Checkpoints"/>.</summary>
    private string StatePath => Path.Combine(Location, TrainingFile.FileName);

    /// <summary>Path of the full recipe.</summary>
    public string RecipePath => Path.Combine(Location, RecipeName);

    /// <summary>Path of the events.</summary>
    public string EventsPath => Path.Combine(Location, EventLog.FileName);

    /// <summary>Whether there is an unfinished run, or an unfinished cross-validation.</summary>
    public bool IsUnfinished =>
        File.Exists(StatePath) || FindRecord() is { IsUnfinished: true } || CrossValidation.IsUnfinishedIn(Location);

    /// <summary>Whether there is a model, or the weights of one.</summary>
    private bool HasModel => File.Exists(ModelPath) || File.Exists(WeightsPath);

    /// <summary>The folder of a new run.</summary>
    /// <param name="folder">What was asked for, or null for <c>runs/DATA-SEED</c> with a number behind where that is taken.</param>
    /// <param name="recipe">Gives data and seed for the default.</param>
    /// <param name="replaces">Whether a run that is there may be replaced.</param>
    /// <exception cref="ThalwegException">The folder holds a run already, or is a file.</exception>
    public static RunFolder ForNew(string? folder, Recipe recipe, bool replaces = false)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (folder is null)
            return Candidates(recipe).First(candidate => replaces || !Path.Exists(candidate.Location));
        RunFolder made = new(folder);
        if (File.Exists(folder))
            throw new ThalwegException($"RunOptions.Folder {folder}: expected a folder, found a file; choose another name");
        RunLock.RefuseOwned(folder);
        if (!replaces && made.IsUnfinished)
        {
            throw new ThalwegException($"RunOptions.Folder {folder}: the folder holds an unfinished run; resume it with Run.Resume, "
                + "replace it with RunOptions.Replaces, or choose another");
        }

        if (!replaces && made.HasModel)
        {
            throw new ThalwegException($"RunOptions.Folder {folder}: the folder holds a model already; replace it with "
                + "RunOptions.Replaces, or choose another");
        }

        if (!replaces && CrossValidation.IsIn(folder))
        {
            throw new ThalwegException($"RunOptions.Folder {folder}: the folder holds a cross-validation already; replace it with "
                + "RunOptions.Replaces, or choose another");
        }

        return made;
    }

    /// <summary>The latest unfinished run of <c>runs/DATA-SEED</c>.</summary>
    /// <param name="recipe">Gives data and seed.</param>
    /// <exception cref="ThalwegException">There is none.</exception>
    public static RunFolder LatestUnfinished(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        RunFolder[] all = [.. Candidates(recipe).TakeWhile(candidate => Path.Exists(candidate.Location))];
        return all.LastOrDefault(candidate => candidate.IsUnfinished) ?? throw new ThalwegException(
            $"Run.Resume: found no unfinished run {Candidates(recipe).First().Location}; give its folder with RunOptions.Folder");
    }

    /// <summary>The recipe of the run that the folder holds.</summary>
    /// <exception cref="ThalwegException">There is none, or it is damaged or of a newer version.</exception>
    public Recipe LoadRecipe() => File.Exists(RecipePath) ? Recipe.Load(RecipePath) : LoadRecord().Settings;

    /// <summary>The record of the run that the folder holds.</summary>
    /// <exception cref="ThalwegException">There is none, or it is damaged or of a newer version.</exception>
    public RunRecord LoadRecord() => RunRecord.Load(Location);

    /// <summary>Refuses a folder in which there is no run, or one that another process has under way.</summary>
    /// <exception cref="ThalwegException">There is nothing to resume.</exception>
    public void RefuseAbsent()
    {
        RunLock.RefuseOwned(Location);
        if (!File.Exists(StatePath) && Checkpoints.Files.Count == 0 && FindRecord() is null)
        {
            throw new ThalwegException(HasModel
                ? $"Run.Resume: {Location} holds a model, and no checkpoint to resume from; start a new run with another RunOptions.Folder"
                : $"Run.Resume: there is no run in {Location}; expected {RunRecord.FileName} there");
        }
    }

    /// <summary>The record of the run; null where there is none that can be read.</summary>
    private RunRecord? FindRecord()
    {
        try
        {
            return File.Exists(Path.Combine(Location, RunRecord.FileName)) ? LoadRecord() : null;
        }
        catch (ThalwegException)
        {
            return null;
        }
    }

    /// <summary>Finds out whether the folder can be written to before hours are spent on what goes there; leaves nothing behind.</summary>
    /// <exception cref="ThalwegException">It cannot.</exception>
    internal void CheckWritable()
    {
        string existing = Path.GetFullPath(Location);
        while (!Path.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        try
        {
            // Trials of one study find out about the same folder at the same time, from threads, processes and machines.
            string probe = Path.Combine(existing, $".thalweg-{Guid.NewGuid():N}.tmp");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"RunOptions.Folder {Location}: cannot write there ({error.Message}); choose another folder", error);
        }
    }

    /// <summary>Saves the full recipe.</summary>
    internal void SaveRecipe(Recipe recipe)
    {
        Create(Location);
        AtomicFile.Write(RecipePath, stream => stream.Write(Encoding.UTF8.GetBytes(recipe.ToYaml())));
    }

    /// <summary>Removes a run that is to be replaced, but for its model, which the new one replaces when it is saved.</summary>
    internal void Clear()
    {
        Checkpoints.Clear();
        foreach (string name in (string[])[TrainingFile.FileName, RunRecord.FileName, EventLog.FileName, RecipeName])
            File.Delete(Path.Combine(Location, name));
    }

    /// <summary>Removes a run that has not taken a step, and the folder where nothing else is in it.</summary>
    internal void Discard()
    {
        Clear();
        if (Directory.Exists(Location) && !Directory.EnumerateFileSystemEntries(Location).Any())
            Directory.Delete(Location);
    }

    /// <summary>Saves the model.</summary>
    internal void SaveModel(TrainedModel model)
    {
        if (IsDescribed(model.Module))
            model.Save(ModelPath);
        else
            SaveWeights(model.Module);
    }

    /// <summary>Saves the record of a run that has ended, and deletes the checkpoints that it needs no more.</summary>
    /// <param name="record">What the run did.</param>
    /// <param name="keepsLast">Whether the last checkpoint stays, so that the run can be continued.</param>
    internal void SaveEnd(RunRecord record, bool keepsLast)
    {
        record.Save(Location);
        if (record.IsUnfinished)
            return;
        File.Delete(StatePath);
        Checkpoints.Finish(keepsLast);
    }

    /// <summary>Makes a folder.</summary>
    /// <exception cref="ThalwegException">It cannot be made.</exception>
    public static void Create(string location)
    {
        try
        {
            Directory.CreateDirectory(location);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{location}: cannot make the folder ({error.Message}); choose another", error);
        }
    }

    /// <summary>The part of a folder's name that says which data it is about.</summary>
    /// <param name="source">Name or path of the data.</param>
    public static string StemOf(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        string name = source == "-" ? "stdin" : Path.GetFileName(Path.TrimEndingDirectorySeparator(source)).Split('.')[0];
        string stem = new([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' ? letter : '_')]);
        return stem.Length > 0 ? stem : "data";
    }

    private static bool IsDescribed(Module network)
    {
        try
        {
            _ = network.Describe();
            return true;
        }
        catch (ThalwegException)
        {
            return false;
        }
    }

    private void SaveWeights(Module network)
    {
        SafetensorsWriter weights = new();
        ModuleState.Write(weights, network, name => name);
        weights.Write(WeightsPath);
    }

    private static IEnumerable<RunFolder> Candidates(Recipe recipe)
    {
        string first = Path.Combine(Parent, string.Create(CultureInfo.InvariantCulture, $"{StemOf(recipe.Data.Source)}-{recipe.Seed}"));
        yield return new RunFolder(first);
        for (int number = 2; ; number++)
            yield return new RunFolder(string.Create(CultureInfo.InvariantCulture, $"{first}-{number}"));
    }
}
