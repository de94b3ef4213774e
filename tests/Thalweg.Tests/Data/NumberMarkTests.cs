using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Decimal commas, groups of digits, and signs.</summary>
public sealed class NumberMarkTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("1,190,753", "1,143", 1190753, 1143)]
    [InlineData("1,143.5", "1,143", 1143.5, 1143)]
    [InlineData("1.234,56", "1.143", 1234.56, 1143)]
    [InlineData("1.190.753", "1.143", 1190753, 1143)]
    [InlineData("1 190 753", "1 143", 1190753, 1143)]
    [InlineData("1'190'753", "1'143", 1190753, 1143)]
    [InlineData("12,34,567", "1,143", 1234567, 1143)]
    [InlineData("0,5", "1,143", 0.5, 1.143)]
    [InlineData("$1,234.50", "$7", 1234.5, 7)]
    [InlineData("12%", "12.5 %", 12, 12.5)]
    [InlineData("(5)", "5", -5, 5)]
    [InlineData("5-", "5", -5, 5)]
    [InlineData("-€5", "€-7", -5, -7)]
    public void Proved_marks_hold_for_the_file_and_for_new_rows(string proof, string other, double proved, double value)
    {
        string path = Write(proof, other);
        foreach (long limit in new[] { 0, long.MaxValue })
        {
            DataOptions options = new() { InMemoryLimit = limit };
            DataSource source = DataSource.Open(path, options);
            source.Reading.Columns.Select(column => column.Kind).ShouldBe(["number", "number", "target"]);
            source.Reading.Notes.ShouldNotBeEmpty();
            TestFiles.ErrorOf(() => DataSource.Open(path, options with { Strict = true })).ShouldContain("DataOptions.Strict");
            Preprocessing stored = Preprocessing.FromJson(source.Split().Preprocessing.ToJson());
            NumericEncoding[] columns = [.. stored.Columns!.Cast<NumericEncoding>()];
            string row = _files.Text("one.csv", $"a;b\n\"{proof}\";\"{other}\"\n");
            using PreparedReader one = PreparedReader.Open(row, stored, requireTarget: false);
            one.Read()!.Features.ToArray().ShouldBe([(float)columns[0].Encode(proved), (float)columns[1].Encode(value)]);
        }
    }

    [Theory]
    [InlineData("1,143", "2,500")]
    [InlineData("1 143", "2 500")]
    public void What_is_not_proved_is_refused_with_both_options(string first, string second)
    {
        string path = Write(first, second);
        string error = TestFiles.ErrorOf(() => DataSource.Open(path));
        error.ShouldContain($"column 'a': '{first}' (line 2)");
        error.ShouldContain("DataOptions.ThousandsMark");
        error.ShouldContain("DataOptions.DecimalMark");
        char mark = first[1];
        DataSource.Open(path, new DataOptions { ThousandsMark = mark }).Describe().Columns[0].Summary.ShouldStartWith("1143 to");
        if (mark == ',')
            DataSource.Open(path, new DataOptions { DecimalMark = ',' }).Describe().Columns[0].Summary.ShouldStartWith("1.143 to");
        DataSource.Open(path, new DataOptions { CategoricalColumns = ["a", "b"] }).Reading.Columns[0].Kind.ShouldBe("category");
    }

    [Theory]
    [InlineData("1.234,56", "0.5")]
    [InlineData("0,5", "3.7")]
    [InlineData("1,190,753", "0,5")]
    public void Columns_that_contradict_each_other_are_refused(string first, string second)
    {
        string path = _files.Text(
            "a.csv", "a;b;y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"\"{first}\";\"{second}\";{i % 3}\n")));
        string error = TestFiles.ErrorOf(() => DataSource.Open(path));
        error.ShouldContain(first);
        error.ShouldContain(second);
    }

    [Fact]
    public void Texts_with_commas_stay_texts()
    {
        DataSource source = DataSource.Open(Write("1,143", "a,b,c"), new DataOptions { IgnoredColumns = ["a"] });
        source.Reading.Columns.Select(column => column.Kind).ShouldBe(["ignored", "category", "target"], ignoreOrder: false);
    }

    [Fact]
    public void Mixed_currencies_are_no_numbers()
    {
        IEnumerable<string> rows = Enumerable.Range(0, 40).Select(i => $"{(i % 2 == 0 ? "$" : "€")}{5 + (i % 3)};{i % 3}\n");
        DataSource.Open(_files.Text("a.csv", "p;y\n" + string.Concat(rows))).Reading.Columns[0].Kind.ShouldBe("category");
    }

    private string Write(string first, string second) => _files.Text(
        "t.csv", "a;b;y\n" + string.Concat(Enumerable.Range(0, 40)
            .Select(i => i % 2 == 0 ? $"\"{first}\";\"{second}\";{i % 3}\n" : $"\"{second}\";\"{first}\";{i % 3}\n")));
}
