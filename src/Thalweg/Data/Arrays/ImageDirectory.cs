namespace Thalweg.Data;

/// <summary>A directory with files named as those of MNIST.</summary>
/// <param name="TrainImages">Images to train on; null where there are none.</param>
/// <param name="TrainLabels">Their labels.</param>
/// <param name="TestImages">Images for the test; null where there are none.</param>
/// <param name="TestLabels">Their labels.</param>
internal sealed record ImageDirectory(string? TrainImages, string? TrainLabels, string? TestImages, string? TestLabels)
{
    /// <summary>Finds the files, gzip or plain.</summary>
    /// <exception cref="ThalwegException">There are none, or images lack their labels.</exception>
    public static ImageDirectory Find(string path)
    {
        ImageDirectory found = new(
            FindFile(path, "train-images", "idx3-ubyte"), FindFile(path, "train-labels", "idx1-ubyte"),
            FindFile(path, "t10k-images", "idx3-ubyte"), FindFile(path, "t10k-labels", "idx1-ubyte"));
        if (found.TrainImages is null && found.TestImages is null)
        {
            throw new ThalwegException($"{path}: the directory holds no train-images-idx3-ubyte[.gz] or t10k-images-idx3-ubyte[.gz]; "
                + "name a file, or a directory with the four files of MNIST");
        }

        return found;
    }

    /// <summary>The file of labels that belongs to a file of images by its name; null where there is none.</summary>
    public static string? LabelsBeside(string imagesPath)
    {
        string name = Path.GetFileName(imagesPath);
        string labels = name.Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        string path = Path.Combine(Path.GetDirectoryName(imagesPath) ?? "", labels);
        if (labels == name)
            return null;
        string other = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path + ".gz";
        return File.Exists(path) ? path : File.Exists(other) ? other : null;
    }

    /// <summary>Reads images, or maps them where they are plain and large, and labels, and checks that there are as many of one as
    /// of the other.</summary>
    public static (ArrayData Images, TableColumn? Labels) Read(string imagesPath, string? labelsPath, DataOptions options)
    {
        bool isMapped = options.IsLarge(SourceFile.Length(imagesPath)) && SourceFile.CanBeMapped(imagesPath);
        ArrayData images = isMapped ? IdxReader.Map(imagesPath) : IdxReader.ReadAll(imagesPath, options.MaxSize);
        TableColumn? labels = labelsPath is null ? null : IdxReader.ReadAll(labelsPath, options.MaxSize).ToLabels(labelsPath);
        LabeledArrays.CheckCounts(imagesPath, images.Count, labelsPath, labels);
        return (images, labels);
    }

    private static string? FindFile(string path, string stem, string kind)
    {
        string[] names = [$"{stem}-{kind}", $"{stem}-{kind}.gz", $"{stem}.{kind}", $"{stem}.{kind}.gz"];
        return names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists);
    }
}
