namespace Thalweg.Labs.Tests;

/// <summary>Each verdict can fail: with the thing under test broken, an expectation that is met else is met no more.</summary>
public sealed class BrokenTests
{
    [Theory]
    [InlineData("zero-init", "equal-units", "start=labs_nearly_equal")]
    [InlineData("saturation", "outer-share", "start=normal(0.1)")]
    [InlineData("small-init", "spread", "start=labs_timid")]
    [InlineData("xavier", "xavier-tanh-forward", "initializer=labs_half_xavier")]
    [InlineData("he", "he-forward", "initializer=labs_unscaled_he")]
    [InlineData("init-scale", "loss-too-large", "family=constant(0)")]
    [InlineData("bias-init", "loss-at-start", "bias=zeros")]
    [InlineData("gaussian-or-uniform", "share", "second=normal(0.001)")]
    [InlineData("batchnorm-rate", "rate-ratio", "normalization=none")]
    [InlineData("dropout", "smaller-gap-glyphs", "probability=0")]
    [InlineData("vanishing-fixes", "decades-relu", "initializer=normal(0.05)")]
    [InlineData("vanishing-fixes", "loss-clipped", "clip=1e30")]
    [InlineData("long-term", "difference-1", "recurrent=normal(1)")]
    [InlineData("cliffs", "largest-update", "clip=1e30")]
    [InlineData("random-search", "against-best", "sampler=labs_stubborn")]
    [InlineData("larger-network", "share-widest", "widest=5")]
    [InlineData("choosing", "sparse-gain", "methods=sgd, momentum, sgd, sgd, sgd, sgd")]
    public void A_broken_part_turns_the_verdict(string name, string figure, string setting)
    {
        BrokenKinds.Register();
        (LabResult whole, LabResult broken) = (Run(name, []), Run(name, Settings(setting)));
        Outcomes(whole, figure).ShouldAllBe(outcome => outcome == LabOutcome.Holds);
        Outcomes(broken, figure).ShouldContain(outcome => outcome != LabOutcome.Holds);
    }

    /// <summary>Labs whose figure is not met, or open, as the lab stands: it still follows the part under test.</summary>
    [Theory]
    [InlineData("weight-decay", "smaller-gap-glyphs", "decay=0", "decay=3")]
    [InlineData("pretraining", "transferred-relu", "source=random", "source=task")]
    public void A_figure_follows_the_part_under_test(string name, string figure, string worse, string better)
    {
        (LabResult low, LabResult high) = (Run(name, Settings(worse)), Run(name, Settings(better)));
        Outcomes(low, figure).ShouldAllBe(outcome => outcome != LabOutcome.Holds);
        LabRelation relation = low.Criteria.First(criterion => criterion.Figure == figure).Relation;
        double gain = high.FigureOf(figure).Mean - low.FigureOf(figure).Mean;
        (relation == LabRelation.AtLeast ? gain : -gain).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_choice_by_fresh_data_does_not_flatter()
    {
        (LabResult byTest, LabResult byFresh) = (Run("holdout", []), Run("holdout", Settings("chooser=fresh")));
        byFresh.FigureOf("optimism").Mean.ShouldBeLessThan(byTest.FigureOf("optimism").Mean);
        Outcomes(byFresh, "optimism").ShouldAllBe(outcome => outcome != LabOutcome.Holds);
    }

    /// <summary>These take more than tiny sizes to be met; a part that does nothing gains nothing at any size.</summary>
    [Theory]
    [InlineData("bias-start", "recall", "forget=0")]
    [InlineData("batchnorm-init", "more-scales", "normalization=none")]
    [InlineData("batchnorm-regularizes", "smaller-gap-glyphs", "normalization=none")]
    public void A_part_that_does_nothing_is_found_out(string name, string figure, string setting)
    {
        LabResult result = Run(name, Settings(setting));
        result.FigureOf(figure).Values.ShouldAllBe(value => value == 0);
        Outcomes(result, figure).ShouldBe([LabOutcome.Fails]);
    }

    private static LabResult Run(string name, Dictionary<string, string> settings) =>
        new LabRunner(new LabRunOptions { Mode = LabMode.Tiny, Settings = settings }).Run(LabCatalogue.Of(name));

    private static IEnumerable<LabOutcome> Outcomes(LabResult result, string figure) =>
        result.Criteria.Where(criterion => criterion.Figure == figure).Select(criterion => criterion.Outcome);

    private static Dictionary<string, string> Settings(string text) =>
        new() { [text[..text.IndexOf('=', StringComparison.Ordinal)]] = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..] };
}
