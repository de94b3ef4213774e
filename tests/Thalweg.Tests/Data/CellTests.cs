using System.Globalization;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>From cells to columns: what a cell means beside the others of its column.</summary>
public sealed class CellTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Numbers_are_those_of_the_framework_to_the_bit()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            string text = (i % 4) switch
            {
                0 => value.ToString("R", CultureInfo.InvariantCulture),
                1 => (random.Next() / 997.0).ToString($"F{i % 9}", CultureInfo.InvariantCulture),
                2 => random.NextInt64(-1_000_000_000_000_000, 1_000_000_000_000_000).ToString(CultureInfo.InvariantCulture),
                _ => $"-.{random.Next()}",
            };
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double expected) || !double.IsFinite(expected))
                continue;
            CellText.TryNumber(System.Text.Encoding.UTF8.GetBytes(text), out double read).ShouldBeTrue(text);
            BitConverter.DoubleToInt64Bits(read).ShouldBe(BitConverter.DoubleToInt64Bits(expected), text);
        }
    }

    [Theory]
    [InlineData("1.10", "1.1", "x")]
    [InlineData("007", "7", "x")]
    [InlineData("2E3", "2000", "x")]
    [InlineData("12345678901234567891", "12345678901234567892", "x")]
    [InlineData("+5", "5", "x")]
    [InlineData("NA", "None", "x")]
    [InlineData("inf", "Infinity", "x")]
    [InlineData("1.0", "1", "x")]
    public void Texts_keep_their_identity_wherever_the_first_word_comes(string first, string second, string word)
    {
        foreach (int position in new[] { 0, 1, 59 })
        {
            string[] cells = [.. Enumerable.Range(0, 60).Select(i => i == position ? word : i % 2 == 0 ? first : second)];
            string path = Write(cells);
            foreach (long limit in new[] { 0, long.MaxValue })
            {
                DataSource source = DataSource.Open(path, new DataOptions { InMemoryLimit = limit });
                Exported(source).ShouldBe(cells, $"{position} {limit}");
                source.Describe().Columns[0].Distinct.ShouldBe(3);
            }
        }
    }

    [Theory]
    [InlineData("1E5,10A,7,007,100000", "007,100000,10A,1E5,7")]
    [InlineData("1E5,7,007,100000", "007,7,1E5,100000")]
    [InlineData("1.10,1.1,1.2", "1.1,1.10,1.2")]
    [InlineData("0.0,1.0,2.0", "0.0,1.0,2.0")]
    [InlineData("1,1.0,2", "1,2")]
    public void Classes_are_named_as_they_are_written(string cells, string classes)
    {
        string[] values = cells.Split(',');
        string path = _files.Text(
            "a.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 0.5},{values[i % values.Length]}\n")));
        foreach (long limit in new[] { 0, long.MaxValue })
        {
            DataOptions options = new() { Task = LearningTask.Classification(), InMemoryLimit = limit };
            DataSplit split = DataSource.Open(path, options).Split();
            split.Preprocessing.Target.ClassNames.ShouldBe(classes.Split(','));
            Preprocessing stored = Preprocessing.FromJson(split.Preprocessing.ToJson());
            string one = _files.Text("one.csv", $"x,y\n1,{values[0]}\n");
            using PreparedReader reader = PreparedReader.Open(one, stored, requireTarget: true, new DataOptions { HasHeader = true });
            reader.Read()!.Labels[0].ShouldBe(Array.IndexOf(classes.Split(','), values[0]));
        }
    }

    [Fact]
    public void Numbers_as_categories_are_known_by_text_and_then_by_value()
    {
        string path = _files.Text(
            "a.csv", "k,x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? "007" : "8")},{i},{i % 3}\n")));
        foreach (long limit in new[] { 0, long.MaxValue })
        {
            DataSplit split = DataSource.Open(path, new DataOptions { CategoricalColumns = ["k"], InMemoryLimit = limit }).Split();
            split.Preprocessing.FeatureNames.ShouldBe(["k=007", "k=8", "x"]);
            string created = _files.Text("new.csv", "k,x\n7,1\n8.0,1\n9,1\n");
            using PreparedReader reader = PreparedReader.Open(created, split.Preprocessing, requireTarget: false);
            float[] features = reader.Read()!.Features.ToArray();
            features[0..2].ShouldBe([1, 0]);
            features[3..5].ShouldBe([0, 1]);
            features[6..8].ShouldBe([0, 0]);
            reader.UnseenCategories.ShouldHaveSingleItem().Examples.ShouldBe(["9"]);
        }
    }

    [Theory]
    [InlineData("#N/A")]
    [InlineData("#N/A N/A")]
    [InlineData("-1.#IND")]
    [InlineData("-nan")]
    [InlineData("<NA>")]
    [InlineData("None")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("?")]
    [InlineData("")]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    public void Words_and_infinite_values_are_missing_among_numbers(string word)
    {
        foreach (int position in new[] { 0, 7 })
        {
            string path = Write([.. Enumerable.Range(0, 40).Select(i => i % 20 == position ? word : $"{i}.5")]);
            foreach (long limit in new[] { 0, long.MaxValue })
            {
                DataOptions options = new() { InMemoryLimit = limit };
                ColumnReport report = DataSource.Open(path, options).Reading.Columns[0];
                (report.Kind, report.Missing).ShouldBe(("number", 2));
                if (word.Length > 0)
                    TestFiles.ErrorOf(() => DataSource.Open(path, options with { Strict = true })).ShouldContain("DataOptions.Strict");
            }
        }
    }

    [Fact]
    public void Words_that_are_told_are_missing_everywhere_and_by_value()
    {
        string path = _files.Text("a.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 40)
            .Select(i => i % 4 == 0 ? "-999.0,gone,1\n" : $"{i},{(i % 2 == 0 ? "red" : "None")},{i % 3}\n")));
        DataSource source = DataSource.Open(path, new DataOptions { MissingWords = ["-999", "gone"] });
        source.Reading.Columns.Select(column => column.Missing).ShouldBe([10, 10, 0]);
        source.Describe().Columns[1].Distinct.ShouldBe(2);
        DataSource.Open(path).Reading.Columns.Select(column => column.Missing).ShouldBe([0, 0, 0]);
        Preprocessing stored = Preprocessing.FromJson(source.Split().Preprocessing.ToJson());
        using PreparedReader reader = PreparedReader.Open(_files.Text("one.csv", "a,b\n-999,gone\n"), stored, requireTarget: false);
        float[] features = reader.Read()!.Features.ToArray();
        string[] names = [.. stored.FeatureNames];
        features[Array.IndexOf(names, "a missing")].ShouldBe(1);
        features[Array.IndexOf(names, "b missing")].ShouldBe(1);
    }

    [Fact]
    public void Different_values_are_counted_in_the_rows_that_are_reported()
    {
        string path = _files.Text(
            "a.csv", "k,y\n" + string.Concat(Enumerable.Range(0, 57).Select(i => $"t{i},{(i < 14 ? $"{i}.5" : "")}\n")));
        DataDescription description = DataSource.Open(path).Describe();
        description.Rows.ShouldBe(14);
        description.Columns[0].Distinct.ShouldBe(14);
        string many = _files.Text("b.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 11_602).Select(i => $"{i},{i}.5\n")));
        DataSource.Open(many).Describe().Columns[0].Distinct.ShouldBe(11_602);
    }

    [Theory]
    [InlineData("2014-10-13", "2014-10-13")]
    [InlineData("2014/1/3", "2014-01-03")]
    [InlineData("20141013T120000", "2014-10-13T12:00:00")]
    [InlineData("2014-10-13T12:00:00+02:00", "2014-10-13T10:00:00")]
    [InlineData("2014-10", "2014-10-01")]
    [InlineData("13 Oct 2014", "2014-10-13")]
    [InlineData("31/12/2014 06:30", "2014-12-31T06:30:00")]
    [InlineData("12/31/2014", "2014-12-31")]
    [InlineData("31.12.2014", "2014-12-31")]
    public void Dates_are_days(string written, string meaning)
    {
        string path = Write([.. Enumerable.Range(0, 40).Select(i => i % 7 == 3 ? "NA" : written)]);
        DataSource source = DataSource.Open(path);
        Exported(source)[0].ShouldBe(meaning);
        source.Reading.Notes.ShouldContain(note => note.Kind == "date" && note.Option == "IgnoredColumns");
    }

    [Fact]
    public void Dates_in_an_order_that_no_cell_settles_stay_texts()
    {
        string[] cells = [.. Enumerable.Range(0, 40).Select(i => $"0{1 + (i % 9)}/0{1 + (i % 7)}/2014")];
        DataSource source = DataSource.Open(Write(cells));
        Exported(source).ShouldBe(cells);
        source.Reading.Notes.ShouldContain(note => note.Text.Contains("cannot be distinguished", StringComparison.Ordinal));
    }

    private string Write(string[] cells) => _files.Text(
        "t.csv", "v,x,y\n" + string.Concat(cells.Select((cell, i) => $"{cell},{i},{i * i}.5\n")));

    private static string[] Exported(DataSource source)
    {
        using StringWriter csv = new();
        source.WriteCsv(csv, source.AllRows());
        return [.. csv.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[0])];
    }
}
