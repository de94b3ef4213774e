using System.Buffers.Binary;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class NumpyTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("<f4", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }, new float[] { 1, -2 })]
    [InlineData(">f4", new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, new float[] { 1, -2 })]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, new float[] { 1, -2 })]
    [InlineData(">f8", new byte[] { 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new float[] { 1, -2 })]
    [InlineData("<f2", new byte[] { 0, 0x3C, 0, 0xC0 }, new float[] { 1, -2 })]
    [InlineData("|i1", new byte[] { 0xFF, 5 }, new float[] { -1, 5 })]
    [InlineData("<i2", new byte[] { 0xFE, 0xFF, 0, 1 }, new float[] { -2, 256 })]
    [InlineData(">i4", new byte[] { 0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF }, new float[] { 256, -1 })]
    [InlineData("<i8", new byte[] { 7, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, new float[] { 7, -1 })]
    [InlineData("|b1", new byte[] { 1, 0 }, new float[] { 1, 0 })]
    [InlineData("<u2", new byte[] { 0xFF, 0xFF, 1, 0 }, new float[] { 65535, 1 })]
    [InlineData(">u4", new byte[] { 0, 0, 0, 9, 0, 1, 0, 0 }, new float[] { 9, 65536 })]
    [InlineData("<u8", new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0 }, new float[] { 3, 4 })]
    public void Every_type_of_value_is_read(string type, byte[] values, float[] expected)
    {
        ArrayData read = NpyFile.Read(_files.Bytes("a.npy", TestFiles.Npy(Header(type, "(2,)"), values)));
        Numbers(read).ShouldBe(expected.Select(value => (double)value));
        read.Shape.ShouldBe([2]);
    }

    [Fact]
    public void Bytes_stay_bytes_and_version_2_is_read()
    {
        ArrayData read = NpyFile.Read(_files.Bytes("a.npy", TestFiles.Npy(Header("|u1", "(1, 2, 2)"), [1, 2, 3, 255], version: 2)));
        read.Raw(0, 1).ToArray().ShouldBe([1, 2, 3, 255]);
        ImageAxes.ItemShape(read.Shape, null).ShouldBe([1, 2, 2]);
    }

    [Fact]
    public void Fortran_order_becomes_row_major()
    {
        // [[1, 2, 3], [4, 5, 6]] with the first index running fastest.
        ArrayData matrix = NpyFile.Read(_files.Bytes("a.npy", TestFiles.Npy(Header("|u1", "(2, 3)", "True"), [1, 4, 2, 5, 3, 6])));
        matrix.Raw(0, 2).ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        byte[] values = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        ArrayData cube = NpyFile.Read(_files.Bytes("b.npy", TestFiles.Npy(Header("|i1", "(2, 3, 4)", "True"), values)));
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 4; k++)
                    Numbers(cube)[(((i * 3) + j) * 4) + k].ShouldBe(i + (2 * j) + (6 * k));
            }
        }
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "object arrays hold Python code")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "got a structured array")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "a size of -2")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }", "more than the 2 GiB")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "expected a size")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (400000000,), }", "the header states 1600000000 bytes of data, but " +
        "the file holds 8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "the header states 12 bytes of data, but the file holds 8")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,), }", "expected True or False, found 'Maybe'")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "is missing")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "values of type '<c8' cannot be read")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", "the key 'x' is not known")]
    [InlineData("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,), }", "convert times with astype('datetime64[s]')")]
    [InlineData("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", "convert with astype('float64')")]
    [InlineData("{'descr': '<U0', 'fortran_order': False, 'shape': (1,), }", "values of type '<U0' cannot be read")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "got a single value (an array without axes)")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2), }", "the array is empty")]
    [InlineData("__import__('os')", "expected '{'")]
    [InlineData("{'descr: 1", "is not closed")]
    public void Hostile_headers_are_refused(string header, string expected) =>
        TestFiles.ErrorOf(() => NpyFile.Read(_files.Bytes("a.npy", TestFiles.Npy(header, new byte[8])))).ShouldContain(expected);

    [Fact]
    public void Header_longer_than_the_file_or_unreasonable_is_refused()
    {
        byte[] shortHeader = [0x93, .. "NUMPY"u8, 1, 0, 0xFF, 0x7F, (byte)'{'];
        TestFiles.ErrorOf(() => NpyFile.Read(_files.Bytes("a.npy", shortHeader))).ShouldContain("the .npy header ends early");
        byte[] longHeader = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'{'];
        TestFiles.ErrorOf(() => NpyFile.Read(_files.Bytes("b.npy", longHeader))).ShouldContain("states a length of 2147483647 bytes");
        TestFiles.ErrorOf(() => NpyFile.Read(_files.Bytes("c.npy", [1, 2, 3]))).ShouldContain("expected a NumPy array");
        TestFiles.ErrorOf(() => NpyFile.Read(_files.Bytes("d.npy", [0x93, .. "NUMPY"u8, 9, 0, 1, 0]))).ShouldContain("version 9");
    }

    [Theory]
    [InlineData("x", "y")]
    [InlineData("X", "labels")]
    [InlineData("data", "label")]
    [InlineData("x_train", "y_train")]
    public void Archive_is_read_by_the_names_of_its_arrays(string features, string labels)
    {
        byte[] x = Floats(Enumerable.Range(0, 60).Select(i => (float)i));
        byte[] y = [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))];
        string path = _files.Bytes("a.npz", TestFiles.Npz(
            ($"{features}.npy", TestFiles.Npy(Header("<f4", "(20, 3)"), x)),
            ($"{labels}.npy", TestFiles.Npy(Header("|u1", "(20, 1)"), y))));
        DataSource source = DataSource.Open(path);
        source.Describe().Columns.Select(column => column.Name).ShouldBe(["x0", "x1", "x2", "label"]);
        source.Describe().Classes.Count.ShouldBe(2);
        source.Split().Preprocessing.FeatureShape.ShouldBe([3]);
    }

    [Fact]
    public void Archive_with_test_arrays_has_separate_test_data()
    {
        byte[] image = [.. Enumerable.Range(0, 80).Select(i => (byte)(3 * i))];
        string path = _files.Bytes("a.npz", TestFiles.Npz(
            ("x_train.npy", TestFiles.Npy(Header("|u1", "(20, 2, 2)"), image)),
            ("y_train.npy", TestFiles.Npy(Header("|u1", "(20,)"), [.. Enumerable.Range(0, 20).Select(i => (byte)(i % 2))])),
            ("x_test.npy", TestFiles.Npy(Header("|u1", "(4, 2, 2)"), image[..16])),
            ("y_test.npy", TestFiles.Npy(Header("|u1", "(4,)"), [0, 1, 0, 1]))));
        DataSource source = DataSource.Open(path);
        source.HasSeparateTest.ShouldBeTrue();
        source.Describe().TestRows.ShouldBe(4);
        source.Split().Test.ShouldNotBeNull().Count.ShouldBe(4);
    }

    [Fact]
    public void Archive_without_known_names_says_what_it_holds()
    {
        string path = _files.Bytes("a.npz",
            TestFiles.Npz(("weights.npy", TestFiles.Npy(Header("|u1", "(1,)"), [1])),
            ("bias.npy", TestFiles.Npy(Header("|u1", "(1,)"), [1]))));
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("the archive holds: weights, bias");
    }

    [Fact]
    public void Truncated_archive_and_counts_that_differ_are_refused()
    {
        byte[] archive = TestFiles.Npz(("x.npy", TestFiles.Npy(Header("|u1", "(4, 1, 2, 2)"), new byte[16])),
            ("y.npy", TestFiles.Npy(Header("|u1", "(3,)"), [0, 1, 0])));
        TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("a.npz", archive))).ShouldContain("4 items, but 3 labels");
        TestFiles.ErrorOf(() => DataSource.Open(_files.Bytes("b.npz", archive[..^30]))).ShouldContain("truncated or damaged");
    }

    [Fact]
    public void Labels_one_hot_are_refused()
    {
        string path = _files.Bytes("a.npz",
            TestFiles.Npz(("x.npy", TestFiles.Npy(Header("|u1", "(2, 1, 1, 2)"), new byte[4])),
            ("y.npy", TestFiles.Npy(Header("|u1", "(2, 2)"), [0, 1, 1, 0]))));
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("give class numbers, not one-hot rows");
    }

    private static double[] Numbers(ArrayData data)
    {
        double[] numbers = new double[data.Count * data.Width];
        data.Numbers(0, data.Count, numbers);
        return numbers;
    }

    private static string Header(string type, string shape, string fortran = "False") =>
        $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}   \n";

    private static byte[] Floats(IEnumerable<float> values) => [.. values.SelectMany(value =>
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return bytes;
    })];
}
