namespace Thalweg.Diagnosis.Tests;

/// <summary>The catalog of causes.</summary>
public sealed class CatalogTests
{
    public static TheoryData<string> Ids => [.. Cause.All.Select(cause => cause.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_cause_has_a_name_and_two_sentences(string id)
    {
        Cause cause = Cause.Parse(id);
        cause.Name().ShouldNotBeNullOrWhiteSpace();
        cause.Why().Count(letter => letter == '.').ShouldBeGreaterThanOrEqualTo(2);
        cause.Source.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Each_cause_has_one_diagnoser_and_coefficients()
    {
        Diagnosers.All.Select(diagnoser => diagnoser.Cause.Id).Order().ShouldBe(Cause.All.Select(cause => cause.Id).Order());
        foreach (Cause cause in Cause.All)
        {
            ConfidenceTable.Of(cause, 3).ShouldBeInRange(0.5, 1);
            ConfidenceTable.Of(cause, -3).ShouldBeInRange(0, 0.5);
        }
    }

    [Fact]
    public void An_unknown_cause_names_the_nearest() =>
        Should.Throw<ThalwegException>(() => Cause.Parse("dead_rely")).Message.ShouldContain("dead_relu");
}
