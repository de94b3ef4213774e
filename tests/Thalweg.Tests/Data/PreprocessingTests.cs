using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class PreprocessingTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Numbers_are_standardized_by_training_rows_alone()
    {
        // Every row outside training is huge: had it been looked at, the mean would show it.
        int[] outside = [.. DataSource.Open(Table(_ => "1")).Split().Validation.Data.SourceRows,
            .. DataSource.Open(Table(_ => "1")).Split().Test!.SourceRows];
        DataSplit split = DataSource.Open(Table(row => outside.Contains(row) ? "1e6" : $"{row}")).Split();
        NumericEncoding encoding = Column<NumericEncoding>(split, "v");
        double[] training = [.. split.Training.Data.SourceRows.ToArray().Select(row => (double)row)];
        encoding.Mean.ShouldBe(training.Average(), 1e-9);
        encoding.Deviation.ShouldBe(Math.Sqrt(training.Select(value => Math.Pow(value - training.Average(), 2)).Average()), 1e-9);
        float[] features = Features(split, split.Training.Data);
        int width = split.Preprocessing.FeatureWidth, place = split.Preprocessing.FeatureNames.ToList().IndexOf("v");
        for (int i = 0; i < training.Length; i++)
            features[(i * width) + place].ShouldBe((float)((training[i] - encoding.Mean) / encoding.Deviation), 1e-5);
    }

    [Fact]
    public void Missing_numbers_become_the_mean_and_raise_an_indicator()
    {
        DataSplit split = DataSource.Open(Table(row => row % 5 == 0 ? "?" : $"{row}")).Split();
        Column<NumericEncoding>(split, "v").HasMissingIndicator.ShouldBeTrue();
        split.Preprocessing.FeatureNames.ShouldBe(["i", "v", "v missing"]);
        float[] features = Features(split, split.Training.Data);
        for (int i = 0; i < split.Training.Data.Count; i++)
        {
            bool missing = split.Training.Data.SourceRows[i] % 5 == 0;
            features[(i * 3) + 2].ShouldBe(missing ? 1 : 0);
            if (missing)
                features[(i * 3) + 1].ShouldBe(0);
        }
    }

    [Fact]
    public void Constant_columns_are_dropped_and_reported()
    {
        DataSplit split = DataSource.Open(Table(_ => "0.1")).Split();
        Column<DroppedColumn>(split, "v").Reason.ShouldBe("every training row has the value 0.1");
        split.Notes.ShouldContain(note => note.Text == "column 'v' dropped: every training row has the value 0.1");
        split.Preprocessing.FeatureNames.ShouldBe(["i"]);
    }

    [Fact]
    public void Value_that_is_constant_or_missing_leaves_the_indicator()
    {
        DataSplit split = DataSource.Open(Table(row => row % 3 == 0 ? "" : "7")).Split();
        split.Preprocessing.FeatureNames.ShouldBe(["i", "v missing"]);
        float[] features = Features(split, split.Training.Data);
        for (int i = 0; i < split.Training.Data.Count; i++)
            features[(i * 2) + 1].ShouldBe(split.Training.Data.SourceRows[i] % 3 == 0 ? 1 : 0);
    }

    [Fact]
    public void Skewed_positive_numbers_are_taken_by_logarithm_and_zeros_prevent_it()
    {
        DataSplit skewed = DataSource.Open(Table(row => $"{Math.Exp(row % 23):g6}")).Split();
        Column<NumericEncoding>(skewed, "v").IsLogarithmic.ShouldBeTrue();
        DataSplit zeros = DataSource.Open(Table(row => row % 23 == 0 ? "5000" : "0")).Split();
        Column<NumericEncoding>(zeros, "v").IsLogarithmic.ShouldBeFalse();
        NumericEncoding encoding = new("v", 0, 1, 2, true, false);
        encoding.Encode(Math.E - 1).ShouldBe(0, 1e-12);
        encoding.Encode(-(Math.E - 1)).ShouldBe(-1, 1e-12);
        encoding.Encode(double.NaN).ShouldBe(0);
    }

    [Fact]
    public void Categories_are_one_hot_with_missing_and_other()
    {
        DataSplit split = DataSource.Open(Table(row => row == 0 ? "rare" : row % 10 == 3 ? "" : row % 2 == 0 ? "red" : "blue", 300))
            .Split();
        string[] names = [.. split.Preprocessing.FeatureNames];
        names.ShouldBe(split.Training.Data.SourceRows.Contains(0) ? ["i", "v=blue", "v=red", "v missing", "v other"] : ["i", "v=blue",
            "v=red", "v missing"]);
        float[] features = Features(split, split.Training.Data);
        for (int i = 0; i < split.Training.Data.Count; i++)
        {
            int row = split.Training.Data.SourceRows[i];
            string expected = row == 0 ? "v other" : row % 10 == 3 ? "v missing" : row % 2 == 0 ? "v=red" : "v=blue";
            for (int k = 1; k < names.Length; k++)
                features[(i * names.Length) + k].ShouldBe(names[k] == expected ? 1 : 0);
        }
    }

    [Fact]
    public void Columns_that_name_rows_are_dropped()
    {
        DataSplit split = DataSource.Open(Table(row => $"id-{row}")).Split();
        Column<DroppedColumn>(split, "v").Reason.ShouldContain("it names rows rather than kinds");
    }

    [Fact]
    public void Numbers_may_be_declared_categories_and_columns_to_be_left_out()
    {
        string path = Table(row => $"{row % 3}");
        DataSource.Open(path, new DataOptions { CategoricalColumns = ["v"] })
            .Split().Preprocessing.FeatureNames.ShouldBe(["i", "v=0", "v=1", "v=2"]);
        DataSplit split = DataSource.Open(path, new DataOptions { IgnoredColumns = ["i"] }).Split();
        split.Preprocessing.FeatureNames.ShouldBe(["v"]);
        Column<DroppedColumn>(split, "i").Reason.ShouldBe("left out as asked");
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { IgnoredColumns = ["class"] }))
            .ShouldContain("is the target and cannot be ignored");
    }

    [Fact]
    public void No_column_left_is_an_error_that_says_why()
    {
        string path = _files.Text("a.csv", "id,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"n{i},{i % 2}\n")));
        TestFiles.ErrorOf(() => DataSource.Open(path).Split()).ShouldContain("no column is left to learn from: 'id' 48 different texts");
    }

    [Fact]
    public void Values_too_large_to_standardize_are_refused() =>
        TestFiles.ErrorOf(() => DataSource.Open(Table(row => row % 2 == 0 ? "1e300" : "-1e300")).Split())
            .ShouldContain("column 'v' holds values too large to standardize");

    [Fact]
    public void Stored_form_reads_back_to_the_same_bits()
    {
        DataSplit split = DataSource.Open(Table(row => row % 7 == 0 ? "?" : row % 2 == 0 ? "ünï, \"x\"" : "b")).Split();
        string json = split.Preprocessing.ToJson();
        Preprocessing read = Preprocessing.FromJson(json);
        read.ToJson().ShouldBe(json);
        read.FeatureNames.ShouldBe(split.Preprocessing.FeatureNames);
        NumericEncoding before = Column<NumericEncoding>(split, "i"), after = (NumericEncoding)read.Columns![0];
        after.Mean.ShouldBe(before.Mean);
        after.Deviation.ShouldBe(before.Deviation);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("null", "it is null")]
    [InlineData("{\"version\":1}", "")]
    [InlineData("\"version\":2|\"version\":3", "version 3 is not known")]
    [InlineData("\"featureShape\":[1]|\"featureShape\":[2]", "the columns yield 1 features")]
    [InlineData("\"featureShape\":[1]|\"featureShape\":[-1]", "is out of range")]
    [InlineData("\"featureShape\":[1]|\"featureShape\":[2000000000,2000000000]", "is out of range")]
    [InlineData("\"deviation\":1}|\"deviation\":0}", "deviation 0")]
    [InlineData("\"classNames\":[\"0\",\"1\"]|\"classNames\":[\"0\"]", "1 classes do not fit")]
    [InlineData("\"kind\":\"numeric\"|\"kind\":\"magic\"", "")]
    [InlineData("\"columns\":|\"image\":{\"scale\":1,\"mean\":0,\"deviation\":1},\"columns\":", "exactly one of columns and image")]
    [InlineData("\"index\":1|\"index\":0", "shares its place")]
    public void Damaged_stored_form_is_refused(string change, string expected)
    {
        string json = DataSource.Open(_files.Text("s.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2}\n"))))
            .Split().Preprocessing.ToJson();
        string[] parts = change.Split('|');
        string damaged = parts.Length == 2 ? json.Replace(parts[0], parts[1], StringComparison.Ordinal) : change;
        damaged.ShouldNotBe(json);
        string error = TestFiles.ErrorOf(() => Preprocessing.FromJson(damaged));
        error.ShouldContain("the stored preprocessing cannot be used");
        error.ShouldContain(expected);
    }

    private static T Column<T>(DataSplit split, string name)
        where T : ColumnEncoding => split.Preprocessing.Columns!.Single(column => column.Name == name).ShouldBeOfType<T>();

    private static float[] Features(DataSplit split, Dataset data)
    {
        float[] features = new float[data.Count * split.Preprocessing.FeatureWidth];
        data.Gather<float>(Dataset.AllRows(data.Count), features);
        return features;
    }

    /// <summary>A table of a number i, a column v, and two classes.</summary>
    private string Table(Func<int, string> value, int rows = 200) => _files.Text(
        "t.csv", "i,v,class\n" + string.Concat(Enumerable.Range(0, rows)
            .Select(row => $"{row * 7 % 13},\"{value(row).Replace("\"", "\"\"")}\",{(row % 3 == 0 ? "a" : "b")}\n")));
}
