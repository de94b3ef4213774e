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
    /// <param name="path">The file.</param>
    /// <param name="maxSize">Most bytes that its arrays may unpack to.</param>
    /// <exception cref="ThalwegException">The archive is damaged, or has no array with a known name: it says what it holds.</exception>
    public static LabeledArrays Read(string path, long maxSize)
    {
        using FileStream stream = SourceFile.OpenRaw(path);
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read);
            CheckNames(path, archive);
            CheckSize(path, archive, maxSize);
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

    /// <summary>Refuses names that lead out of a folder: nothing is unpacked into one here, but no array is called so either.</summary>
    private static void CheckNames(string path, ZipArchive archive)
    {
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string[] parts = entry.FullName.Split('/', '\\');
            if (parts.Contains("..") || parts[0].Length == 0 || parts[0].Contains(':', StringComparison.Ordinal))
            {
                throw new ThalwegException($"{path}: expected names of arrays, got {CellText.Quote(entry.FullName)}, which leads out of the "
                    + "archive; the file is damaged or hostile");
            }
        }
    }

    /// <summary>Refuses an archive that unpacks to more than is wanted; what an entry states is all that is read of it.</summary>
    private static void CheckSize(string path, ZipArchive archive, long maxSize)
    {
        Int128 size = 0;
        foreach (ZipArchiveEntry entry in archive.Entries)
            size += entry.Length;
        if (size > maxSize)
        {
            throw new ThalwegException($"{path}: expected an archive that unpacks to at most {maxSize} bytes, got one of {size}; "
                + "if it is what it should be, raise DataOptions.MaxSize");
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
