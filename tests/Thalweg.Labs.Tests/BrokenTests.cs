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

    [Fact]
    public void A_choice_by_fresh_data_does_not_flatter()
    {
        (LabResult byTest, LabResult byFresh) = (Run("holdout", []), Run("holdout", Settings("chooser=fresh")));
        byFresh.FigureOf("optimism").Mean.ShouldBeLessThan(byTest.FigureOf("optimism").Mean);
        Outcomes(byFresh, "optimism").ShouldAllBe(outcome => outcome != LabOutcome.Holds);
    }

    /// <summary>These take more than tiny sizes to be met, so that the recorded verdict is the whole one; a part that does nothing gains
    /// nothing for any seed, so that two are enough.</summary>
    [Theory]
    [InlineData("weight-decay", "decay=0")]
    [InlineData("bias-start", "forget=0", "bias=0")]
    [InlineData("batchnorm-init", "normalization=none")]
    [InlineData("batchnorm-regularizes", "normalization=none")]
    public void A_part_that_does_nothing_turns_the_recorded_verdict(string name, params string[] settings)
    {
        LabResult broken = Run(name, new LabRunOptions { Seeds = 2, Settings = settings.SelectMany(Settings).ToDictionary() });
        broken.Verdict.ShouldBe(LabVerdict.DoesNotHold);
        LabVerdicts.Recorded(LabMode.Quick).Of(name)!.Verdict.ShouldNotBe(LabVerdict.DoesNotHold);
    }

    /// <summary>This claim was refuted: with weights that have learned the task itself the same lab finds that they help.</summary>
    [Fact]
    public void Weights_of_the_task_itself_turn_the_verdict_on_pretraining()
    {
        LabVerdicts.Recorded(LabMode.Quick).Of("pretraining")!.Verdict.ShouldBe(LabVerdict.DoesNotHold);
        Run("pretraining", new LabRunOptions { Settings = Settings("source=task") }).Verdict.ShouldBe(LabVerdict.HoldsInPart);
        Outcomes(Run("pretraining", Settings("source=random")), "transferred-relu").ShouldNotContain(LabOutcome.Holds);
    }

    private static LabResult Run(string name, Dictionary<string, string> settings) =>
        Run(name, new LabRunOptions { Mode = LabMode.Tiny, Settings = settings });

    private static LabResult Run(string name, LabRunOptions options) => new LabRunner(options).Run(LabCatalogue.Of(name));

    private static IEnumerable<LabOutcome> Outcomes(LabResult result, string figure) =>
        result.Criteria.Where(criterion => criterion.Figure == figure).Select(criterion => criterion.Outcome);

    private static Dictionary<string, string> Settings(string text) =>
        new() { [text[..text.IndexOf('=', StringComparison.Ordinal)]] = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..] };
}
