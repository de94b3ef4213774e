using Thalweg.Diagnosis;

namespace Thalweg.Doctor.Tests;

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
    public void An_unknown_cause_names_the_nearest() =>
        Should.Throw<ThalwegException>(() => Cause.Parse("dead_rely")).Message.ShouldContain("dead_relu");
}
