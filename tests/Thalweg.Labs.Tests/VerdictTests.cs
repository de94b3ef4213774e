namespace Thalweg.Labs.Tests;

/// <summary>Verdicts follow from figures by rule.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData("+", LabVerdict.Holds)]
    [InlineData("++", LabVerdict.Holds)]
    [InlineData("+-", LabVerdict.HoldsInPart)]
    [InlineData("--", LabVerdict.DoesNotHold)]
    [InlineData("!+", LabVerdict.Holds)]
    [InlineData("x+", LabVerdict.DoesNotHold)]
    [InlineData("!-", LabVerdict.HoldsInPart)]
    [InlineData("?", LabVerdict.Undecided)]
    [InlineData("+?", LabVerdict.Undecided)]
    [InlineData("+-?", LabVerdict.HoldsInPart)]
    [InlineData("-?", LabVerdict.Undecided)]
    [InlineData("x?", LabVerdict.DoesNotHold)]
    [InlineData("o+", LabVerdict.Undecided)]
    [InlineData("", LabVerdict.DoesNotHold)]
    public void The_verdict_is_the_one_that_open_criteria_cannot_change(string criteria, LabVerdict expected) =>
        LabCriterion.Conclude([.. criteria.Select(sign =>
            new LabCriterion("figure", LabRelation.AtLeast, 1, sign is '!' or 'x' or 'o', sign switch
        {
            '+' or '!' => LabOutcome.Holds,
            '-' or 'x' => LabOutcome.Fails,
            _ => LabOutcome.Undecided,
        }))]).ShouldBe(expected);

    [Fact]
    public void An_interval_that_crosses_the_threshold_leaves_it_open()
    {
        LabFigure figure = new("figure", "figure", [1, 2, 3], LabScale.Linear);

        // Student's t with 2 degrees of freedom: 4.30265; deviation 1.
        figure.Mean.ShouldBe(2, 1e-12);
        figure.Interval.Low.ShouldBe(2 - (4.302652729911275 / Math.Sqrt(3)), 1e-9);
        figure.Judge(LabRelation.AtLeast, 1).ShouldBe(LabOutcome.Undecided);
        figure.Judge(LabRelation.AtLeast, -1).ShouldBe(LabOutcome.Holds);
        figure.Judge(LabRelation.AtMost, -1).ShouldBe(LabOutcome.Fails);
        figure.Judge(LabRelation.AtMost, 5).ShouldBe(LabOutcome.Holds);
    }

    [Fact]
    public void Ratios_have_geometric_means()
    {
        LabFigure figure = new("figure", "figure", [0.01, 100], LabScale.Logarithmic);
        figure.Mean.ShouldBe(1, 1e-12);
        (figure.Interval.Low * figure.Interval.High).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void What_is_no_number_does_not_hold()
    {
        LabFigure figure = new("figure", "figure", [1, double.NaN], LabScale.Linear);
        figure.Judge(LabRelation.AtLeast, 0).ShouldBe(LabOutcome.Fails);
        figure.Judge(LabRelation.AtMost, 0).ShouldBe(LabOutcome.Fails);
    }

    [Fact]
    public void A_figure_without_randomness_is_its_own_interval()
    {
        LabFigure figure = new("figure", "figure", [3], LabScale.Linear);
        figure.Interval.ShouldBe((3, 3));
        figure.Judge(LabRelation.AtLeast, 3).ShouldBe(LabOutcome.Holds);
    }
}
