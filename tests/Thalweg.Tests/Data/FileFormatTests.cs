using System.IO.Compression;
using System.Text;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>The format of a file is what its bytes say; what is not read is named; pipes and gzip of any make are read.</summary>
public sealed class FileFormatTests : IDisposable
{
    private const string Table = "PK,x,class\n1,2,a\n2,3,b\n3,4,a\n4,5,b\n";

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("a.csv")]
    [InlineData("data-idx.csv")]
    [InlineData("idx.parquet")]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("a.npy")]
    [InlineData("a.npz")]
    public void Text_is_a_text_whatever_its_name(string name) =>
        DataSource.Open(_files.Text(name, Table)).Describe().Columns[0].Name.ShouldBe("PK");

    [Theory]
    [InlineData("PAR1\u0015\u0004", "Parquet")]
    [InlineData("ARROW1\0\0", "Arrow")]
    [InlineData("\u0089HDF\r\n\u001A\n", "HDF5")]
    [InlineData("\u0089PNG\r\n\u001A\n", "PNG")]
    [InlineData("\u00FF\u00D8\u00FF\u00E0", "JPEG")]
    [InlineData("\u00D0\u00CF\u0011\u00E0", "Excel")]
    [InlineData("\u0080\u0004\u0095\0", "pickle")]
    [InlineData("BZh91AY&SY\0", "bzip2")]
    [InlineData("SQLite format 3\0", "SQLite")]
    [InlineData("MATLAB 5.0 MAT-file, Platform", "MATLAB")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS")]
    [InlineData("% title\n@RELATION iris\n@ATTRIBUTE x NUMERIC\n@DATA\n1,2\n", "ARFF")]
    [InlineData("1 3:0.5 7:1\n-1 1:2\n1 2:1 3:4e-1\n", "LIBSVM")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 3\n", "Matrix Market")]
    [InlineData("[\n {\"x\": 1}]\n", "JSON")]
    [InlineData("{\"x\": 1}\n{\"x\": 2}\n", "JSON")]
    [InlineData("<!DOCTYPE html>\n<html></html>\n", "HTML")]
    public void Other_formats_are_named_with_the_way_out(string content, string name)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        foreach (string path in (string[])[_files.Bytes("a.csv", bytes), _files.Packed("b.csv", bytes)])
        {
            string error = TestFiles.ErrorOf(() => DataSource.Open(path));
            error.ShouldContain(name);
            error.ShouldContain("; ");
        }
    }

    [Theory]
    [InlineData("xl/workbook.xml", "Excel")]
    [InlineData("archive/data.pkl", "PyTorch")]
    [InlineData("table.csv", "'table.csv'")]
    public void Zip_file_is_what_it_holds(string entry, string expected)
    {
        string path = _files.Bytes("a.csv", TestFiles.Npz((entry, [1, 2, 3])));
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain(expected);
    }

    [Fact]
    public void Gzip_of_several_members_is_read_wherever_they_meet()
    {
        byte[] noise = new byte[20_000];
        new Random(1).NextBytes(noise);
        for (int length = 8150; length < 8200; length++)
        {
            byte[] members = [.. Stored(noise[..length]), .. Stored(noise[length..]), .. Stored([])];
            using Stream stream = SourceFile.Open(_files.Bytes("a.gz", members), long.MaxValue);
            using MemoryStream unpacked = new();
            stream.CopyTo(unpacked);
            unpacked.ToArray().ShouldBe(noise);
        }
    }

    [Fact]
    public void Gzip_of_several_members_that_was_cut_is_refused_wherever_it_was()
    {
        byte[] member = TestFiles.Gzip(Encoding.ASCII.GetBytes(Table)), members = [.. member, .. member];
        for (int length = 3; length < members.Length; length++)
        {
            // Cut between two members it is a whole file.
            if (length == member.Length)
                continue;
            string path = _files.Bytes("a.csv.gz", members[..length]);
            TestFiles.ErrorOf(() => SourceFile.ReadPrefix(path, 1 << 16, out _)).ShouldContain("truncated or damaged");
        }

        string followed = _files.Bytes("b.csv.gz", [.. member, .. new byte[40]]);
        TestFiles.ErrorOf(() => DataSource.Open(followed)).ShouldContain("truncated or damaged");
    }

    [Fact]
    public async Task Pipe_is_read_once_and_gone_over_as_often_as_needed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/mkfifo"), "named pipes are made by mkfifo here");
        string pipe = _files.Path("pipe");
        using (System.Diagnostics.Process make = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [pipe]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        byte[][] contents = [Encoding.UTF8.GetBytes(Table), TestFiles.Gzip("a|b\n1|2\n3|4\n5|5\n"u8.ToArray())];
        foreach ((byte[] content, int columns) in contents.Zip([3, 2]))
        {
            // Opening a pipe waits for the other side.
            Task write = Task.Run(() => File.WriteAllBytes(pipe, content), TestContext.Current.CancellationToken);
            DataSource.Open(pipe, new DataOptions { InMemoryLimit = 0 }).Describe().Columns.Count.ShouldBe(columns);
            await write;
        }
    }

    private static byte[] Stored(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression))
            gzip.Write(content);
        return packed.ToArray();
    }
}
