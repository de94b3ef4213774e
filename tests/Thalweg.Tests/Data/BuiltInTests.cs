using Thalweg.Data;

namespace Thalweg.Tests.Data;

public sealed class BuiltInTests
{
    [Fact]
    public void Glyphs_depend_on_seed_and_index_alone()
    {
        (byte[] few, byte[] fewLabels) = Glyphs.Draw(5, 40);
        (byte[] many, byte[] manyLabels) = Glyphs.Draw(5, 100);
        many.AsSpan(0, few.Length).SequenceEqual(few).ShouldBeTrue();
        manyLabels[..40].ShouldBe(fewLabels);
        Glyphs.Draw(6, 40).Images.SequenceEqual(few).ShouldBeFalse();
    }

    [Fact]
    public void Glyphs_are_balanced_inked_and_inside_the_frame()
    {
        (byte[] images, byte[] labels) = Glyphs.Draw(1, 1000);
        labels.CountBy(label => label).ShouldAllBe(pair => pair.Value == 100);
        for (int i = 0; i < 1000; i++)
        {
            ReadOnlySpan<byte> image = images.AsSpan(i * Glyphs.Width, Glyphs.Width);
            int ink = 0, edge = 0;
            for (int p = 0; p < image.Length; p++)
            {
                bool isEdge = p < 28 || p >= 756 || p % 28 == 0 || p % 28 == 27;
                ink += image[p] > 127 ? 1 : 0;
                edge += isEdge && image[p] > 127 ? 1 : 0;
            }

            ink.ShouldBeInRange(8, 300);
            edge.ShouldBeLessThan(ink / 3 + 1);
        }
    }

    [Fact]
    public void Glyphs_differ_more_between_digits_than_a_nearest_mean_can_tell()
    {
        // A classifier by nearest mean image stands for "linear": it must be far from perfect and far from chance.
        (byte[] images, byte[] labels) = Glyphs.Draw(1, 3000);
        double[][] means = [.. Enumerable.Range(0, 10).Select(_ => new double[Glyphs.Width])];
        for (int i = 0; i < 2000; i++)
        {
            for (int p = 0; p < Glyphs.Width; p++)
                means[labels[i]][p] += images[(i * Glyphs.Width) + p] / 200.0;
        }

        int right = 0;
        for (int i = 2000; i < 3000; i++)
        {
            int image = i * Glyphs.Width;
            int best = Enumerable.Range(0, 10)
                .MinBy(digit => Enumerable.Range(0, Glyphs.Width).Sum(p => Math.Pow(images[image + p] - means[digit][p], 2)));
            right += best == labels[i] ? 1 : 0;
        }

        right.ShouldBeInRange(500, 920);
    }

    [Theory]
    [InlineData("spirals", 3)]
    [InlineData("moons", 2)]
    [InlineData("xor", 2)]
    [InlineData("blobs", 5)]
    public void Points_have_balanced_classes_and_do_not_depend_on_the_count(string name, int classes)
    {
        DataSource few = DataSource.Open(name, new DataOptions { SampleCount = 60 });
        few.Describe().Classes.Select(entry => entry.Rows).ShouldAllBe(rows => rows == 60 / classes);
        DataSource many = DataSource.Open(name, new DataOptions { SampleCount = 600 });
        Csv(many, Dataset.AllRows(60)).ShouldBe(Csv(few, few.AllRows()));
        Csv(DataSource.Open(name, new DataOptions { SampleCount = 60, Seed = 2 }), Dataset.AllRows(60))
            .ShouldNotBe(Csv(few, few.AllRows()));
        DataSplit split = DataSource.Open(name).Split();
        split.Preprocessing.FeatureNames.ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Names_are_found_in_any_case_and_counts_are_checked()
    {
        DataSource.Open("Moons").Name.ShouldBe("moons");
        BuiltInData.Find("nothing").ShouldBeNull();
        BuiltInData.All[0].Name.ShouldBe("glyphs");
        TestFiles.ErrorOf(() => DataSource.Open("moons", new DataOptions { SampleCount = 5 }))
            .ShouldContain("between 10 and 10000000 samples, got 5");
        TestFiles.ErrorOf(() => DataSource.Open("glyphs", new DataOptions { SampleCount = 5_000_000 }))
            .ShouldContain("more than one array may hold");
        TestFiles.ErrorOf(() => DataSource.Open("glyphs", new DataOptions { Target = "x" }))
            .ShouldContain("images have no columns to choose");
        TestFiles.ErrorOf(() => DataSource.Open("moons").WriteIdx(Stream.Null, Stream.Null, [0])).ShouldContain("only images of bytes");
    }

    [Fact]
    public void Images_are_written_as_csv_with_one_column_per_pixel()
    {
        string[] lines = Csv(DataSource.Open("glyphs", new DataOptions { SampleCount = 20 }), [3, 4]).TrimEnd().Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("x0,x1,");
        lines[0].ShouldEndWith(",x783,label");
        lines[1].Split(',').Length.ShouldBe(785);
        lines[1].ShouldEndWith(",3");
    }

    private static string Csv(DataSource source, int[] rows)
    {
        using StringWriter writer = new();
        source.WriteCsv(writer, rows);
        return writer.ToString();
    }
}
