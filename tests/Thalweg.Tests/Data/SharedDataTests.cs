using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Real files; skipped where they are absent.</summary>
public sealed class SharedDataTests
{
    [Theory]
    [InlineData("tabular/iris.csv", null, 150, "classification", 4, 3, 0)]
    [InlineData("tabular/wine.csv", null, 178, "classification", 13, 3, 0)]
    [InlineData("tabular/winequality-red.csv", null, 1599, "classification", 11, 6, 0)]
    [InlineData("tabular/breast-cancer-wisconsin.csv", null, 699, "classification", 10, 2, 16)]
    [InlineData("tabular/abalone.csv", null, 4177, "regression", 10, 0, 0)]
    [InlineData("tabular/boston-housing.csv", null, 506, "regression", 13, 0, 0)]
    [InlineData("tabular/california-housing.csv", "median_house_value", 20640, "regression", 14, 0, 207)]
    [InlineData("tabular/kc-house-data.csv", "price", 21613, "regression", 18, 0, 0)]
    [InlineData("tabular/beijing-pm25.csv", "pm2.5", 41757, "regression", 15, 0, 0)]
    [InlineData("sklearn/iris.csv", null, 150, "classification", 4, 3, 0)]
    [InlineData("sklearn/breast_cancer.csv", null, 569, "classification", 30, 2, 0)]
    [InlineData("sklearn/digits.csv.gz", null, 1797, "classification", 61, 10, 0)]
    [InlineData("sklearn/diabetes_data_raw.csv.gz", null, 442, "regression", 9, 0, 0)]
    [InlineData("dlbasic/train11-taiji.txt", null, 1000, "classification", 2, 4, 0)]
    [InlineData("dlbasic/train7.txt", null, 1000, "regression", 1, 0, 0)]
    [InlineData("dlbasic/train8.txt", null, 2500, "regression", 2, 0, 0)]
    public void Table_is_understood(string file, string? target, int rows, string task, int features, int classes, int missing)
    {
        DataSource source = DataSource.Open(TestFiles.Shared(file), new DataOptions { Target = target });
        DataDescription description = source.Describe();
        description.Rows.ShouldBe(rows);
        description.Task.Name.ShouldBe(task);
        description.Classes.Count.ShouldBe(classes);
        description.Columns.Where(column => column.Role != "target").Sum(column => column.Missing).ShouldBe(missing);
        DataSplit split = source.Split();
        split.Preprocessing.FeatureWidth.ShouldBe(features);
        (split.Training.Data.Count + split.Validation.Data.Count + split.Test!.Count).ShouldBe(rows);
    }

    [Fact]
    public void Adult_with_its_test_file_has_108_features_and_two_classes()
    {
        DataSource source = DataSource.Open(
            TestFiles.Shared("tabular/adult.data"), new DataOptions { TestPath = TestFiles.Shared("tabular/adult.test") });
        source.Describe().MissingValues.ShouldBe(0, "among texts, '?' is a category unless the options name it");
        DataSplit split = source.Split();
        split.Preprocessing.FeatureWidth.ShouldBe(108);
        split.Preprocessing.Target.ClassNames.ShouldBe(["<=50K", ">50K"]);
        split.Training.Data.Count.ShouldBe(29305);
        split.Test!.Read("check").CountClasses().ShouldBe([12435, 3846]);
    }

    [Theory]
    [InlineData("mnist", 0.1307, 0.3081)]
    [InlineData("fashion-mnist", 0.2860, 0.3530)]
    public void Images_have_the_known_mean_and_deviation(string directory, double mean, double deviation)
    {
        DataSplit split = DataSource.Open(TestFiles.Shared(directory)).Split();
        split.Training.Data.Count.ShouldBe(54_000);
        split.Validation.Data.Count.ShouldBe(6_000);
        split.Test!.Count.ShouldBe(10_000);
        split.Preprocessing.FeatureShape.ShouldBe([1, 28, 28]);
        split.Preprocessing.Image!.Mean.ShouldBe(mean, 1e-3);
        split.Preprocessing.Image.Deviation.ShouldBe(deviation, 1e-3);
    }

    [Fact]
    public void Numpy_archive_is_understood()
    {
        DataSource source = DataSource.Open(TestFiles.Shared("dlbasic/test_shape_2.npz"));
        source.Describe().ItemShape.ShouldBe([1, 28, 28]);
        source.Describe().Classes.Select(entry => entry.Rows).ShouldBe([200, 200]);
        Dataset data = source.Split().Training.Data;
        float[] features = new float[data.Count * data.FeatureWidth];
        data.Gather<float>(Dataset.AllRows(data.Count), features);
        features.Average(value => (double)value).ShouldBe(0, 1e-4);
        features.Average(value => (double)value * value).ShouldBe(1, 1e-4);
    }
}
