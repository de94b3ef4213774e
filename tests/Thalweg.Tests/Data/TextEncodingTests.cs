using System.Text;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Every byte of a text is decoded as it was meant, or refused with its place.</summary>
public sealed class TextEncodingTests : IDisposable
{
    private const string Table = "ville,x,class\ncafé,1.5,nö\ncafè,2.5,oui\ncafê,3.5,nö\ncafë,4.5,oui\n";

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("utf-8", false, false)]
    [InlineData("utf-8", true, false)]
    [InlineData("utf-16", true, false)]
    [InlineData("utf-16", false, true)]
    [InlineData("utf-16be", true, false)]
    [InlineData("utf-16be", false, true)]
    [InlineData("utf-32", true, false)]
    [InlineData("windows-1252", false, true)]
    public void Encoding_is_found_and_a_guess_is_noted(string name, bool hasMark, bool isNoted)
    {
        Encoding encoding = TextEncodings.Get(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Table)];
        foreach (string path in (string[])[_files.Bytes("a.csv", bytes), _files.Packed("a.csv.gz", bytes)])
        {
            TextLayout layout = LayoutFinder.Find(path, new DataOptions());
            layout.Encoding.ShouldBe(name);
            layout.Notes.Count(note => note is { Kind: "encoding", Option: nameof(DataOptions.Encoding) }).ShouldBe(isNoted ? 1 : 0);
            Cells(path, layout).ShouldBe(["café", "cafè", "cafê", "cafë"]);
            Cells(path, LayoutFinder.Find(path, new DataOptions { Encoding = name })).ShouldBe(["café", "cafè", "cafê", "cafë"]);
        }
    }

    [Fact]
    public void Byte_far_below_decides_before_the_first_row_counts()
    {
        string rows = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},{i % 7},w{i % 2}\n"));
        byte[] bytes = Encoding.ASCII.GetBytes("a,b,class\n" + rows);
        bytes[^2] = 0xE9;
        TextLayout layout = LayoutFinder.Find(_files.Bytes("a.csv", bytes), new DataOptions());
        layout.Notes.Single().Text.ShouldBe($"line 60001, byte {bytes.Length - 2} (0xE9) is not UTF-8; the file was read as Windows-1252");
    }

    [Fact]
    public void Characters_of_several_bytes_may_lie_across_the_parts_that_are_checked()
    {
        for (int shift = 0; shift < 4; shift++)
        {
            string text = $"a,class\n{new string('x', shift)}{string.Concat(Enumerable.Repeat("€😀", 60_000))},1\ny,2\n";
            LayoutFinder.Find(_files.Text("a.csv", text), new DataOptions()).Encoding.ShouldBe("utf-8");
        }
    }

    [Theory]
    [InlineData(0x81, "line 3, byte 22 (0x81)", "Windows-1252")]
    [InlineData(0x01, "line 2, byte 11 (0xE9)", "line 3, byte 22 (0x01)")]
    [InlineData(0x00, "line 3, byte 22 (0x00)", "not a text")]
    public void Text_in_no_known_encoding_is_refused_with_line_and_byte(byte value, string location, string why)
    {
        byte[] bytes = Encoding.Latin1.GetBytes("a,class\nabcéf,1\nabcdef,2\nabcdef,1\n");
        bytes[22] = value;
        string error = TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.csv", bytes)));
        error.ShouldContain(why);
        error.ShouldContain(location);
        TestFiles.ErrorOf(() => DataSource.Open(_files.Packed("a.csv.gz", bytes))).ShouldContain(why);
    }

    [Fact]
    public void Damaged_utf8_is_not_taken_for_windows_1252()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Table);
        bytes[^3] = 0xE9;
        string error = TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.csv", bytes)));
        error.ShouldContain($"line 5, byte {bytes.Length - 3} (0xE9)");
        error.ShouldContain("DataOptions.Encoding");
    }

    [Theory]
    [InlineData("utf-8", "line 2, byte 17 (0xE9)")]
    [InlineData("us-ascii", "line 2, byte 17 (0xE9)")]
    [InlineData("klingon", "expected a character encoding, got 'klingon'")]
    public void Encoding_that_is_given_is_checked_too(string name, string expected)
    {
        string path = _files.Bytes("a.csv", Encoding.Latin1.GetBytes(Table));
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { Encoding = name })).ShouldContain(expected);
    }

    [Fact]
    public void Bytes_that_windows_1252_does_not_define_are_refused_where_it_is_given()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Table);
        bytes[20] = 0x9D;
        TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.csv", bytes), new DataOptions { Encoding = "cp1252" }))
            .ShouldContain("line 2, byte 20 (0x9D)");
    }

    [Theory]
    [InlineData("latin-1", "cafй", false)]
    [InlineData("cp1251", "cafй", true)]
    public void Encoding_that_is_given_wins(string name, string expected, bool isThere)
    {
        string path = _files.Bytes("a.csv", Encoding.Latin1.GetBytes(Table));
        Cells(path, LayoutFinder.Find(path, new DataOptions { Encoding = name })).Contains(expected).ShouldBe(isThere);
    }

    [Fact]
    public void Truncated_utf16_is_refused()
    {
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Table)];
        TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.csv", bytes[..^1]))).ShouldContain("expected text in utf-16");
    }

    private static string[] Cells(string path, TextLayout layout)
    {
        using RowReader rows = RowReader.Open(path, layout);
        List<string> cells = [];
        while (rows.Read())
            cells.Add(Encoding.UTF8.GetString(rows[0]));
        return [.. cells];
    }
}
