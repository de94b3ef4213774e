using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Folds, groups and order of time.</summary>
public sealed class FoldTests
{
    private const int Count = 500;

    private static readonly int[] s_labels = [.. Enumerable.Range(0, Count).Select(i => i % 10 == 0 ? 2 : i % 3 == 0 ? 1 : 0)];

    [Fact]
    public void Each_row_is_validated_once_and_the_test_rows_never()
    {
        SplitParts[] folds = [.. Enumerable.Range(0, 5).Select(fold => Split(new SplitOptions { Folds = 5, Fold = fold }))];
        int[] test = folds[0].Test;
        test.Length.ShouldBe(50);
        foreach (SplitParts parts in folds)
        {
            parts.Test.ShouldBe(test);
            parts.Validation.Length.ShouldBe(90);
            parts.Training.Concat(parts.Validation).Concat(parts.Test).Order().ShouldBe(Enumerable.Range(0, Count));

            // Of each class as many as in the others, but for one.
            for (int k = 0; k < 3; k++)
            {
                double even = Enumerable.Range(0, Count).Count(row => s_labels[row] == k && !test.Contains(row)) / 5.0;
                parts.Validation.Count(row => s_labels[row] == k).ShouldBeInRange((int)Math.Floor(even), (int)Math.Ceiling(even));
            }
        }

        folds.SelectMany(parts => parts.Validation).Order().ShouldBe(Enumerable.Range(0, Count).Except(test));
    }

    [Fact]
    public void Repeats_deal_other_folds_with_the_same_test_rows()
    {
        SplitParts first = Split(new SplitOptions { Folds = 5 }), again = Split(new SplitOptions { Folds = 5 });
        SplitParts other = Split(new SplitOptions { Folds = 5, Repeat = 1 });
        again.Validation.ShouldBe(first.Validation);
        other.Validation.ShouldNotBe(first.Validation);
        other.Test.ShouldBe(first.Test);

        // The test rows are those of a division without folds.
        Split(new SplitOptions()).Test.ShouldBe(first.Test);
    }

    [Fact]
    public void A_fold_that_is_held_out_is_the_validation_fold_of_another_division_and_in_no_other_part()
    {
        int[] groups = [.. Enumerable.Range(0, Count).Select(i => i * i % 61)];
        double[] times = [.. Enumerable.Range(0, Count).Select(i => (double)(i * 7 % Count))];
        SplitRows[] all = [new("x", Count, s_labels), new("x", Count, s_labels) { Groups = groups }, new("x", Count, null) { Times = times }];
        foreach (SplitRows rows in all)
        {
            SplitOptions options = new() { Folds = 5, Fold = 1 };
            SplitParts plain = Splitter.Split(rows, options), held = Splitter.Split(rows, options with { HoldoutFold = 3 });
            held.Holdout.ShouldBe(Splitter.Split(rows, options with { Fold = 3 }).Validation);
            held.Validation.ShouldBe(plain.Validation);
            held.Test.ShouldBe(plain.Test);
            held.Training.ShouldBe(plain.Training.Except(held.Holdout!));
            held.Validation.Intersect(held.Holdout!).ShouldBeEmpty();
            plain.Holdout.ShouldBeNull();
        }

        foreach (SplitOptions wrong in (SplitOptions[])[new() { HoldoutFold = 1 }, new() { Folds = 5, HoldoutFold = 0 }, new() { Folds = 5, HoldoutFold = 5 },
            new() { Folds = 2, HoldoutFold = 1 }])
        {
            Should.Throw<ThalwegException>(() => Split(wrong)).Message.ShouldContain("hold out");
        }

        Should.Throw<ThalwegException>(() => Splitter.Split(all[2], new SplitOptions { Folds = 5, Fold = 3, HoldoutFold = 1 })).Message.ShouldContain("later");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public void Groups_stay_in_one_part(int? folds)
    {
        int[] groups = [.. Enumerable.Range(0, Count).Select(i => i * i % 61)];
        List<int> validated = [];
        for (int fold = 0; fold < (folds ?? 1); fold++)
        {
            SplitParts parts = Splitter.Split(
                new SplitRows("x", Count, s_labels) { Groups = groups }, new SplitOptions { Folds = folds, Fold = fold });
            int[][] all = [[.. parts.Training.Select(row => groups[row])], [.. parts.Validation.Select(row => groups[row])],
                [.. parts.Test.Select(row => groups[row])]];
            all[0].Intersect(all[1]).ShouldBeEmpty();
            all[0].Intersect(all[2]).ShouldBeEmpty();
            all[1].Intersect(all[2]).ShouldBeEmpty();
            all.Sum(part => part.Length).ShouldBe(Count);
            double share = folds is { } number ? 0.9 / number : 0.1;
            ((double)parts.Validation.Length / Count).ShouldBeInRange(share - 0.04, share + 0.04);
            ((double)parts.Test.Length / Count).ShouldBeInRange(0.07, 0.13);
            validated.AddRange(parts.Validation);
        }

        validated.Distinct().Count().ShouldBe(validated.Count);
    }

    [Fact]
    public void Time_runs_forward_from_part_to_part_with_a_gap()
    {
        double[] times = [.. Enumerable.Range(0, Count).Select(i => (double)((i * 7) % Count))];
        SplitRows rows = new("x", Count, null) { Times = times };
        SplitParts parts = Splitter.Split(rows, new SplitOptions { Gap = 3 });
        parts.Test.Length.ShouldBe(50);
        parts.Validation.Length.ShouldBe(50);
        parts.Training.Length.ShouldBe(Count - 100 - 6);
        (parts.Validation.Min(row => times[row]) - parts.Training.Max(row => times[row])).ShouldBe(4);
        (parts.Test.Min(row => times[row]) - parts.Validation.Max(row => times[row])).ShouldBe(4);

        // scikit-learn's TimeSeriesSplit(n_splits=4, gap=3) of 447 rows: validation from 91, 180, 269, 358.
        for (int fold = 0; fold < 4; fold++)
        {
            SplitParts folded = Splitter.Split(rows, new SplitOptions { Gap = 3, Folds = 4, Fold = fold });
            folded.Validation.Select(row => times[row]).Order().ShouldBe(
                Enumerable.Range(447 - ((4 - fold) * 89), 89).Select(i => (double)i));
            folded.Training.Select(row => times[row]).Order().ShouldBe(
                Enumerable.Range(0, 447 - ((4 - fold) * 89) - 3).Select(i => (double)i));
        }
    }

    [Fact]
    public void Rows_of_one_time_stay_together()
    {
        double[] times = [.. Enumerable.Range(0, Count).Select(i => (double)(i / 7))];
        SplitParts parts = Splitter.Split(new SplitRows("x", Count, null) { Times = times }, new SplitOptions());
        parts.Training.Select(row => times[row]).Intersect(parts.Validation.Select(row => times[row])).ShouldBeEmpty();
        parts.Validation.Select(row => times[row]).Intersect(parts.Test.Select(row => times[row])).ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_be_divided_is_refused()
    {
        Error(new SplitOptions { Folds = 1 }).ShouldContain("2 or more folds");
        Error(new SplitOptions { Folds = 3, Fold = 3 }).ShouldContain("fold 3 of 3");
        Error(new SplitOptions { Gap = 2 }).ShouldContain("column of the time");
        Error(new SplitOptions { Folds = 400 }, rows => rows with { Count = 300, Labels = null }).ShouldContain("too few");
        Error(new SplitOptions(), rows => rows with { Groups = new int[Count] }).ShouldContain("got 1");
        Error(new SplitOptions { Gap = 300 }, rows => rows with { Times = new double[Count] }).ShouldContain("gap of 300");
        Error(new SplitOptions(), rows => rows with { Groups = new int[Count], Times = new double[Count] }).ShouldContain("got both");
        Error(new SplitOptions { Folds = 5 }, rows => rows with { IsValidationGiven = true }).ShouldContain("contradict");
        Splitter.Split(new SplitRows("x", Count, s_labels), new SplitOptions { ValidationFraction = 0 }).Validation.ShouldBeEmpty();
    }

    [Fact]
    public void Tables_are_divided_by_their_columns()
    {
        using TestFiles files = new();
        string path = files.Text("visits.csv", "patient,day,dose,well\n" + string.Concat(Enumerable.Range(0, 200).Select(i =>
            $"p{i % 20},2024-{1 + (i / 28 % 12):00}-{1 + (i % 28):00},{(i * 37) % 100 / 10.0},{(i % 3 == 0 ? "yes" : "no")}\n")));
        DataSplit grouped = DataSource.Open(path, new DataOptions { GroupColumn = "patient" }).Split();
        PatientsOf(grouped.Training.Data).Intersect(PatientsOf(grouped.Validation.Data)).ShouldBeEmpty();
        grouped.Preprocessing.Columns!.OfType<DroppedColumn>().Single().Kind.ShouldBe("group");
        DataSplit timed = DataSource.Open(path, new DataOptions { TimeColumn = "day" }).Split();
        timed.Training.Data.SourceRows.ToArray().Max().ShouldBeLessThan(timed.Validation.Data.SourceRows.ToArray().Min());
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { TimeColumn = "patient" }).Split()).ShouldContain("numbers or dates");
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { GroupColumn = "well" })).ShouldContain("cannot group");
    }

    [Fact]
    public void Validation_data_come_from_a_file()
    {
        using TestFiles files = new();
        string path = files.Text("train.csv", Rows(0, 100)), other = files.Text("validation.csv", Rows(500, 40));
        DataSplit split = DataSource.Open(path, new DataOptions { ValidationPath = other }).Split();
        split.Validation.Data.Count.ShouldBe(40);
        split.Training.Data.Count.ShouldBe(90);
        split.Test!.Count.ShouldBe(10);
        TestFiles.ErrorOf(() => DataSource.Open(path, new DataOptions { ValidationPath = "none.csv" })).ShouldContain("validation data");

        static string Rows(int start, int count) => "a,b,class\n" + string.Concat(Enumerable.Range(start, count).Select(i =>
            FormattableString.Invariant($"{Math.Sin(i)},{Math.Cos(3 * i)},{(Math.Sin(i) > 0.1 ? "x" : "y")}\n")));
    }

    private static IEnumerable<int> PatientsOf(Dataset data) => data.SourceRows.ToArray().Select(row => row % 20).Distinct();

    private static SplitParts Split(SplitOptions options) => Splitter.Split(new SplitRows("x", Count, s_labels), options);

    private static string Error(SplitOptions options, Func<SplitRows, SplitRows>? change = null) => TestFiles.ErrorOf(
        () => Splitter.Split((change ?? (rows => rows))(new SplitRows("x", Count, s_labels)), options));
}
