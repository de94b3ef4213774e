namespace Thalweg.Optimizers;

/// <summary>Adam: steps of the gradient's moving average, divided by the root of its square's.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, w = w - lr m/(1-b1^t)/(sqrt(v/(1-b2^t)) + e). Source: Kingma and Ba, Adam (2015),
/// algorithm 1. State: m, v.
/// </remarks>
public sealed record Adam : AdamFamily
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001.</param>
    public Adam(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public Adam()
        : this(0.001)
    {
    }

    /// <inheritdoc/>
    public override string Source => "Kingma, Ba: Adam, 2015, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "the default for a new problem: little tuning of the rate; with clipping for recurrent networks";
}
