using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_find_their_labels(bool packed)
    {
        string path = Write("train", 30, packed);
        DataSource source = DataSource.Open(path);
        DataDescription description = source.Describe();
        description.ItemShape.ShouldBe([1, 2, 3]);
        description.Rows.ShouldBe(30);
        description.Classes.Select(entry => entry.Rows).ShouldBe([10, 10, 10]);
        source.HasSeparateTest.ShouldBeFalse();
    }

    [Fact]
    public void Directory_of_four_files_has_its_own_test_data()
    {
        Write("train", 30, packed: true);
        Write("t10k", 12, packed: false);
        DataSplit split = DataSource.Open(_files.Root).Split();
        split.Training.Data.Count.ShouldBe(27);
        split.Validation.Data.Count.ShouldBe(3);
        Dataset test = split.Test.ShouldNotBeNull().Read("check");
        test.Count.ShouldBe(12);
        test.CountClasses().ShouldBe([4, 4, 4]);
    }

    [Fact]
    public void Directory_without_images_says_what_is_expected() =>
        TestFiles.ErrorOf(() => DataSource.Open(_files.Root)).ShouldContain("holds no train-images-idx3-ubyte[.gz]");

    [Fact]
    public void Pixels_are_scaled_and_standardized_by_the_training_images()
    {
        Write("train", 30, packed: false);
        DataSplit split = DataSource.Open(_files.Path("train-images-idx3-ubyte")).Split();
        ImageEncoding image = split.Preprocessing.Image.ShouldNotBeNull();
        byte[] pixels = Pixels(30);
        int[] rows = split.Training.Data.SourceRows.ToArray();
        double[] training = [.. rows.SelectMany(row => pixels[(row * 6)..((row + 1) * 6)]).Select(value => value / 255.0)];
        image.Mean.ShouldBe(training.Average(), 1e-12);
        image.Deviation.ShouldBe(Math.Sqrt(training.Select(value => Math.Pow(value - training.Average(), 2)).Average()), 1e-12);
        float[] features = new float[6];
        split.Validation.Data.Gather<float>([0], features);
        int row = split.Validation.Data.SourceRows[0];
        for (int i = 0; i < 6; i++)
            features[i].ShouldBe((float)image.Encode(pixels[(row * 6) + i]), 1e-5);
    }

    [Theory]
    [InlineData(0x09, new byte[] { 0xFF, 2 }, new float[] { -1, 2 })]
    [InlineData(0x0B, new byte[] { 0xFF, 0xFE, 1, 0 }, new float[] { -2, 256 })]
    [InlineData(0x0C, new byte[] { 0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF }, new float[] { 256, -1 })]
    [InlineData(0x0D, new byte[] { 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0 }, new float[] { 1, -2 })]
    [InlineData(0x0E, new byte[] { 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new float[] { 1, -2 })]
    public void Every_type_of_value_is_read(byte type, byte[] values, float[] expected)
    {
        double[] numbers = new double[2];
        IdxReader.ReadAll(_files.Bytes("a.idx", TestFiles.Idx(type, [2, 1], values)), long.MaxValue).Numbers(0, 2, numbers);
        numbers.ShouldBe(expected.Select(value => (double)value));
    }

    [Fact]
    public void Wrong_magic_is_shown()
    {
        string path = _files.Bytes("train-images-idx3-ubyte", [0x1F, 2, 3, 4, 5, 6, 7, 8]);
        TestFiles.ErrorOf(() => IdxReader.ReadAll(path, long.MaxValue))
            .ShouldContain("expected an IDX file (magic 0x00000801 for labels, 0x00000803 for images), found 0x1F020304");
        _files.Bytes("train-labels-idx1-ubyte", TestFiles.Idx(8, [1], [1]));
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("found 0x1F020304");
        TestFiles.ErrorOf(() => IdxReader.ReadAll(_files.Bytes("b", [0, 0, 7, 3, 0, 0, 0, 1]), long.MaxValue)).ShouldContain("found 0x00000703");
    }

    [Fact]
    public void Count_that_disagrees_with_the_length_is_refused()
    {
        byte[] values = new byte[60];
        string few = _files.Bytes("a", TestFiles.Idx(8, [11, 2, 3], values));
        TestFiles.ErrorOf(() => IdxReader.ReadAll(few, long.MaxValue)).ShouldContain("the header states 66 bytes of data, but the file holds 60");
        string many = _files.Bytes("b", TestFiles.Idx(8, [9, 2, 3], values));
        TestFiles.ErrorOf(() => IdxReader.ReadAll(many, long.MaxValue)).ShouldContain("the header states 54 bytes of data, but the file holds 60");
        string packedFew = _files.Packed("c.gz", TestFiles.Idx(8, [11, 2, 3], values));
        TestFiles.ErrorOf(() => IdxReader.ReadAll(packedFew, long.MaxValue)).ShouldContain("the header states 11 items, but the data ends after 10");
        string packedMany = _files.Packed("d.gz", TestFiles.Idx(8, [9, 2, 3], values));
        TestFiles.ErrorOf(() => IdxReader.ReadAll(packedMany, long.MaxValue)).ShouldContain("the header states 9 items, but more data follows");
    }

    [Theory]
    [InlineData(new[] { -1, 2, 3 }, "a size of -1")]
    [InlineData(new[] { 0, 2, 3 }, "a size of 0")]
    [InlineData(new[] { int.MaxValue, int.MaxValue, int.MaxValue }, "more than the 2 GiB")]
    [InlineData(new[] { 65536, 65536, 1 }, "more than the 2 GiB")]
    [InlineData(new[] { 2_000_000_000, 1, 1 }, "the header states 2000000000 bytes")]
    public void Hostile_sizes_are_refused_before_memory_is_asked_for(int[] shape, string expected)
    {
        TestFiles.ErrorOf(() => IdxReader.ReadAll(_files.Bytes("a", TestFiles.Idx(8, shape, new byte[10])), long.MaxValue)).ShouldContain(expected);
        TestFiles.ErrorOf(() => IdxReader.ReadAll(_files.Packed("a.gz", TestFiles.Idx(8, shape, new byte[10])), long.MaxValue)).ShouldContain(expected);
    }

    [Fact]
    public void Truncated_gzip_is_noticed()
    {
        byte[] values = [.. Enumerable.Range(0, 6000).Select(i => (byte)(i * i >> 3))];
        byte[] packed = TestFiles.Gzip(TestFiles.Idx(8, [1000, 2, 3], values));
        foreach (int length in new[] { packed.Length - 1, packed.Length - 9, packed.Length / 2 })
            TestFiles.ErrorOf(() => IdxReader.ReadAll(_files.Bytes("a.gz", packed[..length]), long.MaxValue)).ShouldContain("truncated");
    }

    [Fact]
    public void Header_that_ends_early_is_refused() =>
        TestFiles.ErrorOf(() => IdxReader.ReadAll(_files.Bytes("a", [0, 0, 8, 3, 0, 0, 0, 1, 0]), long.MaxValue))
            .ShouldContain("the IDX header ends early");

    [Fact]
    public void Labels_of_another_count_are_refused()
    {
        Write("train", 30, packed: false);
        _files.Bytes("train-labels-idx1-ubyte", TestFiles.Idx(8, [29], new byte[29]));
        TestFiles.ErrorOf(() => DataSource.Open(_files.Path("train-images-idx3-ubyte"))).ShouldContain("30 items, but 29 labels");
    }

    [Fact]
    public void Missing_labels_are_named()
    {
        Write("train", 30, packed: false);
        File.Delete(_files.Path("train-labels-idx1-ubyte"));
        TestFiles.ErrorOf(() => DataSource.Open(_files.Path("train-images-idx3-ubyte"))).ShouldContain("found no file of labels beside it");
        TestFiles.ErrorOf(() => DataSource.Open(_files.Root)).ShouldContain("lacks train-labels-idx1-ubyte[.gz]");
    }

    private static byte[] Pixels(int count) => [.. Enumerable.Range(0, count * 6).Select(i => (byte)(i * 37))];

    private string Write(string stem, int count, bool packed)
    {
        byte[] images = TestFiles.Idx(8, [count, 2, 3], Pixels(count));
        byte[] labels = TestFiles.Idx(8, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]);
        string suffix = packed ? ".gz" : "";
        _files.Bytes($"{stem}-labels-idx1-ubyte{suffix}", packed ? TestFiles.Gzip(labels) : labels);
        return _files.Bytes($"{stem}-images-idx3-ubyte{suffix}", packed ? TestFiles.Gzip(images) : images);
    }
}
