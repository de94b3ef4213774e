using Thalweg.Data;

namespace Thalweg.Bench.Accuracy;

/// <summary>All 60,000 training images and the 10,000 test images of a folder of IDX files, pixels divided by 255
/// and nothing else.</summary>
/// <param name="Training">The training images.</param>
/// <param name="Test">The test images, whose readings are counted.</param>
internal sealed record FashionData(TrainingSet Training, TestSet Test)
{
    private const string TrainingImages = "train-images-idx3-ubyte";

    /// <summary>Training images that stand in for validation data, which the trainer asks for; nothing is chosen by them.</summary>
    private const int Watched = 512;

    /// <summary>A few of the training images: a run that keeps its last weights chooses nothing by them.</summary>
    public ValidationSet Stand => new(Training.Data.WithRows([.. Enumerable.Range(0, Watched)]));

    /// <summary>Reads the four files.</summary>
    /// <param name="folder">Folder with the files under the names of MNIST, packed or not.</param>
    /// <exception cref="ThalwegException">A file is missing or damaged.</exception>
    public static FashionData Open(string folder)
    {
        DataSource source = DataSource.Open(folder);
        Preprocessing unit = source.Split().Preprocessing with { Image = new ImageEncoding(1 / 255.0, 0, 1) };
        string packed = Path.Combine(folder, TrainingImages + ".gz");
        string images = File.Exists(packed) ? packed : Path.Combine(folder, TrainingImages);
        using PreparedReader training = PreparedReader.Open(images, unit, requireTarget: true);
        using PreparedReader test = source.OpenReader(unit, requireTarget: true);
        return new FashionData(new TrainingSet(training.ReadAll()), new TestSet(test.ReadAll()));
    }
}
