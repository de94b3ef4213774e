using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>RMSProp: gradients divided by the root of the moving average of their square, with momentum on request.</summary>
/// <remarks>
/// Formula: r = a r + (1-a) g^2, w = w - lr g/(sqrt(r) + e); with momentum: v = mu v + g/(sqrt(r) + e), w = w - lr v. Source: Tieleman
/// and Hinton, Lecture 6.5 (2012); Goodfellow, Bengio and Courville, Deep Learning (2016), algorithms 8.5 and for the looking-ahead form,
/// 8.6. State: r (m centered, v with momentum).
/// </remarks>
public sealed record RmsProp : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public RmsProp(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public RmsProp()
        : this(0.01)
    {
    }

    /// <summary>Decay a of the averages, dimensionless, in [0, 1), default 0.99.</summary>
    public Hyperparameter Alpha { get; init => field = BelowOne(value); } = 0.99;

    /// <summary>Term e in the denominator, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Where e stands, default outside the root.</summary>
    public EpsilonPlace EpsilonPlace { get; init; }

    /// <summary>Value that r starts from, at least 0, default 0 (1 in TensorFlow 1).</summary>
    public double Start { get; init => field = AtLeastZero(value); }

    /// <summary>Whether the square of the average is subtracted, default false.</summary>
    public bool Centered { get; init; }

    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0: no momentum.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0;

    /// <summary>Whether the velocity contains the learning rate (TensorFlow, Keras, optax), default false (PyTorch).</summary>
    public bool RateInside { get; init; }

    /// <summary>
    /// Whether the gradient is taken at w + mu v (Nesterov momentum, Deep Learning, algorithm 8.6); the velocity then contains the
    /// rate; default false.
    /// </summary>
    public bool LookAhead { get; init; }

    /// <inheritdoc/>
    public override string Source => LookAhead ? "Goodfellow, Bengio, Courville: Deep Learning, 2016, algorithm 8.6"
        : Centered
        ? "Graves: Generating sequences with recurrent neural networks, 2013, eqs. 38-40"
        : "Tieleman, Hinton: Lecture 6.5, RMSProp, 2012; Goodfellow, Bengio, Courville: Deep Learning, 2016, algorithm 8.5";

    /// <inheritdoc/>
    public override string Use => "recurrent networks, reinforcement learning and changing problems: it forgets old gradients";

    /// <inheritdoc/>
    protected override string? Conflict =>
        LookAhead && Mu.IsZero ? "expected mu above 0 with look_ahead, which looks along the velocity; give mu=0.9" : null;

    private Chain Composed(ScaleByRms rms) => Mu.IsZero ? Compose(rms)
        : LookAhead ? Compose(rms).AfterRate(new ScaleByMomentum { Mu = Mu, Nesterov = NesterovVariant.LookAhead })
        : RateInside ? Compose(rms).AfterRate(new ScaleByMomentum { Mu = Mu })
        : Compose(rms, new ScaleByMomentum { Mu = Mu });

    /// <inheritdoc/>
    public override Chain Chain => Composed(
        new ScaleByRms { Alpha = Alpha, Epsilon = Epsilon, EpsilonPlace = EpsilonPlace, Start = Start, Centered = Centered });
}
