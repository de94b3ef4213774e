using System.Globalization;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>What training should not know is told, with the rows, and nothing is told where there is nothing.</summary>
public sealed class LeakageTests
{
    [Theory]
    [InlineData("moons")]
    [InlineData("spirals")]
    [InlineData("blobs")]
    [InlineData("xor")]
    [InlineData("glyphs")]
    public void Built_in_data_give_no_note(string name) => Leaks(DataSource.Open(name).Split()).ShouldBeEmpty();

    [Fact]
    public void Clean_tables_give_no_note()
    {
        Leaks("a,b,y", i => $"{Noise(i)},{Noise(i + 9000)},{(Noise(i) > 0 ? "yes" : "no")}").ShouldBeEmpty();
        Leaks("a,b,y", i => $"{Noise(i)},{Noise(i + 9000)},{Noise(i + 20000)}").ShouldBeEmpty();

        // Few values: rows are alike by chance, and then do not have one target.
        Leaks("a,b,y", i => $"{i % 3},{i * 7 % 5},{(Noise(i) > 0 ? "yes" : "no")}").ShouldBeEmpty();
    }

    [Fact]
    public void Rows_in_two_parts_are_told()
    {
        string[] notes = Leaks("a,b,y", i => $"{Noise(i % 300)},{Noise((i % 300) + 9000)},{(Noise(i % 300) > 0 ? "yes" : "no")}");
        notes.Length.ShouldBe(2);
        notes[0].ShouldContain("validation rows are equal to a training row, such as rows ");
        notes[1].ShouldContain("test rows are equal");

        // The rows that are told are equal: 300 apart.
        string[] pair = notes[0].Split("such as rows ")[1].Split(',')[0].Split(" and ");
        Math.Abs(int.Parse(pair[0], CultureInfo.InvariantCulture) - int.Parse(pair[1], CultureInfo.InvariantCulture)).ShouldBe(300);
    }

    [Fact]
    public void Columns_that_number_the_rows_are_told() =>
        Leaks("id,a,y", i => $"{1000 + i},{Noise(i)},{(Noise(i + 5000) > 0 ? "yes" : "no")}")
            .ShouldHaveSingleItem().ShouldStartWith("column 'id' holds another whole number in each row");

    [Fact]
    public void Columns_that_hold_the_target_are_told()
    {
        Leaks("a,code,y", i => $"{Noise(i)},{(Noise(i + 5000) > 0 ? 7 : i % 2 == 0 ? 3 : 4)},{(Noise(i + 5000) > 0 ? "yes" : "no")}")
            .ShouldHaveSingleItem().ShouldContain("column 'code' tells the target in");
        Leaks("a,euro,y", i => FormattableString.Invariant($"{Noise(i + 9000)},{(100 * Number(i)) + 3},{Number(i)}"))
            .ShouldHaveSingleItem().ShouldContain("column 'euro' is the target but for scale and offset");
    }

    [Fact]
    public void Rows_in_order_of_time_are_told_where_they_are_drawn_by_chance()
    {
        string Row(int i) => $"{new DateTime(2020, 1, 1).AddDays(i):yyyy-MM-dd},{Noise(i)},{(Noise(i + 5000) > 0 ? "yes" : "no")}";
        Leaks("day,a,y", Row).ShouldHaveSingleItem().ShouldContain("column 'day' orders the rows in time");
        Leaks("day,a,y", Row, new DataOptions { TimeColumn = "day" }).ShouldBeEmpty();

        // Dates of birth are in no order.
        Leaks("born,a,y", i => $"{new DateTime(1950, 1, 1).AddDays(i * 7919 % 20000):yyyy-MM-dd},{Noise(i)},{(Noise(i + 5000) > 0 ? "a" : "b")}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void Checks_are_errors_where_reading_is_strict_and_can_be_left_out()
    {
        static string Row(int i) => $"{i},{Noise(i)},{(Noise(i + 5000) > 0 ? "yes" : "no")}";
        TestFiles.ErrorOf(() => Leaks("id,a,y", Row, new DataOptions { Strict = true })).ShouldContain("another whole number in each row");
        Leaks("id,a,y", Row, new DataOptions { ChecksLeakage = false }).ShouldBeEmpty();
    }

    private static string[] Leaks(string header, Func<int, string> row, DataOptions? options = null)
    {
        using TestFiles files = new();
        string path = files.Text("data.csv", header + "\n" + string.Concat(Enumerable.Range(0, 400).Select(i => row(i) + "\n")));
        return Leaks(DataSource.Open(path, options).Split());
    }

    private static string[] Leaks(DataSplit split) =>
        [.. split.Notes.Where(note => note.Kind == "leakage").Select(note => note.Text)];

    private static double Number(int i) => new RandomStream(3, RandomPurpose.User, (ulong)i).NextNormal();

    private static FormattedNumber Noise(int i) => new(Number(i));

    private readonly record struct FormattedNumber(double Value)
    {
        public static bool operator >(FormattedNumber number, double other) => number.Value > other;

        public static bool operator <(FormattedNumber number, double other) => number.Value < other;

        public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
    }
}
