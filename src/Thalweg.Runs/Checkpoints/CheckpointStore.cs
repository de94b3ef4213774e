using System.Globalization;
using Thalweg.Checkpoints;

namespace Thalweg.Runs;

/// <summary>The checkpoints of a run: files named by their step in the folder <c>checkpoints</c> of the run.</summary>
public sealed class CheckpointStore
{
    /// <summary>Name of the folder.</summary>
    public const string FolderName = "checkpoints";

    private const string Prefix = "step-", EpochMark = "-epoch-", BestSuffix = "-best", Extension = ".safetensors", DamagedExtension = ".damaged";

    private readonly string _run;

    internal CheckpointStore(string run) => _run = run;

    /// <summary>Path of the folder.</summary>
    public string Location => Path.Combine(_run, FolderName);

    /// <summary>Paths of all checkpoints, the latest first.</summary>
    public IReadOnlyList<string> Files => !Directory.Exists(Location) ? []
        : [.. Directory.EnumerateFiles(Location, $"{Prefix}*{Extension}").Where(path => StepOf(path) >= 0).OrderDescending(StringComparer.Ordinal)];

    /// <summary>The step of a checkpoint, from its name; -1 where it is none.</summary>
    /// <param name="path">Its path.</param>
    public static long StepOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileName(path);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(Extension, StringComparison.Ordinal))
            return -1;
        int mark = name.IndexOf(EpochMark, StringComparison.Ordinal);
        return mark > 0 && long.TryParse(name.AsSpan(Prefix.Length, mark - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : -1;
    }

    /// <summary>Loads the latest checkpoint that is whole.</summary>
    /// <param name="damaged">Gets a sentence about each later one that is not.</param>
    /// <returns>The checkpoint; null where there is none.</returns>
    /// <exception cref="ThalwegException">There are checkpoints, and all are damaged.</exception>
    internal TrainingFile? LoadLatest(List<string> damaged)
    {
        string state = Path.Combine(_run, TrainingFile.FileName);
        string[] files = [.. Files, .. File.Exists(state) ? [state] : (string[])[]];
        foreach (string file in files)
        {
            try
            {
                return TrainingFile.Load(file);
            }
            catch (ThalwegException error) when (File.Exists(file))
            {
                damaged.Add(error.Message);
            }
        }

        return files.Length == 0 ? null : throw new ThalwegException(
            $"Run.Resume: expected a checkpoint that is whole in {_run}, got {files.Length} that are damaged: {damaged[0]}; restore one from a "
            + "copy, or start again with RunOptions.Replaces");
    }

    /// <summary>Path of the checkpoint of a step. The step that ends an epoch has one before its evaluation and one after it, whose number of
    /// epochs is larger: names are in the order of the states.</summary>
    internal string PathOf(CheckpointOutcome checkpoint, bool isBest) => Path.Combine(Location, string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{checkpoint.Step:D12}{EpochMark}{checkpoint.Epoch:D6}{(isBest ? BestSuffix : "")}{Extension}"));

    /// <summary>Makes the folder, and clears it of what a program that was killed left half done.</summary>
    internal void Open()
    {
        RunFolder.Create(Location);
        foreach (string left in Directory.EnumerateFiles(Location, ".*.tmp").Concat(Directory.EnumerateFiles(_run, ".*.tmp")))
            Delete(left);
    }

    /// <summary>Puts the checkpoints after a step aside: they are damaged, or of a run that is not continued.</summary>
    internal void PutAsideAfter(long step)
    {
        foreach (string file in Files.Where(file => StepOf(file) > step))
            File.Move(file, Path.ChangeExtension(file, DamagedExtension), overwrite: true);
    }

    /// <summary>Deletes all but the last ones and the last that was the first to hold a best epoch.</summary>
    internal void Prune(int keep)
    {
        IReadOnlyList<string> files = Files;
        string? best = files.FirstOrDefault(file => Path.GetFileName(file).Contains(BestSuffix, StringComparison.Ordinal));
        foreach (string file in files.Skip(keep).Where(file => file != best))
            Delete(file);
    }

    /// <summary>Deletes all but the latest, or also that one.</summary>
    internal void Finish(bool keepsLatest)
    {
        foreach (string file in Files.Skip(keepsLatest ? 1 : 0))
            Delete(file);
        if (Directory.Exists(Location) && !Directory.EnumerateFileSystemEntries(Location).Any())
            Directory.Delete(Location);
    }

    /// <summary>Deletes the folder with all that is in it.</summary>
    internal void Clear()
    {
        if (Directory.Exists(Location))
            Directory.Delete(Location, recursive: true);
    }

    /// <summary>A file that cannot be deleted only takes room.</summary>
    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
