namespace Thalweg.Optimizers;

/// <summary>Adam with decoupled weight decay, 0.01 by default.</summary>
/// <remarks>
/// Formula: w = w - lr (m/(1-b1^t)/(sqrt(v/(1-b2^t)) + e) + lambda w), m and v as in Adam. Source: Loshchilov and Hutter, Decoupled
/// weight decay regularization (2019), algorithm 2. State: m, v.
/// </remarks>
public sealed record AdamW : AdamFamily
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001.</param>
    public AdamW(Hyperparameter learningRate)
        : base(learningRate) => (Decay, DecayForm) = (0.01, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public AdamW()
        : this(0.001)
    {
    }

    /// <inheritdoc/>
    public override string Source => "Loshchilov, Hutter: Decoupled weight decay regularization, 2019, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "Transformers, and wherever adam is to be regularized: the decay does not depend on the gradient's size";
}
