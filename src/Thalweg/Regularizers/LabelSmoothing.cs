using Thalweg.Data;
using Thalweg.Losses;

namespace Thalweg.Regularizers;

/// <summary>Label smoothing: a share of each target is spread evenly over all classes, so that logits need not grow without end.</summary>
/// <remarks>Formula: loss with t = (1-e) onehot(label) + e/classes. Source: Szegedy et al., Rethinking the Inception architecture (2016),
/// section 7. It composes with mixed targets. Training losses are those of the smoothed targets; validation losses are not.</remarks>
public sealed record LabelSmoothing : Regularizer
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="share">Share e, dimensionless, in [0, 1); customary 0.1.</param>
    /// <exception cref="ThalwegException">The share is out of range: give one in [0, 1).</exception>
    public LabelSmoothing(double share) => Share = share;

    /// <summary>Share e, dimensionless, in [0, 1).</summary>
    public double Share { get; init => field = value is >= 0 and < 1 ? value : throw Refused(nameof(Share), "in [0, 1)", value); }

    /// <inheritdoc/>
    public override string Formula => "loss with t = (1-e) onehot(label) + e/classes";

    /// <inheritdoc/>
    public override string Source => "Szegedy et al.: Rethinking the Inception architecture, 2016, section 7";

    /// <inheritdoc/>
    public override string Use => "many classes, noisy labels, and probabilities that are too sure of themselves";

    /// <inheritdoc/>
    protected internal override void RefuseUnfit(Dataset data)
    {
        if (data.Task.ClassNames.Count == 0)
            throw new ThalwegException("[label_smoothing] expected data with classes, got numbers to predict; leave it out");
    }

    /// <inheritdoc/>
    protected internal override Loss Adapt(Loss loss) => loss is CrossEntropyLoss entropy
        ? entropy with { LabelSmoothing = Share }
        : throw new ThalwegException(
            $"[label_smoothing] expected the loss softmax_cross_entropy, got {loss.Name}; leave it out, or change the loss");
}
