using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>The values of arrays reach standardization, class names and export as they lie in the file, in memory and mapped.</summary>
public sealed class ArrayValueTests : IDisposable
{
    private const int Rows = 60;

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<string, double> Values => new()
    {
        { "time stamps", 1 }, { "tiny", 1e-50 }, { "huge", 1e120 }, { "far from 0", 1e9 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_table_of_doubles_is_standardized_in_double_precision(string kind, double scale)
    {
        double[] values = [.. Enumerable.Range(0, 2 * Rows).Select(i => kind == "time stamps" ? 1.6e9 + (0.001 * i) : scale * (i % 7))];
        string path = _files.Bytes("table.npy", TestFiles.Npy([Rows, 2], values));
        foreach (DataOptions options in Readings(new DataOptions { Task = LearningTask.Regression() }))
        {
            DataSplit split = DataSource.Open(path, options).Split();
            NumericEncoding column = split.Preprocessing.Columns!.ShouldHaveSingleItem().ShouldBeOfType<NumericEncoding>();
            ShouldHoldFeatures(split, row => column.Encode(values[2 * row]));
            Exported(path, options).ShouldBe(values);
        }
    }

    [Theory]
    [InlineData(1e-50, 0)]
    [InlineData(1e-200, 0)]
    [InlineData(1e120, 0)]
    [InlineData(1e250, 0)]
    [InlineData(1e-3, 1.6e9)]
    public void Images_of_doubles_are_standardized_in_double_precision(double scale, double offset)
    {
        double[] values = [.. Enumerable.Range(0, Rows * 6).Select(i => offset + (scale * (i * 31 % 101)))];
        _files.Bytes("y.npy", TestFiles.Npy([Rows], [.. Enumerable.Range(0, Rows).Select(row => (long)(row % 2))]));
        string path = _files.Bytes("x.npy", TestFiles.Npy([Rows, 2, 3], values));
        foreach (DataOptions options in Readings(new DataOptions()))
        {
            DataSplit split = DataSource.Open(path, options).Split();
            ImageEncoding image = split.Preprocessing.Image!;
            ((image.Mean - offset) / scale).ShouldBe(50, 10);
            (image.Deviation / scale).ShouldBe(29, 3);
            ShouldHoldFeatures(split, row => image.Encode(values[6 * row]));
            Exported(path, options).Where((_, i) => i % 7 < 6).ShouldBe(values);
        }
    }

    [Fact]
    public void Images_that_do_not_differ_are_refused()
    {
        _files.Bytes("y.npy", TestFiles.Npy([Rows], [.. Enumerable.Range(0, Rows).Select(row => (long)(row % 2))]));
        string path = _files.Bytes("x.npy", TestFiles.Npy([Rows, 2, 3], Enumerable.Repeat(0.1, Rows * 6).ToArray()));
        TestFiles.ErrorOf(() => DataSource.Open(path).Split()).ShouldContain("expected values that differ");
    }

    [Fact]
    public void Integers_that_single_or_double_precision_would_merge_stay_different_classes()
    {
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(16777216, 16777217)), "16777216", "16777217");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(16777216L, 16777217L)), "16777216", "16777217");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(9007199254740992L, 9007199254740993L)), "9007199254740992", "9007199254740993");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(long.MaxValue, long.MaxValue - 1)), $"{long.MaxValue - 1}", $"{long.MaxValue}");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(long.MinValue, long.MinValue + 1)), $"{long.MinValue}", $"{long.MinValue + 1}");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(ulong.MaxValue, 1UL << 63)), $"{1UL << 63}", $"{ulong.MaxValue}");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(ulong.MaxValue, ulong.MaxValue - 1)), $"{~1UL}", $"{~0UL}");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(0UL, ulong.MaxValue)), "0", $"{ulong.MaxValue}");
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate(false, true)), "0", "1");
    }

    [Fact]
    public void Labels_of_idx_files_keep_their_integers_and_doubles()
    {
        _files.Bytes("train-images-idx3-ubyte", TestFiles.Idx(8, [Rows, 2, 1], [.. Enumerable.Range(0, 2 * Rows).Select(i => (byte)i)]));
        byte[] integers = new byte[4 * Rows], doubles = new byte[8 * Rows];
        for (int row = 0; row < Rows; row++)
        {
            BinaryPrimitives.WriteInt32BigEndian(integers.AsSpan(4 * row), 16777216 + (row % 2));
            BinaryPrimitives.WriteDoubleBigEndian(doubles.AsSpan(8 * row), 1e9 + (row / 1024.0));
        }

        string labels = _files.Bytes("train-labels-idx1-ubyte", TestFiles.Idx(0x0C, [Rows], integers));
        string path = _files.Path("train-images-idx3-ubyte");
        DataSource.Open(path).Describe().Classes.Select(item => item.Name).ShouldBe(["16777216", "16777217"]);
        _files.Bytes(Path.GetFileName(labels), TestFiles.Idx(0x0E, [Rows], doubles));
        DataSource source = DataSource.Open(path, new DataOptions { Task = LearningTask.Regression() });
        TargetEncoding target = source.Split().Preprocessing.Target;
        target.Mean.ShouldBe(1e9, 0.1);
        target.Deviation.ShouldBe(0.017, 0.002);
        Exported(path, new DataOptions()).Where((_, i) => i % 3 == 2)
            .ShouldBe(Enumerable.Range(0, Rows).Select(row => 1e9 + (row / 1024.0)));
    }

    [Fact]
    public void Regression_targets_far_from_0_stay_different()
    {
        double[] targets = [.. Enumerable.Range(0, Rows).Select(row => 1e9 + row)];
        _files.Bytes("y.npy", TestFiles.Npy([Rows], targets));
        string path = _files.Bytes("x.npy", TestFiles.Npy([Rows, 2], Enumerable.Range(0, 2 * Rows).Select(i => (double)i).ToArray()));
        DataSplit split = DataSource.Open(path).Split();
        int[] all = [.. Enumerable.Range(0, split.Training.Data.Count)];
        float[] standardized = new float[all.Length];
        split.Training.Data.GatherTargets<float>(all, standardized);
        standardized.Distinct().Count().ShouldBe(all.Length);
        for (int i = 0; i < all.Length; i++)
            split.Preprocessing.Target.Invert(standardized[i]).ShouldBe(targets[split.Training.Data.SourceRows[i]], 1e-3);
    }

    [Fact]
    public void Wide_integers_are_exported_as_they_are()
    {
        long[] values = [.. Enumerable.Range(0, 3 * Rows).Select(i => 9007199254740993L + i)];
        string path = _files.Bytes("table.npy", TestFiles.Npy([Rows, 3], values));
        foreach (DataOptions options in Readings(new DataOptions { Task = LearningTask.Regression() }))
            Cells(path, options).ShouldBe(values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        _files.Bytes("y.npy", TestFiles.Npy([Rows], [.. Enumerable.Range(0, Rows).Select(row => (long)(row % 2))]));
        path = _files.Bytes("x.npy", TestFiles.Npy([Rows, 1, 3], values));
        foreach (DataOptions options in Readings(new DataOptions()))
            Cells(path, options).Where((_, i) => i % 4 < 3).ShouldBe(values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Texts_are_class_names_and_are_known_again()
    {
        ShouldHaveClasses(TestFiles.Npy([Rows], Alternate("no", "yes \u00e9\U0001F600")), "no", "yes \u00e9\U0001F600");
        byte[] bytes = [.. Enumerable.Range(0, Rows).SelectMany(row => row % 2 == 0 ? "ab\0"u8.ToArray() : "abc"u8.ToArray())];
        ShouldHaveClasses(
            TestFiles.Npy($"{{'descr': '|S3', 'fortran_order': False, 'shape': ({Rows},), }}", bytes), "ab", "abc");
    }

    [Fact]
    public void Texts_as_features_or_as_a_number_to_learn_are_refused()
    {
        string texts = _files.Bytes("x.npy", TestFiles.Npy([Rows, 1], Alternate("a", "b")));
        TestFiles.ErrorOf(() => DataSource.Open(texts)).ShouldContain("only labels may be texts");
        string path = Write(TestFiles.Npy([Rows], Alternate("a", "b")), [Rows, 2, 1]);
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { Task = LearningTask.Regression() }))
            .ShouldContain("regression needs numbers");
        Preprocessing numbers = DataSource.Open(
            Write(TestFiles.Npy([Rows], [.. Enumerable.Range(0, Rows).Select(row => row / 2.0)]), [Rows, 2, 1])).Split().Preprocessing;
        TestFiles.ErrorOf(() => PreparedReader.Open(
            Write(TestFiles.Npy([Rows], Alternate("a", "b")), [Rows, 2, 1]), numbers, requireTarget: true).ReadAll())
            .ShouldContain("expected numbers in the target");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Images_without_a_label_are_named(double label)
    {
        double[] labels = [.. Enumerable.Range(0, Rows).Select(row => row == 7 ? label : row % 2)];
        string path = Write(TestFiles.Npy([Rows], labels), [Rows, 2, 1]);
        TestFiles.ErrorOf(() => DataSource.Open(path)).ShouldContain("item 7 has none");
    }

    private static T[] Alternate<T>(T first, T second) => [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? first : second)];

    private static DataOptions[] Readings(DataOptions options) =>
        [options with { InMemoryLimit = long.MaxValue }, options with { InMemoryLimit = 0 }];

    private static void ShouldHoldFeatures(DataSplit split, Func<int, double> expected)
    {
        float[] features = new float[split.Training.Data.FeatureWidth];
        for (int i = 0; i < split.Training.Data.Count; i++)
        {
            split.Training.Data.Gather<float>([i], features);
            features[0].ShouldBe((float)expected(split.Training.Data.SourceRows[i]));
        }
    }

    private static double[] Exported(string path, DataOptions options) =>
        [.. Cells(path, options).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];

    private static string[] Cells(string path, DataOptions options)
    {
        DataSource source = DataSource.Open(path, options);
        using StringWriter writer = new();
        source.WriteCsv(writer, source.AllRows());
        return [.. writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).SelectMany(line => line.Split(','))];
    }

    /// <summary>Writes an archive of images, and of a table, with these labels.</summary>
    private string Write(byte[] labels, int[] shape)
    {
        double[] values = [.. Enumerable.Range(0, 2 * Rows).Select(i => (double)(i * 13 % 17))];
        return _files.Bytes($"a{shape.Length}.npz", TestFiles.Npz(("x.npy", TestFiles.Npy(shape, values)), ("y.npy", labels)));
    }

    private void ShouldHaveClasses(byte[] labels, params string[] expected)
    {
        foreach (int[] shape in new int[][] { [Rows, 2], [Rows, 2, 1] })
        {
            string path = Write(labels, shape);
            DataSource source = DataSource.Open(path);
            source.Describe().Classes.Select(item => item.Name).ShouldBe(expected);
            Preprocessing preprocessing = source.Split().Preprocessing;
            preprocessing.Target.ClassNames.ShouldBe(expected);
            using PreparedReader reader = PreparedReader.Open(path, preprocessing, requireTarget: true);
            reader.ReadAll().CountClasses().ShouldBe([Rows / 2, Rows / 2]);
            Cells(path, new DataOptions()).Where((_, i) => i % 3 == 2).Distinct().Order().ShouldBe(expected.Order());
        }

        // Features that stay on the disk, with the labels beside.
        double[] values = [.. Enumerable.Range(0, 2 * Rows).Select(i => (double)(i * 13 % 17))];
        _files.Bytes("y.npy", labels);
        string mapped = _files.Bytes("x.npy", TestFiles.Npy([Rows, 2], values));
        DataSource.Open(mapped, new DataOptions { InMemoryLimit = 0 }).Describe().Classes.Select(item => item.Name).ShouldBe(expected);
    }
}
