using System.Globalization;
using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Training;

namespace Thalweg.Open.Tests;

/// <summary>Formats of data files from outside the library: opened by name of the file alone, like those of the library.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thalweg-format").FullName;

    static FormatTests() => DataFormat.Register(new LineFormat());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void A_table_trains_and_the_model_reads_other_files(long? limit)
    {
        string path = Write("train.lines", Enumerable.Range(0, 90)), other = Write("other.lines", Enumerable.Range(90, 20));
        DataSource source = DataSource.Open(path, new DataOptions { InMemoryLimit = limit });
        source.Describe().Kind.ShouldBe("lines table");
        DataSplit split = source.Split();
        Sequential network = new(new Dense(split.Preprocessing.FeatureWidth, 2));
        new Trainer(network, split.Training, split.Validation, new TrainerOptions { Epochs = 2 }).Fit();
        TrainedModel model = new(network, split.Preprocessing);
        using PreparedReader reader = PreparedReader.Open(other, model.Preprocessing, requireTarget: true);
        model.Evaluate(reader.ReadAll()).Samples.ShouldBe(20);
        using StringWriter csv = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        source.WriteCsv(csv, [0, 1]);
        csv.ToString().ReplaceLineEndings("\n").ShouldBe(
            "id,x,color,seen,label\n9007199254740993,0.5,red,2026-01-01,even\n9007199254740994,1.5,blue,2026-01-02,odd\n");
    }

    [Fact]
    public void An_array_is_one_of_images()
    {
        DataFormat.Register(new RawImages());
        string path = Path.Combine(_folder, "digits.raw");
        File.WriteAllBytes(path, [.. "RAWI"u8, .. Enumerable.Range(0, 40 * 9).Select(i => (byte)i)]);
        DataSource source = DataSource.Open(path);
        source.Describe().Kind.ShouldBe("raw images arrays");
        source.Split().Preprocessing.FeatureShape.ShouldBe([1, 3, 3]);
    }

    [Theory]
    [InlineData("empty", "no data rows")]
    [InlineData("number", "format lines, got one that cannot be read")]
    [InlineData("uneven", "blocks of equal columns")]
    [InlineData("twice", "'x' twice")]
    [InlineData("null", "got nothing")]
    public void What_a_format_gives_is_checked(string text, string fact)
    {
        string path = Path.Combine(_folder, "bad.lines");
        File.WriteAllText(path, text);
        string message = Should.Throw<ThalwegException>(() => DataSource.Open(path)).Message;
        message.ShouldStartWith(path);
        message.ShouldContain(fact);
    }

    [Fact]
    public void Missing_values_are_those_of_the_format_and_those_that_are_named()
    {
        string path = Write("missing.lines", Enumerable.Range(0, 40));
        DataOptions options = new() { MissingWords = ["0.5", "red"] };
        IReadOnlyList<ColumnDescription> columns = [.. DataSource.Open(path, options).Describe().Columns];
        columns.Single(column => column.Name == "x").Missing.ShouldBe(1);
        columns.Single(column => column.Name == "color").Missing.ShouldBe(20);
    }

    private string Write(string name, IEnumerable<int> rows)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllLines(path, rows.Select(row => row.ToString(CultureInfo.InvariantCulture)));
        return path;
    }

    /// <summary>A number in each line, from which the columns follow; words give what a format must not give.</summary>
    private sealed class LineFormat : DataFormat
    {
        public override string Name => "lines";

        public override IReadOnlyList<string> Extensions => [".lines"];

        public override DataContent Read(Stream stream, string path, DataOptions options)
        {
            string text = new StreamReader(stream).ReadToEnd();
            ColumnValues x = ColumnValues.Numbers("x", [1, 2]);
            return text switch
            {
                "empty" => new TableContent([]),
                "uneven" => new TableContent([[x, ColumnValues.Texts("y", ["a"])]]),
                "twice" => new TableContent([[x, x]]),
                "null" => null!,
                _ => new TableContent(text.TrimEnd().Split('\n').Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Chunk(16).Select(Block)),
            };
        }

        private static IReadOnlyList<ColumnValues> Block(int[] rows) =>
        [
            ColumnValues.Integers("id", [.. rows.Select(row => (long?)(9007199254740993 + row))]),
            ColumnValues.Numbers("x", [.. rows.Select(row => row + 0.5)]),
            ColumnValues.Texts("color", [.. rows.Select(row => row % 2 == 0 ? "red" : "blue")]),
            ColumnValues.Dates("seen", [.. rows.Select(row => (DateTime?)new DateTime(2026, 1, 1).AddDays(row))]),
            ColumnValues.Texts("label", [.. rows.Select(row => row % 2 == 0 ? "even" : "odd")]),
        ];
    }

    private sealed class RawImages : DataFormat
    {
        public override string Name => "raw images";

        public override bool Recognizes(string path, ReadOnlySpan<byte> start) => start.StartsWith("RAWI"u8);

        public override DataContent Read(Stream stream, string path, DataOptions options)
        {
            byte[] values = new byte[stream.Length - 4];
            stream.Position = 4;
            stream.ReadExactly(values);
            int count = values.Length / 9;
            return new ArrayContent([count, 3, 3], values, ColumnValues.Texts("label", [.. Enumerable.Range(0, count).Select(i => $"{i % 2}")]));
        }
    }
}
