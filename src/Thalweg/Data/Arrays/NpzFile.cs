using System.IO.Compression;

namespace Thalweg.Data;

/// <summary>Reads a NumPy archive: a zip file of arrays, found by their names.</summary>
internal static class NpzFile
{
    private static readonly string[] FeatureNames = ["x_train", "train_x", "train_images", "x", "data", "features", "images", "inputs"];
    private static readonly string[] LabelNames = ["y_train", "train_y", "train_labels", "y", "label", "labels", "target", "targets", "t"];
    private static readonly string[] TestFeatureNames = ["x_test", "test_x", "test_images"];
    private static readonly string[] TestLabelNames = ["y_test", "test_y", "test_labels"];

    /// <summary>Reads features, labels, and test data where the archive has some.</summary>
    /// <exception cref="ThalwegException">The archive is damaged, or has no array with a known name: it says what it holds.</exception>
    public static LabeledArrays Read(string path)
    {
        using FileStream stream = SourceFile.OpenRaw(path);
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read);
            ZipArchiveEntry features = Find(archive, FeatureNames) ?? throw new ThalwegException(
                $"{path}: found no features; expected an array named x, data, features, images or x_train, the archive holds: "
                + string.Join(", ", archive.Entries.Take(20).Select(entry => Name(entry))));
            LabeledArrays data = new(
                Read(path, features),
                ReadLabels(path, Find(archive, LabelNames)),
                Find(archive, TestFeatureNames) is { } testFeatures ? Read(path, testFeatures) : null,
                ReadLabels(path, Find(archive, TestLabelNames)));
            data.CheckNumbers(path);
            return data;
        }
        catch (InvalidDataException error)
        {
            throw new ThalwegException($"{path}: the .npz archive is truncated or damaged ({error.Message}); fetch it again", error);
        }
    }

    private static ZipArchiveEntry? Find(ZipArchive archive, string[] names) =>
        names.Select(name => archive.Entries.FirstOrDefault(entry => Name(entry).Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(entry => entry is not null);

    private static string Name(ZipArchiveEntry entry) =>
        entry.FullName.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? entry.FullName[..^4] : entry.FullName;

    private static TableColumn? ReadLabels(string path, ZipArchiveEntry? entry) =>
        entry is null ? null : Read(path, entry).ToLabels($"{path}[{Name(entry)}]");

    private static ArrayData Read(string path, ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        return NpyFile.Read($"{path}[{Name(entry)}]", stream, entry.Length, entry.CompressedLength, isPacked: true);
    }
}
