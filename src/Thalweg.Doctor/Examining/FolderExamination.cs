using System.Security.Cryptography;
using System.Text;
using Thalweg.Metrics;
using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>Examines the run of a folder by training its recipe again.</summary>
internal static class FolderExamination
{
    public static Examination Of(RunFolder folder, DoctorOptions options, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder.Location))
        {
            throw new ThalwegException(
                $"[doctor] expected the folder of a run, found no folder {folder.Location}; give one that train made");
        }

        RunRecord record = folder.LoadRecord();
        Recipe recipe = folder.LoadRecipe();
        if (record.NotReplayable is { } reason && options is { Data: null, Network: null })
        {
            throw new ThalwegException(
                $"[doctor] expected a run that can be replayed in {folder.Location}, but {reason}; give DoctorOptions.Network and "
                + "DoctorOptions.Data, or examine it from C# with DoctorObserver");
        }

        RunData data = options.Data ?? recipe.OpenData();
        RefuseOtherData(folder, record, data);
        int reads = TestReadLog.Load(folder.Location).Count;
        Examination examination = RecipeExamination.Of(recipe, options with { Data = data }, cancellation, reads);
        return examination with
        {
            Folder = folder.Location,
            Unavailable = [.. examination.Unavailable, .. Differences(record, examination)],
        };
    }

    private static void RefuseOtherData(RunFolder folder, RunRecord record, RunData data)
    {
        if (record.Fingerprint is not { } fingerprint)
            return;
        string text = string.Join(' ', [.. fingerprint.Files.Select(file => file.Hash), fingerprint.Samples ?? ""]);
        if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) != data.ContentDigest())
        {
            throw new ThalwegException(
                $"[doctor] expected the data of the run in {folder.Location}, found others at {record.Settings.Data.Source}; bring the old "
                + "data back, or examine the recipe");
        }
    }

    /// <summary>Whether the replay gave the epochs that were recorded.</summary>
    private static IEnumerable<string> Differences(RunRecord record, Examination examination)
    {
        foreach ((EpochReport recorded, EpochReport replayed) in record.Epochs.Zip(examination.Epochs))
        {
            Evaluation before = recorded.Training, after = replayed.Training;
            if (before.Loss.Equals(after.Loss))
                continue;
            yield return FormattableString.Invariant(
                $"bits of the run: epoch {recorded.Epoch} had training loss {before.Loss:g9}, and {after.Loss:g9} in the replay; another ")
                + "version or processor made it";
            yield break;
        }
    }
}
