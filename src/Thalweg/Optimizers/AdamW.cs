using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Optimizers;

/// <summary>Adam with decoupled weight decay, 0.01 by default.</summary>
/// <remarks>
/// Formula: w = w - lr (m/(1-b1^t)/(sqrt(v/(1-b2^t)) + e) + lambda w), m and v as in Adam. Source: Loshchilov and Hutter, Decoupled weight decay
/// regularization (2019), algorithm 2. State: m, v.
/// </remarks>
public sealed record AdamW : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.001.</param>
    public AdamW(Hyperparameter learningRate)
        : base(learningRate)
        => (Decay, DecayForm) = (0.01, DecayForm.Decoupled);

    /// <summary>Makes the recipe with the default learning rate, 0.001.</summary>
    public AdamW()
        : this(0.001)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = Fraction(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = Fraction(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8 (1e-7 is customary with the folded form).</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Where e stands, default <see cref="AdamForm.Separate"/>.</summary>
    public AdamForm Form { get; init; }

    /// <summary>Whether the second moment's maximum is kept, default <see cref="AmsGradForm.None"/>.</summary>
    public AmsGradForm AmsGrad { get; init; }

    /// <inheritdoc/>
    public override string Source => "Loshchilov, Hutter: Decoupled weight decay regularization, 2019, algorithm 2";

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByAdam { B1 = B1, B2 = B2, Epsilon = Epsilon, Form = Form, AmsGrad = AmsGrad });
}
