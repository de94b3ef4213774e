namespace Thalweg.Tuning.Tests.Spaces;

/// <summary>Values, cells and densities of each distribution.</summary>
public sealed class DistributionTests
{
    public static TheoryData<string> All =>
    [
        "uniform(-2, 3)", "log(1e-5, 1)", "int(-3, 4)", "logint(16, 512)", "logint(1, 4)", "steps(0, 0.5, 0.1)", "steps(-1, 1, 0.3)", "choice(relu, gelu, silu)",
        "uniform(2, 2)", "log(0.1, 0.1)", "int(5, 5)", "uniform(1000000, 1000001)",
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Points_of_the_unit_interval_give_values_within_and_lie_in_their_cells(string text)
    {
        Distribution distribution = Distribution.Parse(text);
        for (int i = 0; i <= 500; i++)
        {
            double unit = i / 500.0;
            TrialValue value = distribution.FromUnit(unit);
            distribution.Contains(value).ShouldBeTrue($"{value}");
            (double low, double high) = distribution.CellOf(value);
            if (distribution.Count is > 1)
                unit.ShouldBeInRange(low - 1e-9, high + 1e-9);
            else if (distribution.Count is null)
                distribution.ToUnit(value).ShouldBe(unit, 1e-6);
            distribution.FromUnit(distribution.ToUnit(value)).ShouldBe(value);
        }

        distribution.FromUnit(-1).ShouldBe(distribution.FromUnit(0));
        distribution.FromUnit(2).ShouldBe(distribution.FromUnit(1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Text_reads_back(string text)
    {
        Distribution distribution = Distribution.Parse(text);
        Distribution.Parse(distribution.ToString()).ShouldBe(distribution);
        distribution.ToString().ShouldBe(Distribution.Parse(text).ToString());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Probabilities_and_densities_are_those_of_uniform_numbers(string text)
    {
        Distribution distribution = Distribution.Parse(text);
        const int Draws = 20_000;
        TrialValue[] values = [.. Enumerable.Range(0, Draws).Select(i => distribution.FromUnit((i + 0.5) / Draws))];
        if (distribution.Count is { } count)
        {
            IGrouping<TrialValue, TrialValue>[] groups = [.. values.GroupBy(value => value)];
            groups.Length.ShouldBe((int)count);
            groups.Sum(group => Math.Exp(distribution.LogDensity(group.Key))).ShouldBe(1, 1e-9);
            foreach (IGrouping<TrialValue, TrialValue> group in groups)
                Math.Exp(distribution.LogDensity(group.Key)).ShouldBe(group.Count() / (double)Draws, 2e-3);
            return;
        }

        // By differences of the distribution function in the middle of the range.
        double here = values[Draws / 3].Number, next = values[(Draws / 3) + 200].Number, middle = values[(Draws / 3) + 100].Number;
        Math.Exp(distribution.LogDensity(new TrialValue(middle))).ShouldBe(200.0 / Draws / (next - here), 0.01 * 200 / Draws / (next - here));
    }

    [Theory]
    [InlineData("uniform(0, 1)", "1.5")]
    [InlineData("log(0.1, 1)", "0.01")]
    [InlineData("int(1, 3)", "2.5")]
    [InlineData("logint(1, 8)", "9")]
    [InlineData("steps(0, 1, 0.25)", "0.3")]
    [InlineData("choice(a, b)", "c")]
    [InlineData("int(1, 3)", "many")]
    public void Other_values_are_none_of_a_distribution(string text, string value)
    {
        Distribution.Parse(text).Contains(new TrialValue(value)).ShouldBeFalse();
        Distribution.Parse(text).LogDensity(new TrialValue(value)).ShouldBe(double.NegativeInfinity);
    }

    [Theory]
    [InlineData("log(0, 1)", "above 0")]
    [InlineData("logint(0, 8)", "above 0")]
    [InlineData("uniform(1, 0)", "low")]
    [InlineData("int(4, 3)", "low")]
    [InlineData("choice()", "at least one")]
    [InlineData("choice(a, b, a)", "'a' twice")]
    [InlineData("steps(0, 1, 0)", "above 0")]
    [InlineData("steps(0, 1, 1e-12)", "steps")]
    [InlineData("unifrom(0, 1)", "uniform")]
    [InlineData("uniform(0, nan)", "finite")]
    [InlineData("log(1e-5)", "high")]
    public void What_cannot_be_is_refused_in_one_line(string text, string fact)
    {
        ThalwegException error = Should.Throw<ThalwegException>(() => Distribution.Parse(text));
        error.Message.ShouldContain(fact, Case.Insensitive);
        error.Message.ShouldNotContain('\n');
    }

    [Fact]
    public void Choices_may_be_settings_and_texts_with_any_signs()
    {
        var choice = (ChoiceDistribution)Distribution.Parse("choice(adam(b2=0.9), sgd, 'mlp:64,32', [a, b])");
        choice.Values.ShouldBe(["adam(b2=0.9)", "sgd", "mlp:64,32", "[a, b]"]);
        Distribution.Parse(choice.ToString()).ShouldBe(choice);
        Distribution.Parse("choice([a, b])").ShouldBe(new ChoiceDistribution("a", "b"));
    }

    [Fact]
    public void Values_are_short()
    {
        Distribution.Parse("steps(0, 1, 0.1)").FromUnit(0.35).Text.ShouldBe("0.3");
        Distribution.Parse("log(1e-5, 1)").FromUnit(0.123456789).Text.Length.ShouldBeLessThanOrEqualTo(12);
        Distribution.Parse("uniform(0, 1)").FromUnit(1 / 3.0).Text.ShouldBe("0.3333333");
    }
}
