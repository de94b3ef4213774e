namespace Thalweg.Tests;

/// <summary>What was probably meant by a name that is not known.</summary>
public sealed class NearestNameTests
{
    [Theory]
    [InlineData("--normalization", "--norm")]
    [InlineData("--valid", "--validation")]
    [InlineData("--epcohs", "--epochs")]
    [InlineData("--epoch", "--epochs")]
    [InlineData("--LOSSES", "--loss")]
    [InlineData("--zzzzzzzz", null)]
    [InlineData("--", null)]
    public void A_beginning_names_what_it_begins_and_a_slip_what_is_nearest(string written, string? meant) =>
        NearestName.Find(written, ["--norm", "--validation", "--epochs", "--loss", "--lr"]).ShouldBe(meant is null ? [] : [meant]);

    [Fact]
    public void A_beginning_of_too_many_names_is_told_by_distance() =>
        NearestName.Find("--checkpoint-ev", ["--checkpoint-every", "--checkpoint-even", "--checkpoint-eve", "--checkpoint-evens"])
            .ShouldBe(["--checkpoint-eve"]);
}
