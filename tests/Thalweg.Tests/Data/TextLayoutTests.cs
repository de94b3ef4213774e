using System.Text;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>How the layout of a text is found: separator, header, comments, width; and nothing is lost by it without a note.</summary>
public sealed class TextLayoutTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<char, string, string> Writings()
    {
        TheoryData<char, string, string> data = [];
        foreach (char separator in ",;\t|")
        {
            foreach (string end in (string[])["\n", "\r\n", "\r"])
            {
                foreach (string encoding in (string[])["utf-8", "utf-16", "windows-1252"])
                    data.Add(separator, end, encoding);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public void Same_table_comes_out_of_every_writing(char separator, string end, string encoding)
    {
        string[][] rows =
            [.. Enumerable.Range(0, 40).Select(i => new[] { $"#{i}", $"größe {i},\n; | \"{i}\"\n\nlast", $"{i}.5", $"k{i % 2}" })];
        string text = string.Join(separator, "#", "text", "x", "class") + end + string.Concat(rows.Select(
            row => string.Join(separator, row[0], $"\"{row[1].Replace("\"", "\"\"", StringComparison.Ordinal)}\"", row[2], row[3]) + end));
        Encoding bytes = TextEncodings.Get(encoding);
        string path = _files.Packed("a.csv.gz", [.. encoding == "utf-16" ? bytes.GetPreamble() : [], .. bytes.GetBytes(text)]);
        TextLayout layout = LayoutFinder.Find(path, new DataOptions());
        layout.Separator.ShouldBe(separator);
        layout.Names.ShouldBe(["#", "text", "x", "class"]);
        Read(path, layout).ShouldBe(rows.Select(row => string.Join('¦', row)));
    }

    [Theory]
    [InlineData(',', true)]
    [InlineData('\t', false)]
    public void Rows_may_be_longer_than_the_part_looked_at_first(char separator, bool hasHeader)
    {
        const int Columns = 30_000;
        string header = hasHeader ? string.Join(separator, Enumerable.Range(0, Columns).Select(i => $"gene_number_{i}")) + "\n" : "";
        string rows = string.Concat(Enumerable.Range(0, 4).Select(
            row => string.Join(separator, Enumerable.Range(0, Columns).Select(i => $"{row}.{i}")) + "\n"));
        string path = _files.Text("a.csv", header + rows);
        TextLayout layout = LayoutFinder.Find(path, new DataOptions());
        layout.ColumnCount.ShouldBe(Columns);
        layout.HasHeader.ShouldBe(hasHeader);
        Read(path, layout).Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("a,b\n1;2,3\n4;5,6\n", ',')]
    [InlineData("1,5;2,5;a\n3,5;4,5;b\n", ';')]
    [InlineData("1,5 2,5 3\n4,5 5,5 6\n", ' ')]
    [InlineData("x; y,1,2\nx; z,3,4\n", ',')]
    [InlineData("12\" pipe|3\n14\" pipe|4\n", '|')]
    [InlineData("2020-01-01 10:00,1\n2020-01-02 11:00,2\n", ',')]
    public void Separator_is_the_one_that_parts_the_rows_alike(string text, char expected) =>
        LayoutFinder.Find(_files.Text("a.csv", text), new DataOptions()).Separator.ShouldBe(expected);

    [Fact]
    public void Separator_may_be_told_or_stated()
    {
        string path = _files.Text("a.csv", "a^b\n1^2\n3^4\n");
        LayoutFinder.Find(path, new DataOptions { Separator = '^' }).Names.ShouldBe(["a", "b"]);
        TestFiles.ErrorOf(() => LayoutFinder.Find(path, new DataOptions { Separator = 'x' })).ShouldContain("DataOptions.Separator");
        string stated = _files.Text("b.csv", "sep=:\na:b\n1:2\n3:4\n");
        TextLayout layout = LayoutFinder.Find(stated, new DataOptions());
        layout.Names.ShouldBe(["a", "b"]);
        layout.Notes.Single().Kind.ShouldBe("skipped");
        Read(stated, layout).ShouldBe(["1¦2", "3¦4"]);
    }

    [Theory]
    [InlineData("region,2021,2022\nsouth,71.9,79.1\neast,3.5,4.1\nsouth,9.5,8.1\n", true, true)]
    [InlineData("1990,2000,2005\n1.5,2.5,3.5\n4.5,5.5,6.5\n7.5,1.5,3.5\n", true, true)]
    [InlineData("0,1,2,3,4,label\n9,8,7,6,5,a\n1,1,1,1,1,b\n7,7,7,7,7,a\n", true, true)]
    [InlineData(",0,1,2\n0,5.5,6.5,7.5\n1,8.5,9.5,9.9\n2,4.5,9.5,9.9\n", true, true)]
    [InlineData("x,y,1\n0.5,0.6,0.7\n0.1,0.2,1.9\n0.5,0.6,0.1\n", true, true)]
    [InlineData("500,300\n0.5,1.5\n0.1,2.5\n0.2,0.5\n", false, true)]
    [InlineData("1,2,3\n2,3,4\n3,4,5\n", false, false)]
    [InlineData("1,1,a\n2,4,b\n3,9,a\n", false, false)]
    [InlineData("5.1,3.5,a\n4.9,3.0,a\n4.7,3.2,b\n", false, false)]
    [InlineData("1,5;2,5\n3,5;4,5\n", false, false)]
    [InlineData("a,b\n1,2\n3,4\n", true, false)]
    public void First_row_of_numbers_is_distinguished_and_doubts_are_noted(string text, bool isHeader, bool isNoted)
    {
        string path = _files.Text("a.csv", text);
        TextLayout layout = LayoutFinder.Find(path, new DataOptions());
        layout.HasHeader.ShouldBe(isHeader);
        layout.Notes.Count(note => note is { Kind: "header", Option: nameof(DataOptions.HasHeader) }).ShouldBe(isNoted ? 1 : 0);
        TextLayout other = LayoutFinder.Find(path, new DataOptions { HasHeader = !isHeader });
        other.HasHeader.ShouldBe(!isHeader);
        other.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("#,x,class\n1,2,a\n2,3,b\n", "#", 2, false)]
    [InlineData("#tag,x,class\nplain,2,a\n#sunny,3,b\n#rain,4,a\n", "#tag", 3, false)]
    [InlineData("#rain,2,a\n#rain,3,b\nplain,2,a\n#rain,4,a\n", "c0", 4, false)]
    [InlineData("#rain,2,a\n#sun,3,b\n", "c0", 2, false)]
    [InlineData("# x y z\n1.5 2 0\n2.5 3 1\n", "x", 2, true)]
    [InlineData("# x,y,z\n1.5,2,0\n2.5,3,1\n", "x", 2, true)]
    [InlineData("# made today\n# x,y,z\n1.5,2,0\n2.5,3,1\n", "x", 2, true)]
    [InlineData("# made today\nx,y,z\n1.5,2,0\n#2.5,3,1\n", "x", 2, true)]
    [InlineData("// made today\r\n// by me\r\nx,y,z\r\n1.5,2,0\r\n2.5,3,1\r\n", "x", 2, true)]
    [InlineData("\uFEFF% x,y\n1.5,2\n2.5,3\n", "x", 2, true)]
    public void Lines_are_skipped_as_comments_only_where_they_cannot_be_rows(string text, string firstName, int rows, bool isNoted)
    {
        string path = _files.Text("a.csv", text);
        TextLayout layout = LayoutFinder.Find(path, new DataOptions());
        layout.Names[0].ShouldBe(firstName);
        Read(path, layout).Length.ShouldBe(rows);
        layout.Notes.Count(note => note is { Kind: "skipped", Option: nameof(DataOptions.Comment) }).ShouldBe(isNoted ? 1 : 0);
    }

    [Fact]
    public void Comments_are_skipped_where_they_are_given_and_otherwise_refused()
    {
        string path = _files.Text("a.csv", "x,class\n1,a\n# a pause\n2,b\n# the end\n");
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("line 3: expected 2 cells as in the first row, found 1; "
            + "if the line is a comment, skip it by DataOptions.Comment '#'");
        Read(path, LayoutFinder.Find(path, new DataOptions { Comment = '#' })).ShouldBe(["1¦a", "2¦b"]);
        string leading = _files.Text("b.csv", "# made today\nx,class\n1,a\n2,b\n");
        TestFiles.ErrorOf(() => LayoutFinder.Find(leading, new DataOptions { Comment = '\0' })).ShouldContain("line 1: expected 2 cells");
    }

    [Fact]
    public void Lines_are_counted_from_the_start_of_the_file()
    {
        string path = _files.Text("a.csv", "# made today\n# by me\nx,y,z\n1,2,3\n\n4,5\n");
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("line 6: expected 3 cells");
    }

    [Theory]
    [InlineData("a,b,\n1,2,\n3,4,\n", "a,b", "1¦2")]
    [InlineData("a,b,\n1,2\n3,4\n", "a,b", "1¦2")]
    [InlineData("a,b\n1,2,\n3,4,\n", "a,b", "1¦2")]
    [InlineData("a,b\n1,2\n3,4,\n5,6\n", "a,b", "1¦2")]
    [InlineData("1,2,\n3,4,\n5,6,\n", "c0,c1", "1¦2")]
    [InlineData("a;b;\r\n1;2;\r\n", "a,b", "1¦2")]
    [InlineData("a,b\nr1,1,2\nr2,3,4\n", "a,b", "1¦2")]
    [InlineData("\"a\" \"b\"\n\"r1\" 1 2\n\"r2\" 3 4\n", "a,b", "1¦2")]
    public void Trailing_separators_and_an_index_without_a_name_are_no_columns(string text, string names, string first)
    {
        string path = _files.Text("a.csv", text);
        TextLayout layout = LayoutFinder.Find(path, new DataOptions());
        layout.Names.ShouldBe(names.Split(','));
        layout.Notes.Single(note => note.Kind != "header").Option.ShouldBe(nameof(DataOptions.ColumnNames));
        Read(path, layout)[0].ShouldBe(first);
    }

    [Theory]
    [InlineData(",a,b\n0,1,2\n1,3,4\n", "c0,a,b")]
    [InlineData("a,b,\n1,2,\n3,4,5\n", "a,b,c2")]
    public void Column_without_a_name_that_has_values_stays(string text, string names)
    {
        TextLayout layout = LayoutFinder.Find(_files.Text("a.csv", text), new DataOptions());
        layout.Names.ShouldBe(names.Split(','));
    }

    [Theory]
    [InlineData("a,b,c\n1,2\n1,2,3\n1,2,3\n", "line 2: expected 3 cells")]
    [InlineData("Report of 2021\na,b,c\n1,2,3\n1,2,3\n", "line 1: expected 3 cells as in the rows below (line 2), found 1")]
    [InlineData("a,b\n1,2,3,4\n1,2,3,4\n", "line 1: expected 4 cells as in the rows below (line 2), found 2")]
    public void Line_that_differs_from_the_others_is_blamed(string text, string expected) =>
        TestFiles.ErrorOf(() => DataSource.Open(_files.Text("a.csv", text))).ShouldContain(expected);

    [Fact]
    public void Value_behind_a_trailing_separator_is_refused()
    {
        string rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},{i % 2},{(i == 450 ? "x" : "")}\n"));
        string path = _files.Text("a.csv", "a,b,\n" + rows);
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("line 452: expected nothing behind the last separator, as in the "
            + "first rows, found 'x'; name all columns, this one too, by DataOptions.ColumnNames");
        DataSource.Open(path, new DataOptions { ColumnNames = ["a", "b", "c"], Target = "b" }).Describe().Columns.Count.ShouldBe(3);
    }

    private static string[] Read(string path, TextLayout layout)
    {
        using RowReader rows = RowReader.Open(path, layout);
        List<string> read = [];
        while (rows.Read())
            read.Add(string.Join('¦', Enumerable.Range(0, rows.Count).Select(i => Encoding.UTF8.GetString(rows[i]))));
        return [.. read];
    }
}
