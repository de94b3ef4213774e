using System.Text.Json;

namespace Thalweg.Runs.Tests;

/// <summary>Recipes and events that are made to harm.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("["), InlineData("{a: "), InlineData("- ")]
    public void Deep_nesting_is_refused_before_it_exhausts_the_stack(string open) =>
        Refuse("network: " + string.Concat(Enumerable.Repeat(open, 20_000))).ShouldStartWith("recipe");

    [Fact]
    public void Nesting_of_layers_is_read_up_to_the_limit()
    {
        // Each residual block is a mapping and a list.
        Recipe.Parse(Nested(15)).Network.Layers.ShouldContain("residual([residual(");
        Refuse(Nested(16)).ShouldBe(
            "recipe, line 1, column 191: expected at most 32 levels of lists and mappings, got more; write the recipe without them");
    }

    [Fact]
    public void Aliases_that_double_and_double_are_refused()
    {
        string text = "network:\n  - &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"  - &a{i} [*a{i - 1}, *a{i - 1}]\n"));
        Refuse(text).ShouldContain("expected aliases that stand for at most 100000 characters, got more");
        Refuse("network: &a [*a]\n").ShouldBe(
            "recipe, line 1, column 14: expected an alias of a value that is complete, got *a inside of &a; write the recipe without them");
    }

    [Fact]
    public void Few_aliases_are_read() =>
        Recipe.Parse("network:\n  - &layer dense(4)\n  - *layer\n  - output\n").Network.Layers.ShouldBe("sequential([dense(4), dense(4), output])");

    [Fact]
    public void A_text_that_is_too_long_for_a_recipe_is_refused() =>
        Refuse(new string('#', 1 << 21)).ShouldBe("recipe: expected a recipe of at most 1048576 characters, got 2097152; give the path of a recipe file");

    [Theory]
    [InlineData("2GB", 2_000_000_000), InlineData("1MiB", 1 << 20)]
    public void The_most_that_a_packed_file_may_unpack_to_is_read_with_its_unit(string text, long bytes) =>
        new Recipe().With("data.reading.max_size", text).Data.ToOptions().MaxSize.ShouldBe(bytes);

    [Fact]
    public void A_limit_that_is_no_size_is_refused() =>
        Should.Throw<ThalwegException>(() => new Recipe().With("data.reading.max_size", "much").Data.ToOptions()).Message.ShouldBe(
            "data.reading.max_size: expected a number of bytes, as in 500MB or 2GiB, got 'much'; give one of 1 or more");

    [Fact]
    public void An_event_with_a_member_twice_is_refused()
    {
        const string Line = """{"event":"warning","message":"a","message":"b"}""";
        Should.Throw<JsonException>(() => RunEvent.FromJson(Line));
        using TemporaryFolder temporary = new();
        EventLog.Open(temporary.Folder).Dispose();
        File.AppendAllText(temporary.At(EventLog.FileName), Line + "\n");
        Should.Throw<ThalwegException>(() => EventLog.Read(temporary.Folder)).Message.ShouldContain("line 2 is damaged");
    }

    private static string Nested(int blocks) =>
        "network: [" + string.Concat(Enumerable.Repeat("{residual: [", blocks)) + "dense" + string.Concat(Enumerable.Repeat("]}", blocks)) + ", output]";

    private static string Refuse(string yaml) => Should.Throw<ThalwegException>(() => Recipe.Parse(yaml)).Message;
}
