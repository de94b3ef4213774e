using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class SplitTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Parts_cover_every_row_once_and_keep_the_shares_of_classes()
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(row => row < 700 ? 0 : row < 950 ? 1 : 2)];
        SplitParts parts = Split(1000, labels, new SplitOptions(), false);
        int[] all = [.. parts.Training, .. parts.Validation, .. parts.Test];
        all.Order().ShouldBe(Enumerable.Range(0, 1000));
        foreach (int[] part in new[] { parts.Validation, parts.Test })
        {
            part.Length.ShouldBe(100);
            part.Count(row => labels[row] == 0).ShouldBe(70);
            part.Count(row => labels[row] == 1).ShouldBe(25);
            part.Count(row => labels[row] == 2).ShouldBe(5);
        }
    }

    [Fact]
    public void A_limit_keeps_the_shares_of_classes_and_leaves_separate_test_data_aside()
    {
        int[] labels = [.. Enumerable.Range(0, 1000).Select(row => row < 700 ? 0 : row < 950 ? 1 : 2)];
        SplitParts parts = Split(1000, labels, new SplitOptions { Limit = 200 }, true);
        parts.Test.ShouldBeEmpty();
        parts.Validation.Length.ShouldBe(20);
        int[] kept = [.. parts.Training, .. parts.Validation];
        kept.Distinct().Count().ShouldBe(200);
        kept.CountBy(row => labels[row]).OrderBy(pair => pair.Key).Select(pair => pair.Value).ShouldBe([140, 50, 10]);
        Split(1000, labels, new SplitOptions { Limit = 5000 }, true).Training.Length.ShouldBe(900);
        Should.Throw<ThalwegException>(
            () => Split(1000, labels, new SplitOptions { Limit = 9 }, true)).Message.ShouldContain("10 rows");
    }

    [Fact]
    public void Same_seed_gives_the_same_split_and_another_seed_another()
    {
        SplitParts first = Split(500, null, new SplitOptions { Seed = 3 }, false);
        Split(500, null, new SplitOptions { Seed = 3 }, false).Validation.ShouldBe(first.Validation);
        Split(500, null, new SplitOptions { Seed = 4 }, false).Validation.ShouldNotBe(first.Validation);
    }

    [Fact]
    public void Many_small_classes_still_fill_both_parts_and_stay_in_training()
    {
        int[] labels = [.. Enumerable.Range(0, 90).Select(row => row / 3)];
        SplitParts parts = Split(90, labels, new SplitOptions(), false);
        parts.Validation.Length.ShouldBe(9);
        parts.Test.Length.ShouldBe(9);
        parts.Training.Select(row => labels[row]).Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public void Separate_test_data_leaves_all_rows_to_training_and_validation()
    {
        SplitParts parts = Split(100, null, new SplitOptions(), true);
        parts.Test.ShouldBeEmpty();
        parts.Validation.Length.ShouldBe(10);
        parts.Training.Length.ShouldBe(90);
    }

    [Fact]
    public void Too_few_rows_and_fractions_out_of_range_are_refused()
    {
        TestFiles.ErrorOf(() => Split(9, null, new SplitOptions(), false)).ShouldContain("9 rows are too few");
        TestFiles.ErrorOf(() => Split(90, null, new SplitOptions { ValidationFraction = -0.1 }, false))
            .ShouldContain("validation fraction");
        TestFiles.ErrorOf(() => Split(90, null, new SplitOptions { TestFraction = double.NaN }, false))
            .ShouldContain("test fraction");
        TestFiles.ErrorOf(() => Split(90, null, new SplitOptions { TestFraction = 0.5, ValidationFraction = 0.5 }, false))
            .ShouldContain("too little to train on");
    }

    [Fact]
    public void No_test_set_is_made_where_none_is_asked_for()
    {
        DataSplit split = DataSource.Open("moons").Split(new SplitOptions { TestFraction = 0 });
        split.Test.ShouldBeNull();
        (split.Training.Data.Count + split.Validation.Data.Count).ShouldBe(1000);
    }

    [Fact]
    public void Test_set_counts_every_reading()
    {
        TestSet test = DataSource.Open("moons").Split().Test.ShouldNotBeNull();
        List<string> heard = [];
        test.Accessed += read => heard.Add($"{read.Number} {read.Reason}");
        test.Count.ShouldBe(100);
        test.Reads.ShouldBeEmpty();
        test.Read("final figure").Count.ShouldBe(100);
        test.Read("again");
        test.Reads.Select(read => read.Reason).ShouldBe(["final figure", "again"]);
        heard.ShouldBe(["1 final figure", "2 again"]);
        Should.Throw<ArgumentException>(() => test.Read(" "));
    }

    [Fact]
    public void Order_of_an_epoch_is_a_permutation_that_depends_on_seed_and_epoch()
    {
        TrainingSet training = DataSource.Open("moons").Split().Training;
        int[] first = new int[training.Data.Count], again = new int[first.Length], next = new int[first.Length],
            other = new int[first.Length];
        training.FillOrder(1, 0, first);
        training.FillOrder(1, 0, again);
        training.FillOrder(1, 1, next);
        training.FillOrder(2, 0, other);
        first.Order().ShouldBe(Enumerable.Range(0, first.Length));
        again.ShouldBe(first);
        next.ShouldNotBe(first);
        other.ShouldNotBe(first);
        Should.Throw<ArgumentException>(() => training.FillOrder(1, 0, new int[3]));
    }

    [Fact]
    public void Gathering_allocates_nothing()
    {
        DataSplit images = DataSource.Open("glyphs", new DataOptions { SampleCount = 200 }).Split();
        DataSplit points = DataSource.Open("moons").Split();
        int[] rows = [5, 3, 5, 0, 7, 11, 2, 1];
        float[] single = new float[8 * 784];
        double[] twice = new double[8 * 784];
        int[] labels = new int[8];
        Allocations.Fewest(Gather, 100).ShouldBe(0);

        void Gather()
        {
            images.Training.Data.Gather<float>(rows, single);
            images.Training.Data.Gather<double>(rows, twice);
            images.Training.Data.GatherLabels(rows, labels);
            points.Training.Data.Gather<float>(rows, single);
            points.Training.Data.Gather<double>(rows, twice);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void Bytes_are_converted_alike_at_every_width_and_precision(int width)
    {
        byte[] bytes = [.. Enumerable.Range(0, 3 * width).Select(i => (byte)(i * 89))];
        ImageEncoding encoding = new(1 / 255.0, 0.3, 0.27);
        ByteFeatures store = new(bytes, width, encoding);
        float[] single = new float[width];
        double[] twice = new double[width];
        for (int row = 0; row < 3; row++)
        {
            store.CopyRow<float>(row, single);
            store.CopyRow<double>(row, twice);
            for (int i = 0; i < width; i++)
            {
                twice[i].ShouldBe(encoding.Encode(bytes[(row * width) + i]), 1e-12);
                single[i].ShouldBe((float)twice[i], 1e-6);

                // To the bit: a product, rounded, and a sum, rounded.
                float product = bytes[(row * width) + i] * (float)(encoding.Scale / encoding.Deviation);
                single[i].ShouldBe(product + (float)(-encoding.Mean / encoding.Deviation));
            }
        }
    }

    [Fact]
    public void Data_set_from_arrays_checks_them()
    {
        Dataset data = Dataset.ForClassification([1, 2, 3, 4, 5, 6], [2], [0, 1, 1], ["no", "yes"]);
        data.Count.ShouldBe(3);
        data.CountClasses().ShouldBe([1, 2]);
        float[] features = new float[4];
        int[] labels = new int[2];
        data.Gather<float>([2, 0], features);
        data.GatherLabels([2, 0], labels);
        features.ShouldBe([5, 6, 1, 2]);
        labels.ShouldBe([1, 0]);
        Should.Throw<InvalidOperationException>(() => data.GatherTargets<float>([0], new float[1]));
        Should.Throw<InvalidOperationException>(() => Dataset.ForRegression([1, 2], [1], [3, 4]).GatherLabels([0], new int[1]));
        TestFiles.ErrorOf(() => Dataset.ForClassification([1, 2, 3], [2], [0, 1], ["a", "b"])).ShouldContain("got 3 features");
        TestFiles.ErrorOf(() => Dataset.ForClassification([1, 2], [1], [0, 2], ["a", "b"])).ShouldContain("label 2 of row 1");
        TestFiles.ErrorOf(() => Dataset.ForClassification([1, 2], [1], [0, 0], ["a"])).ShouldContain("at least 2 classes");
        TestFiles.ErrorOf(() => Dataset.ForRegression([1, 2], [0], [1, 2])).ShouldContain("shape [0]");
    }

    [Fact]
    public void Test_file_of_its_own_is_read_with_the_fitted_preprocessing()
    {
        string train = _files.Text("train.csv",
            "x,k,y\n" +
                string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},{(i % 2 == 0 ? "a" : "b")},{(i % 3 == 0 ? "no" : "yes")}\n")));
        string test = _files.Text("test.csv", "k,y,x\nb,no.,1\nzzz,yes,\na,,2\n");
        DataSource source = DataSource.Open(train, new DataOptions { TestPath = test, Target = "y" });
        source.HasSeparateTest.ShouldBeTrue();
        DataSplit split = source.Split();
        split.Training.Data.Count.ShouldBe(90);
        Dataset data = split.Test.ShouldNotBeNull().Read("check");
        data.CountClasses().ShouldBe([1, 1]);
        split.Notes.ShouldContain(note => note.Text == "test data: 1 row without a target left out");
        float[] features = new float[6];
        data.Gather<float>([0, 1], features);
        NumericEncoding x = (NumericEncoding)split.Preprocessing.Columns![0];
        features.ShouldBe([(float)x.Encode(1), 0, 1, 0, 0, 0]);
        TestFiles.ErrorOf(() => DataSource.Open(train, new DataOptions { TestPath = _files.Path("none.csv") }))
            .ShouldContain("(test data)");
    }

    private static SplitParts Split(int count, int[]? labels, SplitOptions options, bool isTestGiven) =>
        Splitter.Split(new SplitRows("x", count, labels) { IsTestGiven = isTestGiven }, options);
}
