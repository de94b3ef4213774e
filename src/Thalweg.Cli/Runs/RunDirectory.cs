using System.Globalization;
using Thalweg.Checkpoints;
using Thalweg.Training;

namespace Thalweg.Cli.Runs;

/// <summary>The folder of a run: <c>model.safetensors</c>, <c>run.json</c>, and <c>training.safetensors</c> until the run
/// is finished.</summary>
/// <remarks>It is made when there is something to save, not before.</remarks>
internal sealed class RunDirectory
{
    private const string Parent = "runs";

    private RunDirectory(string path) => Location = path;

    /// <summary>Path of the folder.</summary>
    public string Location { get; }

    /// <summary>Path of the model.</summary>
    public string ModelPath => Path.Combine(Location, ModelFile.FileName);

    /// <summary>Path of the state of an unfinished run.</summary>
    public string StatePath => Path.Combine(Location, TrainingFile.FileName);

    /// <summary>The folder of a new run.</summary>
    /// <param name="asked">What was asked for, or null for <c>runs/DATA-SEED</c> with a number behind where that is taken.</param>
    /// <param name="settings">Gives data and seed for the default.</param>
    /// <param name="force">Whether a run that is there may be replaced.</param>
    /// <exception cref="ThalwegException">The folder holds a run already, or is a file.</exception>
    public static RunDirectory ForNew(string? asked, TrainSettings settings, bool force)
    {
        if (asked is null)
            return Candidates(settings).First(candidate => force || !Path.Exists(candidate.Location));
        RunDirectory directory = new(asked);
        if (File.Exists(asked))
            throw new ThalwegException($"--out {asked}: expected a folder, found a file; choose another name");
        if (!force && File.Exists(directory.StatePath))
            throw new ThalwegException(
                $"--out {asked}: the folder holds an unfinished run; go on with --resume, replace it with --force, or choose another");
        if (!force && File.Exists(directory.ModelPath))
            throw new ThalwegException($"--out {asked}: the folder holds a model already; replace it with --force, or choose another");
        return directory;
    }

    /// <summary>The folder of a run that is to go on.</summary>
    /// <param name="asked">What was asked for, or null for the latest of <c>runs/DATA-SEED</c> that is not finished.</param>
    /// <param name="settings">Gives data and seed for the default.</param>
    /// <exception cref="ThalwegException">There is no unfinished run.</exception>
    public static RunDirectory ForResume(string? asked, TrainSettings settings)
    {
        if (asked is null)
        {
            RunDirectory[] all = [.. Candidates(settings).TakeWhile(candidate => Path.Exists(candidate.Location))];
            return all.LastOrDefault(candidate => File.Exists(candidate.StatePath)) ?? throw new ThalwegException(
                $"--resume: found no unfinished run {Candidates(settings).First().Location}; give its folder with --out");
        }

        RunDirectory directory = new(asked);
        if (File.Exists(directory.StatePath))
            return directory;
        throw new ThalwegException(File.Exists(directory.ModelPath)
            ? $"--resume: the run in {asked} is finished; start a new one with another --out"
            : $"--resume: there is no run in {asked}; expected {TrainingFile.FileName} there");
    }

    /// <summary>Finds out whether the folder can be written to before hours are spent on what goes there; leaves nothing behind.</summary>
    /// <exception cref="ThalwegException">It cannot.</exception>
    public void CheckWritable()
    {
        string existing = Path.GetFullPath(Location);
        while (!Path.Exists(existing))
            existing = Path.GetDirectoryName(existing)!;
        try
        {
            string probe = Path.Combine(existing, string.Create(CultureInfo.InvariantCulture, $".thalweg-{Environment.ProcessId}.tmp"));
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"--out {Location}: cannot write there ({error.Message}); choose another folder", error);
        }
    }

    /// <summary>Saves where a run stands.</summary>
    public void SaveState(Trainer trainer, RunRecord record)
    {
        Create();

        // The record first: it may say more about past epochs than the state needs, but never less.
        record.Save(Location);
        TrainingState.Save(trainer, StatePath);
    }

    /// <summary>Saves the end of a run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="record">What it brought.</param>
    /// <param name="isFinished">Whether there is nothing to resume.</param>
    public void SaveModel(Models.TrainedModel model, RunRecord record, bool isFinished)
    {
        Create();
        model.Save(ModelPath);
        record.Save(Location);
        if (isFinished)
            File.Delete(StatePath);
    }

    private void Create()
    {
        try
        {
            Directory.CreateDirectory(Location);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"{Location}: cannot make the folder ({error.Message}); choose another with --out", error);
        }
    }

    private static IEnumerable<RunDirectory> Candidates(TrainSettings settings)
    {
        string name = settings.Data == "-" ? "stdin" : Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Data));
        string stem = new([.. name.Split('.')[0].Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' ? letter : '_')]);
        string folder = string.Create(CultureInfo.InvariantCulture, $"{(stem.Length > 0 ? stem : "data")}-{settings.Seed}");
        string first = Path.Combine(Parent, folder);
        yield return new RunDirectory(first);
        for (int number = 2; ; number++)
            yield return new RunDirectory(string.Create(CultureInfo.InvariantCulture, $"{first}-{number}"));
    }
}
