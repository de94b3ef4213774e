using System.Globalization;
using System.IO.Compression;

namespace Thalweg.Faults;

/// <summary>Real data of a folder, as the group `data` of a recipe; null where the file is not there.</summary>
internal static class RealData
{
    private const int MnistCount = 1600, MnistSide = 28, Pool = 2;

    /// <summary>The 1797 digits of UCI, the first 1000, as images of 8 x 8.</summary>
    public static string? Digits(string folder)
    {
        string path = Path.Combine(folder, "sklearn", "digits.csv.gz");
        if (!File.Exists(path))
            return null;
        const int Side = 8, Count = 1000;
        byte[] images = new byte[Count * Side * Side], labels = new byte[Count];
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        for (int i = 0; i < Count; i++)
        {
            byte[] row = [.. reader.ReadLine()!.Split(',').Select(cell => (byte)double.Parse(cell, CultureInfo.InvariantCulture))];
            row.AsSpan(0, Side * Side).CopyTo(images.AsSpan(i * Side * Side));
            labels[i] = row[^1];
        }

        return Images(DataFolder.Images("digits", Side, images, labels));
    }

    /// <summary>The first 1600 images of MNIST, each pixel the mean of four.</summary>
    public static string? Mnist(string folder)
    {
        string path = Path.Combine(folder, "mnist", "t10k-images-idx3-ubyte.gz");
        string labelPath = Path.Combine(folder, "mnist", "t10k-labels-idx1-ubyte.gz");
        if (!File.Exists(path) || !File.Exists(labelPath))
            return null;
        const int Side = MnistSide / Pool;
        byte[] images = new byte[MnistCount * Side * Side], labels = Read(labelPath, 8, MnistCount);
        byte[] raw = Read(path, 16, MnistCount * MnistSide * MnistSide);
        for (int pixel = 0; pixel < images.Length; pixel++)
        {
            (int image, int rest) = Math.DivRem(pixel, Side * Side);
            int corner = (image * MnistSide * MnistSide) + (rest / Side * Pool * MnistSide) + (rest % Side * Pool);
            images[pixel] = (byte)((raw[corner] + raw[corner + 1] + raw[corner + MnistSide] + raw[corner + MnistSide + 1]) / 4);
        }

        return Images(DataFolder.Images("mnist", Side, images, labels));
    }

    /// <summary>Heating load of 768 buildings.</summary>
    public static string? Energy(string folder) => Table(folder, "energy-efficiency-enb2012.csv", ", target: Y1, ignored_columns: [Y2]");

    /// <summary>Cells of 699 patients.</summary>
    public static string? Cells(string folder) =>
        Table(folder, "breast-cancer-wisconsin.csv", ", task: classification, reading: { missing_words: ['?'] }");

    private static string Images(string path) => $"data: {{ source: \"{path}\", split: {{ test: none, validation: 0.3 }} }}";

    private static string? Table(string folder, string name, string more)
    {
        string path = Path.Combine(folder, "tabular", name);
        return File.Exists(path) ? $"data: {{ source: \"{path}\"{more}, split: {{ test: none, validation: 0.3 }} }}" : null;
    }

    private static byte[] Read(string path, int skip, int count)
    {
        using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        stream.ReadExactly(new byte[skip]);
        byte[] values = new byte[count];
        stream.ReadExactly(values);
        return values;
    }
}
