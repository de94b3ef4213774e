using Thalweg.Data;

namespace Thalweg.Labs.Tests;

/// <summary>Each verdict about rules, samples and shapes of losses can fail: with the thing under test broken, an expectation is met no
/// more.</summary>
public sealed class BrokenRulesTests
{
    private static readonly Lazy<bool> s_registered = new(() =>
    {
        Settings.Register<FirstBatchSampler>("labs_first_batch");
        return true;
    });

    [Theory]
    [InlineData("random-walk", "length-momentum", "momentum", "sgd(0.95)")]
    [InlineData("terminal-velocity", "speed-0.9", "rule", "scale_by_momentum(form=averaged)")]
    [InlineData("nag", "exponent-accelerated", "accelerated", "sgd(1)")]
    [InlineData("convergence-rate", "exponent-strong", "strong-rate", "constant(0.1)")]
    [InlineData("rate-decay", "gain-of-decay", "decayed", "constant(0.05)")]
    [InlineData("newton", "quadratic-steps", "method", "newton(form=exact, search=none, learning_rate=0.5)")]
    [InlineData("second-order", "extra-iterations", "cg", "coordinate_descent")]
    [InlineData("autoencoder", "reached", "start", "0")]
    [InlineData("saddles", "left-saddle-free", "saddle-free", "newton(form=exact)")]
    [InlineData("local-global", "start-over-rule", "starts", "xavier_uniform xavier_uniform xavier_uniform")]
    [InlineData("ill-conditioning", "prediction-error-glyphs", "optimizer", "adam(0.01)")]
    [InlineData("optimizers", "adam-over-sgd-glyphs", "adam", "sgd(maximize=true)")]
    [InlineData("adagrad-sparse", "rate-exponent", "adaptive", "sgd")]
    [InlineData("adagrad-stalls", "exponent-adagrad", "adagrad", "sgd")]
    [InlineData("adam-parts", "first-step", "adam", "rmsprop")]
    [InlineData("delta-bar-delta", "full-batch", "rule", "sgd(0.001)")]
    [InlineData("momentum-schedule", "rate-over-momentum", "rates", "constant constant constant")]
    [InlineData("mean-error", "exponent-start-glyphs", "sampler", "sequential")]
    [InlineData("shuffle", "sorted-glyphs", "every", "sequential")]
    [InlineData("fresh-data", "first-pass-glyphs", "sampler", "labs_first_batch")]
    [InlineData("batch-size", "samples-glyphs", "sizes", "4 5 6")]
    [InlineData("gradient-descent-kinds", "updates-single-over-mini-glyphs", "single", "32")]
    [InlineData("inexact-gradients", "noise-large-glyphs", "optimizer", "sgd(0)")]
    [InlineData("surrogate", "margin-growth-glyphs", "loss", "multi_margin")]
    [InlineData("early-stop", "left-at-stop-glyphs", "patience", "0")]
    public void A_broken_part_turns_the_verdict(string name, string figure, string option, string value)
    {
        _ = s_registered.Value;
        (LabResult whole, LabResult broken) = (Run(name, []), Run(name, new() { [option] = value }));
        Outcomes(whole, figure).ShouldNotContain(LabOutcome.Fails);
        Outcomes(broken, figure).ShouldContain(outcome => outcome != LabOutcome.Holds);
        Outcomes(broken, figure).ShouldNotBe(Outcomes(whole, figure));
    }

    private static LabResult Run(string name, Dictionary<string, string> settings) =>
        new LabRunner(new LabRunOptions { Mode = LabMode.Tiny, Settings = settings }).Run(LabCatalogue.Of(name));

    private static LabOutcome[] Outcomes(LabResult result, string figure) =>
        [.. result.Criteria.Where(criterion => criterion.Figure == figure).Select(criterion => criterion.Outcome)];
}

/// <summary>A sampler that gives the first batch again and again.</summary>
internal sealed record FirstBatchSampler : Sampler
{
    public override void Fill(in SamplerContext context, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i % context.BatchSize;
    }
}
