using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>K-FAC: natural gradient with the Fisher matrix of each layer as a Kronecker product.</summary>
/// <remarks>
/// Formula: w = w - lr v, v = mu v + (G + s/p I)^-1 dW (A + p s I)^-1; see <see cref="ScaleByKfac"/>. Source: Martens and Grosse, 2015;
/// Grosse and
/// Martens, 2016. For dense layers and ungrouped convolutions; time for an inverse grows with the cube of a layer's side.
/// </remarks>
public sealed record Kfac : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.03.</param>
    public Kfac(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.03.</summary>
    public Kfac()
        : this(0.03)
    {
    }

    /// <summary>Damping lambda, above 0, default 0.03.</summary>
    public Hyperparameter Damping { get; init => field = Positive(value); } = 0.03;

    /// <summary>Share of the old factors that is kept, dimensionless, in [0, 1), default 0.95.</summary>
    public double Retain { get; init => field = AtLeastZero(value); } = 0.95;

    /// <summary>Updates from one look at the factors to the next, at least 1, default 5.</summary>
    public int FactorsEvery { get; init => field = AtLeast(1, value); } = 5;

    /// <summary>Updates from one computation of the inverses to the next, at least 1, default 20.</summary>
    public int InversesEvery { get; init => field = AtLeast(1, value); } = 20;

    /// <summary>Largest curvature u'Fu of an update before the rate, above 0, default 1.</summary>
    public Hyperparameter Bound { get; init => field = Positive(value); } = 1;

    /// <summary>Share of a velocity that is kept, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.9;

    /// <inheritdoc/>
    public override string Source =>
        "Martens, Grosse: Kronecker-factored approximate curvature, 2015, section 6.3; Grosse, Martens, 2016, eq. (23) and (24)";

    /// <inheritdoc/>
    public override string Use =>
        "dense and convolutional networks with sides of up to about a thousand, where few steps count more than their cost";

    /// <inheritdoc/>
    public override Chain Chain => Mu.IsZero ? Compose(Rule) : Compose(Rule, new ScaleByMomentum { Mu = Mu });

    private ScaleByKfac Rule => new()
    {
        Damping = Damping,
        Decay = Retain,
        FactorsEvery = FactorsEvery,
        InversesEvery = InversesEvery,
        Bound = Bound,
    };
}
