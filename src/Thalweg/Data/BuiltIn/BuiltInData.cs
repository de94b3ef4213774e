namespace Thalweg.Data;

/// <summary>Data sets that the project draws itself, so that nothing has to be fetched.</summary>
/// <remarks>Sample i depends on the seed and on i alone: more samples never change the earlier ones.</remarks>
public sealed class BuiltInData
{
    private const int FewestSamples = 10, MostSamples = 10_000_000;
    private readonly Func<BuiltInData, DataOptions, int, DataSource> _draw;

    private BuiltInData(string name, string summary, int defaultCount, Func<BuiltInData, DataOptions, int, DataSource> draw)
    {
        Name = name;
        Summary = summary;
        DefaultCount = defaultCount;
        _draw = draw;
    }

    /// <summary>All built-in data sets; the first is the default of training.</summary>
    public static IReadOnlyList<BuiltInData> All { get; } =
    [
        new("glyphs", "28 x 28 gray images of the digits 0 to 9, drawn from strokes; 10 classes", 12_000, DrawGlyphs),
        new("spirals", "three interleaved spiral arms in the plane; 3 classes", 1500, DrawPoints(Points.Spirals)),
        new("moons", "two interleaved half circles in the plane; 2 classes", 1000, DrawPoints(Points.Moons)),
        new("xor", "four clouds in the plane, opposite ones alike; 2 classes", 1000, DrawPoints(Points.Xor)),
        new("blobs", "five round clouds in the plane; 5 classes", 1000, DrawPoints(Points.Blobs)),
        new("imbalanced", "three clouds in the plane that overlap, with 90, 8 and 2 percent of the points; 3 classes", 2000,
            DrawPoints(Points.Imbalanced)),
        new("words", "documents of 20 words out of 400, most of them rare, as 1 x 400 images of counts; 2 classes", 2000,
            DrawBytes([1, 400], DrawWords)),
        new("characters", "texts of 12 characters of a small language, one row each, with the next one to tell; 13 classes", 4000,
            DrawBytes([12, GeneratedData.Alphabet.Length], GeneratedData.DrawCharacters)),
        new("recall", "sequences of 22 steps, one row each, whose first symbol is to be told at the end; 4 classes", 2000,
            DrawBytes([22, 6], GeneratedData.DrawRecall)),
    ];

    /// <summary>Name by which it is opened.</summary>
    public string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public string Summary { get; }

    /// <summary>Number of samples by default.</summary>
    public int DefaultCount { get; }

    /// <summary>The built-in data of a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The data, or null if there is none of that name.</returns>
    public static BuiltInData? Find(string name) => All.FirstOrDefault(data => data.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    internal DataSource Open(DataOptions options)
    {
        int count = options.SampleCount ?? DefaultCount;
        if (count is < FewestSamples or > MostSamples)
            throw new ThalwegException($"{Name}: expected between {FewestSamples} and {MostSamples} samples, got {count}");
        return _draw(this, options, count);
    }

    private static ArraySource DrawGlyphs(BuiltInData data, DataOptions options, int count)
    {
        if ((long)count * Glyphs.Width > Array.MaxLength)
        {
            throw new ThalwegException($"{data.Name}: {count} images are more than one array may hold; "
                + $"ask for at most {Array.MaxLength / Glyphs.Width}");
        }

        (byte[] images, byte[] labels) = Glyphs.Draw(options.Seed, count);
        LabeledArrays arrays = new(
            new ArrayData([count, Glyphs.Side, Glyphs.Side], NumberFormat.Byte, images),
            new TableColumn("label", [.. labels.Select(label => (double)label)]));
        return new ArraySource(data.Name, "built-in images", arrays, options);
    }

    private static readonly double[] s_frequencies = GeneratedData.Frequencies(400);

    private static int DrawWords(Span<byte> features, ref RandomStream random) =>
        GeneratedData.DrawWords(features, s_frequencies, ref random);

    private static Func<BuiltInData, DataOptions, int, DataSource> DrawBytes(int[] shape, GeneratedData.Sampler sampler) =>
        (data, options, count) =>
        {
            int width = shape[0] * shape[1];
            if ((long)count * width > Array.MaxLength)
            {
                throw new ThalwegException($"{data.Name}: {count} samples are more than one array may hold; "
                    + $"ask for at most {Array.MaxLength / width}");
            }

            (byte[] features, int[] labels) = GeneratedData.Draw(count, width, options.Seed, sampler);
            LabeledArrays arrays = new(
                new ArrayData([count, .. shape], NumberFormat.Byte, features),
                new TableColumn("label", [.. labels.Select(label => (double)label)]));
            return new ArraySource(data.Name, "built-in sequences", arrays, options);
        };

    private static Func<BuiltInData, DataOptions, int, DataSource> DrawPoints(Points.Sampler sampler) => (data, options, count) =>
    {
        Table table = Points.Draw(sampler, options.Seed, count);
        ReadingReport reading = new() { Format = "built-in points" };
        TableOrigin origin = new(reading, IsNamed: true)
        {
            TestPath = options.TestPath,
            ValidationPath = options.ValidationPath,
            TestOptions = options,
        };
        return new TableSource(data.Name, table, origin, options);
    };
}
