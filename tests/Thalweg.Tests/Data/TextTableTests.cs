using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class TextTableTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData(' ')]
    public void Separator_is_found(char separator)
    {
        string rows = string.Join(
            '\n', Enumerable.Range(0, 20).Select(i => string.Join(separator, $"{i}.5", $"-{i}", i % 2 == 0 ? "yes" : "no")));
        DataDescription description = DataSource.Open(_files.Text("a.csv", rows)).Describe();
        description.Columns.Select(column => column.Role).ShouldBe(["numeric", "numeric", "target"]);
        description.Rows.ShouldBe(20);
        description.Columns[0].Summary.ShouldBe("0.5 to 19.5");
    }

    [Fact]
    public void Runs_of_blanks_and_leading_blanks_separate()
    {
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => $"   {i}   {i * 2}  {i % 3}  \n"));
        DataDescription description = DataSource.Open(_files.Text("a.txt", rows)).Describe();
        description.Columns.Count.ShouldBe(3);
        description.Classes.Select(entry => entry.Rows).ShouldBe([4, 4, 4]);
    }

    [Fact]
    public void Semicolons_win_over_commas_inside_cells()
    {
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => $"\"a,{i % 2}\";{i};{i % 2}\n"));
        DataSource.Open(_files.Text("a.csv", rows)).Describe().Columns.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("a,b,c\n", true)]
    [InlineData("1,2,x\n", false)]
    [InlineData("", false)]
    public void Header_is_found(string first, bool isHeader)
    {
        string rows = first + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i * i},{(i % 2 == 0 ? "x" : "y")}\n"));
        DataDescription description = DataSource.Open(_files.Text("a.csv", rows)).Describe();
        description.Columns[2].Name.ShouldBe(isHeader ? "c" : "c2");
        description.Rows.ShouldBe(isHeader || first.Length == 0 ? 20 : 21);
    }

    [Fact]
    public void Header_above_words_alone_is_found_because_it_never_comes_again()
    {
        string words = string.Concat(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "round,red\n" : "flat,blue\n"));
        DataSource.Open(_files.Text("a.csv", "shape,color\n" + words)).Describe().Columns.Select(column => column.Name)
            .ShouldBe(["shape", "color"]);
        DataSource.Open(_files.Text("b.csv", words)).Describe().Columns.Select(column => column.Name).ShouldBe(["c0", "c1"]);
    }

    [Fact]
    public void Header_may_be_given()
    {
        string path = _files.Text("a.csv", "1,2\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2}\n")));
        DataSource source = DataSource.Open(path, new DataOptions { HasHeader = true });
        source.Describe().Columns.Select(column => column.Name).ShouldBe(["1", "2"]);
        source.Count.ShouldBe(20);
    }

    [Fact]
    public void Names_may_be_given_and_must_be_as_many_as_columns()
    {
        string path = _files.Text("a.csv", string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2}\n")));
        DataSource.Open(path, new DataOptions { ColumnNames = ["x", "y"], Target = "y" }).Describe().Target.ShouldBe("y");
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { ColumnNames = ["x"] }))
            .ShouldContain("1 column names were given, but the file has 2 columns");
    }

    [Fact]
    public void Quotes_line_breaks_byte_order_mark_carriage_returns_and_empty_lines_are_read()
    {
        string text = "\uFEFFname,value,class\r\n\"a \"\"b\"\", c\",1,x\r\n\"two\nlines\",2,y\r\n\r\n" + string.Concat(
            Enumerable.Range(0, 10).Select(_ => " a , 3 , x \r\n")) + "\r\n";
        DataDescription description = DataSource.Open(_files.Text("a.csv", text)).Describe();
        description.Rows.ShouldBe(12);
        description.Columns[0].Name.ShouldBe("name");
        description.Columns[0].Summary.ShouldContain("a (10)");
        description.Columns[0].Summary.ShouldContain("a \"b\", c (1)");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("null")]
    public void Missing_values_are_known(string missing)
    {
        string rows = "x,color,class\n" + string.Concat(
            Enumerable.Range(0, 20).Select(i => i % 4 == 0 ? $"{missing},,a\n" : $"{i},red,b\n"));
        DataDescription description = DataSource.Open(_files.Text("a.csv", rows)).Describe();
        description.Columns[0].Role.ShouldBe("numeric");
        description.Columns[0].Missing.ShouldBe(5);
        description.Columns[1].Missing.ShouldBe(5);
        description.MissingValues.ShouldBe(10);
        description.Reading.Columns[0].MissingWords.ShouldBe([missing]);
        description.Reading.Columns[1].MissingWords.ShouldBe([""]);
    }

    [Fact]
    public void First_line_of_counts_and_class_names_is_understood()
    {
        string rows = "12,2,red,green\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i},{i * i},{i % 2}\n"));
        DataSource.Open(_files.Text("a.csv", rows))
            .Describe().Classes.ShouldBe([new ClassDescription("red", 6), new ClassDescription("green", 6)]);
        TestFiles.ErrorOf(() => DataSource.Open(_files.Text("b.csv", rows.Replace("12,2,", "13,2,", StringComparison.Ordinal))))
            .ShouldContain("line 1 states 13 rows, the file holds 12");
    }

    [Fact]
    public void Comment_line_may_name_the_columns()
    {
        string rows = string.Concat(Enumerable.Range(0, 12).Select(i => $"{i}.5 {i % 2}.0\n"));
        DataSource.Open(_files.Text("a.txt", "# height, label\n" + rows)).Describe().Columns.Select(column => column.Name)
            .ShouldBe(["height", "label"]);
        DataSource.Open(_files.Text("b.txt", "# one of many remarks\n" + rows)).Describe().Columns.Select(column => column.Name)
            .ShouldBe(["c0", "c1"]);
    }

    [Fact]
    public void Gzip_is_unpacked()
    {
        byte[] rows = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 12).Select(i => $"{i},{i % 2}\n")));
        DataSource.Open(_files.Packed("a.csv.gz", rows)).Count.ShouldBe(12);
    }

    [Fact]
    public void Ragged_line_is_named()
    {
        string path = _files.Text("a.csv", "a,b\n1,2\n3,4\n5\n6,7\n");
        TestFiles.ErrorOf(() => DataSource.Open(path))
            .ShouldBe($"{path}: line 4: expected 2 cells as in the first row, found 1; fix or remove the line");
    }

    [Fact]
    public void Open_quote_is_named_by_its_line()
    {
        string path = _files.Text("a.csv", "a,b\n1,2\n3,\"4\n5,6\n7,8\n");
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("line 3: a quote is opened and never closed");
    }

    [Fact]
    public void Quoted_cell_across_the_end_of_the_part_looked_at_is_no_error()
    {
        string filler = new('x', 3000);
        string rows = "t,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"\"{filler}\n{filler}{i % 3}\",{i % 2}\n"));
        DataSource.Open(_files.Text("a.csv", rows)).Count.ShouldBe(200);
    }

    [Fact]
    public void Empty_file_missing_file_and_header_alone_are_distinguished()
    {
        TestFiles.ErrorOf(() => DataSource.Open(_files.Text("empty.csv", ""))).ShouldContain("the file is empty");
        TestFiles.ErrorOf(() => DataSource.Open(_files.Text("lines.csv", "\n\n"))).ShouldContain("holds no rows");
        TestFiles.ErrorOf(() => DataSource.Open(_files.Text("head.csv", "a,b,c\n"))).ShouldContain("a header and no data rows");
        TestFiles.ErrorOf(() => DataSource.Open(_files.Path("none.csv"))).ShouldContain("no such file or directory");
        TestFiles.ErrorOf(() => DataSource.Open("glyphz")).ShouldContain("did you mean 'glyphs'?");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.csv", [1, 2, 0, 4, 5, 0]))).ShouldContain("not a text");
    }

    [Fact]
    public void Truncated_gzip_is_noticed()
    {
        byte[] packed = TestFiles.Gzip(
            System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i * 7919 % 1009},{i % 2}\n"))));
        foreach (int length in new[] { packed.Length - 1, packed.Length - 8, packed.Length / 2, 20, 6 })
        {
            TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.csv.gz", packed[..length])))
                .ShouldContain("the gzip file is truncated or damaged");
        }

        packed[packed.Length / 2] ^= 0x55;
        TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("b.csv.gz", packed))).ShouldContain("truncated or damaged");
    }

    [Fact]
    public void Decimal_commas_are_read_where_they_can_be_nothing_else()
    {
        string path = _files.Text("a.csv", "x;y\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i},5;{i % 2}\n")));
        DataDescription description = DataSource.Open(path).Describe();
        description.Columns[0].Summary.ShouldBe("0.5 to 11.5");
        description.Notes.ShouldHaveSingleItem().Text.ShouldContain("decimal mark ',', as in column 'x': '0,5' (line 2)");
    }

    [Fact]
    public void Word_in_a_column_of_numbers_is_noted()
    {
        string path = _files.Text(
            "a.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 100).Select(i => i == 50 ? "oops,1\n" : $"{i % 7},{i % 2}\n")));
        DataSource.Open(path)
            .Split().Notes.ShouldContain(note => note.Text.Contains("column 'x' counts as categories because of 'oops' (line 52)"));
    }

    [Fact]
    public void Names_that_repeat_or_are_empty_become_unique()
    {
        string path = _files.Text("a.csv", "x,x,,y\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{i},{i},{i},{i % 2}\n")));
        DataSource.Open(path).Describe().Columns.Select(column => column.Name).ShouldBe(["x", "x.1", "c2", "y"]);
    }
}
