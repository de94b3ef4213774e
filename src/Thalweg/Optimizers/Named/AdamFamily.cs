using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>What Adam and AdamW share: they differ in how weight decay enters by default.</summary>
public abstract record AdamFamily : NamedOptimizer
{
    private readonly Hyperparameter? _epsilon;

    private protected AdamFamily(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>
    /// Term e in the denominator, in the gradient's unit, above 0, default 1e-8, with the folded form 1e-7.
    /// </summary>
    public Hyperparameter Epsilon { get => _epsilon ?? Form.DefaultEpsilon(); init => _epsilon = Positive(value); }

    /// <summary>Where e stands, default <see cref="AdamVariant.Separate"/>.</summary>
    public AdamVariant Form { get; init; }

    /// <summary>Whether the second moment's maximum is kept, default <see cref="AmsGradVariant.None"/>.</summary>
    public AmsGradVariant AmsGrad { get; init; }

    /// <inheritdoc/>
    public override Chain Chain =>
        Compose(new ScaleByAdam { B1 = B1, B2 = B2, Epsilon = Epsilon, Form = Form, AmsGrad = AmsGrad });

    /// <summary>Whether two are equal, where an epsilon that was left out counts as its default.</summary>
    /// <param name="other">Another.</param>
    public virtual bool Equals(AdamFamily? other) => base.Equals(other) && Chain.Equals(other.Chain);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Chain);
}
