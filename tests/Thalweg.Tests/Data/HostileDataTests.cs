using System.IO.Compression;
using System.Text;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Files that are made to harm: packed ones that grow without end, headers that lie, names that lead elsewhere.</summary>
public sealed class HostileDataTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_gzip_table_beyond_the_limit_is_refused_and_one_at_the_limit_is_read()
    {
        byte[] text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("1,x\n2,y\n", 4000)));
        string path = _files.Bytes("table.csv.gz", TestFiles.Gzip(text));
        DataSource.Open(path, new DataOptions { MaxSize = text.Length }).Count.ShouldBe(8000);
        Refuse(path, new DataOptions { MaxSize = text.Length - 1 }).ShouldBe(
            $"{path}: expected a gzip file that unpacks to at most {text.Length - 1} bytes, got one with more; "
            + "if it is what it should be, raise DataOptions.MaxSize");
        Refuse(path, new DataOptions { MaxSize = 100, Encoding = "windows-1252" }).ShouldContain("at most 100 bytes");
    }

    [Fact]
    public void Gzip_that_unpacks_to_a_thousand_times_its_size_is_refused_as_it_is_unpacked()
    {
        string path = _files.Bytes("zeros.csv.gz", TestFiles.Gzip(Encoding.UTF8.GetBytes("a,b\n1,x\n" + new string(' ', 1 << 26))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(path, new DataOptions { MaxSize = 1 << 20 }).ShouldContain("at most 1048576 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
    }

    [Fact]
    public void A_gzip_IDX_file_beyond_the_limit_is_refused()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 2, 0, 0, 0, 2, .. new byte[80]];
        string path = _files.Bytes("train-images-idx3-ubyte.gz", TestFiles.Gzip(images));
        _files.Bytes("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 20, .. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))]);
        DataSource.Open(path, new DataOptions { MaxSize = images.Length }).Count.ShouldBe(20);
        Refuse(path, new DataOptions { MaxSize = images.Length - 1 }).ShouldContain("DataOptions.MaxSize");
    }

    [Fact]
    public void Memory_for_packed_images_follows_what_is_there_and_not_what_the_header_states()
    {
        // 1,000 packed bytes could hold the 1,000,000 items at most that the check of the ratio lets pass: here they hold noise.
        byte[] noise = new byte[400_000];
        new Random(1).NextBytes(noise);
        byte[] images = [0, 0, 8, 3, 0x00, 0x5F, 0x5E, 0x10, 0, 0, 0, 8, 0, 0, 0, 8, .. noise];
        string path = _files.Bytes("train-images-idx3-ubyte.gz", TestFiles.Gzip(images));
        _files.Bytes("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 0]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(path, new DataOptions()).ShouldContain("the file is truncated");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 << 20);
    }

    [Theory]
    [InlineData("../x.npy"), InlineData("a/../../x.npy"), InlineData("/x.npy"), InlineData("..\\x.npy"), InlineData("C:\\x.npy")]
    public void An_archive_with_a_name_that_leads_out_of_it_is_refused(string name)
    {
        string path = Archive((name, TestFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", new byte[8])));
        Refuse(path, new DataOptions()).ShouldBe(
            $"{path}: expected names of arrays, got '{name}', which leads out of the archive; the file is damaged or hostile");
    }

    [Fact]
    public void An_archive_beyond_the_limit_is_refused()
    {
        byte[] x = TestFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 100), }", new byte[8000]);
        byte[] y = TestFiles.Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (20,), }", [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))]);
        string path = Archive(("x.npy", x), ("y.npy", y));
        DataSource.Open(path, new DataOptions { MaxSize = x.Length + y.Length }).Count.ShouldBe(20);
        Refuse(path, new DataOptions { MaxSize = x.Length + y.Length - 1 }).ShouldBe(
            $"{path}: expected an archive that unpacks to at most {x.Length + y.Length - 1} bytes, got one of {x.Length + y.Length}; "
            + "if it is what it should be, raise DataOptions.MaxSize");
    }

    [Fact]
    public void An_array_of_texts_where_numbers_were_learned_is_refused()
    {
        string features = _files.Bytes("x.npy", TestFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 3), }",
            [.. Enumerable.Range(0, 240).Select(i => (byte)(i % 4 == 3 ? 0x3F : i * 7))]));
        byte[] classes = [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))];
        _files.Bytes("y.npy", TestFiles.Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (20,), }", classes));
        Preprocessing known = DataSource.Open(features).Split().Preprocessing;

        string others = _files.Bytes("test_x.npy", TestFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 2), }", new byte[160]));
        _files.Bytes("test_y.npy", TestFiles.Npy("{'descr': '|S1', 'fortran_order': False, 'shape': (20,), }", [.. Enumerable.Repeat((byte)'a', 20)]));
        using PreparedReader reader = PreparedReader.Open(others, known, requireTarget: false);
        Should.Throw<ThalwegException>(() => reader.ReadAll()).Message.ShouldBe(
            $"{others}: column 'x2': expected numbers as in the training data, got texts; give the columns that the model was trained on");
    }

    [Theory]
    [InlineData("2GB", 2_000_000_000), InlineData("1.5 KiB", 1536), InlineData("7", 7), InlineData("3b", 3), InlineData("16gib", 1L << 34),
        InlineData("1TB", 1_000_000_000_000)]
    public void A_number_of_bytes_is_read_with_its_unit(string text, long bytes) => DataSize.TryParse(text).ShouldBe(bytes);

    [Theory]
    [InlineData(""), InlineData("GB"), InlineData("-1"), InlineData("0"), InlineData("1XB"), InlineData("1e3"), InlineData("NaN"), InlineData("99999999TB")]
    public void What_is_no_number_of_bytes_is_not_read(string text) => DataSize.TryParse(text).ShouldBeNull();

    private static string Refuse(string path, DataOptions options) =>
        Should.Throw<ThalwegException>(() => DataSource.Open(path, options)).Message;

    private string Archive(params (string Name, byte[] Bytes)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }

        return _files.Bytes("arrays.npz", stream.ToArray());
    }
}
