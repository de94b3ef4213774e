using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Gradient descent with a velocity (heavy ball).</summary>
/// <remarks>
/// Formula: v = mu v + g, w = w - lr v. Source: Polyak (1964), eq. 9; Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm
/// 8.2, which is the form with <see cref="RateInside"/>. State: v.
/// </remarks>
public sealed record Momentum : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Momentum(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Momentum()
        : this(0.01)
    {
    }

    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>What the velocity accumulates, default the sum.</summary>
    public MomentumVariant Form { get; init; }

    /// <summary>
    /// Whether the velocity contains the learning rate, v = mu v + lr g; with a constant rate the path is the same. Default false.
    /// </summary>
    public bool RateInside { get; init; }

    /// <summary>Share of each new gradient that is left out, dimensionless, in [0, 1), default 0.</summary>
    public Hyperparameter Dampening { get; init => field = BelowOne(value); } = 0;

    /// <summary>Whether the first gradient is dampened too, default false.</summary>
    public bool DampenFirst { get; init; }

    /// <summary>Whether the average is corrected for its start at 0, default false.</summary>
    public bool Debias { get; init; }

    /// <inheritdoc/>
    public override string Source => "Polyak: Some methods of speeding up the convergence of iteration methods, 1964, eq. 9";

    /// <inheritdoc/>
    public override string Use =>
        "convolutional networks with a schedule, where a tuned rate often generalizes best; the first thing to try beside adam";

    /// <inheritdoc/>
    public override Chain Chain
    {
        get
        {
            ScaleByMomentum momentum = new() { Mu = Mu, Form = Form, Dampening = Dampening, DampenFirst = DampenFirst, Debias = Debias };
            return RateInside ? Compose().AfterRate(momentum) : Compose(momentum);
        }
    }
}
