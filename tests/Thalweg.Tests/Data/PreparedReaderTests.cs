using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class PreparedReaderTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Rows_written_and_read_again_give_the_same_features_and_labels()
    {
        DataSource source = DataSource.Open(Train(300));
        DataSplit split = source.Split();
        using StringWriter csv = new();
        source.WriteCsv(csv, split.Test!.SourceRows);
        using PreparedReader reader = PreparedReader.Open(_files.Text("test.csv", csv.ToString()), Stored(split), requireTarget: true);
        ShouldBeSame(reader.ReadAll(), split.Test.Read("compare"));
    }

    [Fact]
    public void Reading_is_block_by_block_with_line_numbers()
    {
        DataSplit split = DataSource.Open(Train(300)).Split();
        string path = _files.Text("new.csv", "x,kind\n" + string.Concat(Enumerable.Range(0, 2500).Select(i => $"{i},a\n")));
        using PreparedReader reader = PreparedReader.Open(path, Stored(split), requireTarget: false);
        List<(int Count, long First, long Line)> blocks = [];
        while (reader.Read() is { } block)
        {
            blocks.Add((block.Count, block.FirstRow, block.Lines[0]));
            block.Features.Length.ShouldBe(block.Count * split.Preprocessing.FeatureWidth);
            block.Labels.Length.ShouldBe(0);
        }

        blocks.ShouldBe([(1024, 0, 2), (1024, 1024, 1026), (452, 2048, 2050)]);
    }

    [Fact]
    public void Columns_are_matched_by_name_in_any_order_and_others_are_named()
    {
        DataSplit split = DataSource.Open(Train(300)).Split();
        string path = _files.Text("new.csv", "note,KIND,x\nfoo,b,3\nbar,a,4\n");
        using PreparedReader reader = PreparedReader.Open(path, Stored(split), requireTarget: false);
        reader.IgnoredColumns.ShouldBe(["note"]);
        PreparedBlock block = reader.Read().ShouldNotBeNull();
        NumericEncoding x = (NumericEncoding)split.Preprocessing.Columns![0];
        block.Features.ToArray().ShouldBe([(float)x.Encode(3), 0, 1, (float)x.Encode(4), 1, 0]);
    }

    [Fact]
    public void Without_a_header_columns_are_matched_by_position_with_or_without_target()
    {
        DataSplit split = DataSource.Open(Train(300), new DataOptions { Target = "kind" }).Split();
        foreach (string rows in new[] { "3,a,no\n4,b,yes\n", "3,no\n4,yes\n" })
        {
            using PreparedReader reader = PreparedReader.Open(_files.Text("new.csv", rows), Stored(split), requireTarget: false);
            reader.Read().ShouldNotBeNull().Features.ToArray()[1..3].ShouldBe([1, 0]);
        }

        TestFiles.ErrorOf(() => PreparedReader.Open(_files.Text("b.csv", "1,2,3,4\n1,2,3,4\n"), Stored(split), false))
            .ShouldContain("expected 2 columns as in the training data (x, y), or 3 with the target 'kind' at 1; found 4");
    }

    [Fact]
    public void Missing_columns_are_named()
    {
        DataSplit split = DataSource.Open(Train(300)).Split();
        string path = _files.Text("new.csv", "z,y\n1,no\n2,yes\n");
        TestFiles.ErrorOf(() => PreparedReader.Open(path, Stored(split), false))
            .ShouldContain("the columns 'x', 'kind' of the training data are missing; the data has: z, y");
        string noTarget = _files.Text("b.csv", "x,kind\n1,a\n2,b\n");
        TestFiles.ErrorOf(() => PreparedReader.Open(noTarget, Stored(split), requireTarget: true))
            .ShouldContain("the target column 'y' is missing; evaluation needs it");
    }

    [Fact]
    public void Text_in_a_column_of_numbers_is_named_by_line_and_column()
    {
        DataSplit split = DataSource.Open(Train(300)).Split();
        string path = _files.Text("new.csv", "x,kind\n1,a\nabc,b\n");
        using PreparedReader reader = PreparedReader.Open(path, Stored(split), false);
        TestFiles.ErrorOf(() => reader.Read())
            .ShouldContain($"{path}: line 3, column 'x': expected a number as in the training data, found 'abc'");
    }

    [Fact]
    public void Target_is_not_looked_at_when_predicting()
    {
        DataSplit split = DataSource.Open(Train(300), new DataOptions { Target = "x", Task = LearningTask.Regression() }).Split();
        string path = _files.Text("new.csv", "x,kind,y\nunknown,a,no\nunknown,b,yes\n");
        using PreparedReader predict = PreparedReader.Open(path, Stored(split), requireTarget: false);
        predict.ReadAll().Count.ShouldBe(2);
        using PreparedReader evaluate = PreparedReader.Open(path, Stored(split), requireTarget: true);
        TestFiles.ErrorOf(() => evaluate.ReadAll()).ShouldContain("line 2, column 'x': expected a number");
    }

    [Fact]
    public void Unknown_class_is_named_with_its_line_and_rows_without_target_are_counted()
    {
        DataSplit split = DataSource.Open(Train(300)).Split();
        string path = _files.Text("a.csv", "x,kind,y\n1,a,no\n2,b,\n3,a,maybe\n");
        using PreparedReader reader = PreparedReader.Open(path, Stored(split), true);
        TestFiles.ErrorOf(() => reader.Read()).ShouldContain("line 4: the model does not know the class 'maybe'; it knows: no, yes");
        using PreparedReader skips = PreparedReader.Open(_files.Text("b.csv", "x,kind,y\n1,a,no\n2,b,\n3,a,\n"), Stored(split), true);
        skips.ReadAll().Count.ShouldBe(1);
        skips.SkippedRows.ShouldBe(2);
        using PreparedReader none = PreparedReader.Open(_files.Text("c.csv", "x,kind,y\n1,a,\n"), Stored(split), true);
        TestFiles.ErrorOf(() => none.ReadAll()).ShouldContain("no rows have a target");
    }

    [Fact]
    public void Missing_and_unknown_categories_without_a_feature_become_zeros()
    {
        DataSplit split = DataSource.Open(Train(300)).Split();
        using PreparedReader reader = PreparedReader.Open(_files.Text("a.csv", "x,kind\n,?\n,purple\n"), Stored(split), false);
        reader.Read().ShouldNotBeNull().Features.ToArray().ShouldBe([0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Images_are_streamed_and_equal_those_of_training()
    {
        DataSource source = DataSource.Open("glyphs", new DataOptions { SampleCount = 2500 });
        DataSplit split = source.Split();
        using (FileStream images = File.Create(_files.Path("new-images-idx3-ubyte")))
        {
            using FileStream labels = File.Create(_files.Path("new-labels-idx1-ubyte"));
            source.WriteIdx(images, labels, split.Test!.SourceRows);
        }

        using PreparedReader reader = PreparedReader.Open(_files.Path("new-images-idx3-ubyte"), Stored(split), requireTarget: true);
        ShouldBeSame(reader.ReadAll(), split.Test.Read("compare"));
        using PreparedReader all = PreparedReader.Open(
            "glyphs", Stored(split), requireTarget: true, new DataOptions { SampleCount = 2500 });
        List<int> counts = [];
        while (all.Read() is { } block)
            counts.Add(block.Count);
        counts.ShouldBe([1024, 1024, 452]);
    }

    [Fact]
    public void Images_and_tables_are_not_mixed()
    {
        DataSplit images = DataSource.Open("glyphs", new DataOptions { SampleCount = 100 }).Split();
        DataSplit table = DataSource.Open("moons").Split();
        TestFiles.ErrorOf(() => PreparedReader.Open("moons", images.Preprocessing, false))
            .ShouldContain("the model was trained on images, this is a table");
        TestFiles.ErrorOf(() => PreparedReader.Open("glyphs", table.Preprocessing, false))
            .ShouldContain("the model was trained on a table, this is an array of images");
        string small = _files.Bytes("a-images-idx3-ubyte", TestFiles.Idx(8, [2, 3, 3], new byte[18]));
        TestFiles.ErrorOf(() => PreparedReader.Open(small, images.Preprocessing, false))
            .ShouldContain("expected items of shape [1, 28, 28] as in the training data, found [3, 3]");
        TestFiles.ErrorOf(() => PreparedReader.Open(_files.Path("none"), images.Preprocessing, false))
            .ShouldContain("built-in: glyphs, spirals, moons, xor, blobs");
    }

    [Fact]
    public void Images_without_labels_predict_but_do_not_evaluate()
    {
        DataSplit split = DataSource.Open("glyphs", new DataOptions { SampleCount = 100 }).Split();
        string path = _files.Bytes("a-images-idx3-ubyte", TestFiles.Idx(8, [2, 28, 28], new byte[1568]));
        using PreparedReader reader = PreparedReader.Open(path, split.Preprocessing, requireTarget: false);
        reader.ReadAll().Count.ShouldBe(2);
        TestFiles.ErrorOf(() => PreparedReader.Open(path, split.Preprocessing, requireTarget: true))
            .ShouldContain("there are no labels; evaluation needs them");
    }

    [Fact]
    public void Numpy_tables_and_built_in_points_are_read_too()
    {
        DataSplit split = DataSource.Open("blobs").Split();
        using PreparedReader again = PreparedReader.Open(
            "blobs", Stored(split), requireTarget: true, new DataOptions { SampleCount = 3000 });
        again.ReadAll().Count.ShouldBe(3000);
        byte[] values = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0];
        string path = _files.Bytes("a.npy", TestFiles.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", values));
        using PreparedReader points = PreparedReader.Open(path, Stored(split), requireTarget: false);
        NumericEncoding x = (NumericEncoding)split.Preprocessing.Columns![0], y = (NumericEncoding)split.Preprocessing.Columns[1];
        points.ReadAll().Count.ShouldBe(1);
        using PreparedReader block = PreparedReader.Open(path, Stored(split), requireTarget: false);
        block.Read().ShouldNotBeNull().Features.ToArray().ShouldBe([(float)x.Encode(1), (float)y.Encode(-2)]);
    }

    private static Preprocessing Stored(DataSplit split) => Preprocessing.FromJson(split.Preprocessing.ToJson());

    private static void ShouldBeSame(Dataset actual, Dataset expected)
    {
        actual.Count.ShouldBe(expected.Count);
        int[] rows = Dataset.AllRows(actual.Count);
        float[] left = new float[rows.Length * actual.FeatureWidth], right = new float[rows.Length * expected.FeatureWidth];
        int[] leftLabels = new int[rows.Length], rightLabels = new int[rows.Length];
        actual.Gather<float>(rows, left);
        expected.Gather<float>(rows, right);
        actual.GatherLabels(rows, leftLabels);
        expected.GatherLabels(rows, rightLabels);
        left.ShouldBe(right);
        leftLabels.ShouldBe(rightLabels);
    }

    /// <summary>x is a number, kind is a or b, y is no or yes.</summary>
    private string Train(int rows) => _files.Text(
        "train.csv", "x,kind,y\n" + string.Concat(Enumerable.Range(0, rows)
            .Select(i => $"{i * 0.1:r},{(i % 2 == 0 ? "a" : "b")},{(i % 3 == 0 ? "no" : "yes")}\n")));
}
