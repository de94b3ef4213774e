using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class TargetTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(null, "price")]
    [InlineData("rooms", "rooms")]
    [InlineData("ROOMS", "rooms")]
    [InlineData("0", "rooms")]
    [InlineData("-1", "price")]
    [InlineData("-2", "area")]
    public void Target_is_found_by_name_and_number(string? target, string expected) =>
        DataSource.Open(Houses(), new DataOptions { Target = target }).Describe().Target.ShouldBe(expected);

    [Fact]
    public void Unknown_target_brings_the_nearest_names()
    {
        TestFiles.ErrorOf(() => DataSource.Open(Houses(), new DataOptions { Target = "prise" }))
            .ShouldContain("there is no target column 'prise'; nearest: price, ");
        TestFiles.ErrorOf(() => DataSource.Open(Houses(), new DataOptions { Target = "3" }))
            .ShouldContain("out of range; the file has 3 columns, 0 to 2");
        TestFiles.ErrorOf(() => DataSource.Open(Houses(), new DataOptions { IgnoredColumns = ["aera"] }))
            .ShouldContain("no ignored column 'aera'; nearest: area");
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("price", "price", 0)]
    [InlineData("pirce", "price", 1)]
    [InlineData("ca", "abc", 3)]
    public void Edit_distance_counts_swaps_as_one(string left, string right, int expected)
    {
        NearestName.Distance(left, right).ShouldBe(expected);
        NearestName.Distance(right, left).ShouldBe(expected);
    }

    [Theory]
    [InlineData(20, "classification")]
    [InlineData(21, "regression")]
    public void At_most_twenty_integers_are_classes(int distinct, string expected)
    {
        string path = _files.Text("a.csv", string.Concat(Enumerable.Range(0, 210).Select(i => $"{i},{i % distinct}.0\n")));
        DataDescription description = DataSource.Open(path).Describe();
        description.Task.Name.ShouldBe(expected);
        if (expected == "classification")
            description.Classes.Select(entry => entry.Name).ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}.0"));
    }

    [Fact]
    public void Fractions_mean_regression_and_texts_mean_classes()
    {
        DataSource.Open(_files.Text("a.csv", string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2}.5\n"))))
            .Describe().Task.Name.ShouldBe("regression");
        DataSource.Open(_files.Text("b.csv", string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},w{i % 2}\n"))))
            .Describe().Task.Name.ShouldBe("classification");
    }

    [Fact]
    public void Task_may_be_told_where_the_values_allow_it()
    {
        string numbers = _files.Text("a.csv", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 4}\n")));
        DataSource.Open(numbers, new DataOptions { Task = LearningTask.Regression() }).Describe().Task.Name.ShouldBe("regression");
        string words = _files.Text("b.csv", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},w{i % 4}\n")));
        TestFiles.ErrorOf(() => DataSource.Open(words, new DataOptions { Task = LearningTask.Regression() }))
            .ShouldContain("holds texts such as 'w0'; regression needs numbers");
        string fractions = _files.Text("c.csv", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i}.5\n")));
        TestFiles.ErrorOf(() => DataSource.Open(fractions, new DataOptions { Task = LearningTask.Classification() }))
            .ShouldContain("40 different values in 40 rows, too many for classes; ask for regression");
    }

    [Fact]
    public void Single_class_and_constant_target_are_refused()
    {
        string single = _files.Text("a.csv", string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},yes\n")));
        TestFiles.ErrorOf(() => DataSource.Open(single))
            .ShouldContain("the target 'c1' holds a single class, 'yes'; there is nothing to learn");
        string constant = _files.Text("b.csv", string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},2.5\n")));
        TestFiles.ErrorOf(() => DataSource.Open(constant).Split()).ShouldContain("mean 2.5 and deviation 0 over the training rows");
    }

    [Fact]
    public void Classes_that_are_numbers_are_ordered_as_numbers()
    {
        string path = _files.Text("a.csv", string.Concat(Enumerable.Range(0, 36).Select(i => $"{i},{12 - (i % 12)}\n")));
        DataSource.Open(path).Describe().Classes.Select(entry => entry.Name).ShouldBe(Enumerable.Range(1, 12).Select(i => $"{i}"));
    }

    [Fact]
    public void Rows_without_a_target_are_left_out_and_counted()
    {
        string path = _files.Text(
            "a.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => i % 10 == 3 ? $"{i},\n" : $"{i},{i}.25\n")));
        DataSource source = DataSource.Open(path);
        source.Count.ShouldBe(36);
        source.Describe().Notes.ShouldContain(note => note.Text == "4 of 40 rows without a target left out");
    }

    [Fact]
    public void Regression_target_is_standardized_over_training_rows_and_inverted()
    {
        DataSplit split = DataSource.Open(Houses()).Split();
        TargetEncoding target = split.Preprocessing.Target;
        float[] targets = new float[split.Training.Data.Count];
        split.Training.Data.GatherTargets<float>(Dataset.AllRows(targets.Length), targets);
        targets.Average().ShouldBe(0, 1e-5);
        targets.Select(value => value * value).Average().ShouldBe(1, 1e-5);
        int first = split.Training.Data.SourceRows[0];
        target.Invert(targets[0]).ShouldBe((first * 100) + 0.5, 1e-2);
        target.Invert(target.Standardize(123.25)).ShouldBe(123.25, 1e-9);
    }

    private string Houses() =>
        _files.Text(
            "houses.csv", "rooms,area,price\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i % 7},{i * 3}.5,{i * 100}.5\n")));
}
