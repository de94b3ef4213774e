using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>Gradient descent with a velocity that looks ahead: Nesterov's accelerated gradient in its rearranged form.</summary>
/// <remarks>
/// Formula: v = mu v + g, w = w - lr (g + mu v). Source: Nesterov (1983); Sutskever, Martens, Dahl and Hinton (2013), eqs. 3-4;
/// rearranged to take the gradient at the stored point: Bengio, Boulanger-Lewandowski and Pascanu (2013), eq. 7. State: v.
/// </remarks>
public sealed record Nesterov : NamedOptimizer
{
    /// <summary>Makes the recipe.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0, default 0.01.</param>
    public Nesterov(Hyperparameter learningRate)
        : base(learningRate)
    {
    }

    /// <summary>Makes the recipe with the default learning rate, 0.01.</summary>
    public Nesterov()
        : this(0.01)
    {
    }

    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>
    /// How the look ahead is taken, default <see cref="NesterovVariant.Rearranged"/>; <see cref="NesterovVariant.LookAhead"/> takes the
    /// gradient at w + mu v.
    /// </summary>
    public NesterovVariant Form { get; init; } = NesterovVariant.Rearranged;

    /// <inheritdoc/>
    public override string Source => Form == NesterovVariant.LookAhead
        ? "Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum, 2013, eqs. 3-4"
        : "Bengio, Boulanger-Lewandowski, Pascanu: Advances in optimizing recurrent networks, 2013, eq. 7";

    /// <inheritdoc/>
    public override string Use => "as momentum, with less overshooting at high momentum; the usual choice for convolutional networks";

    /// <inheritdoc/>
    protected override string? Conflict => Form == NesterovVariant.None
        ? "expected form rearranged or look_ahead, got none, which is momentum; choose one, or the optimizer momentum"
        : null;

    /// <inheritdoc/>
    public override Chain Chain => Form == NesterovVariant.LookAhead
        ? Compose().AfterRate(new ScaleByMomentum { Mu = Mu, Nesterov = Form })
        : Compose(new ScaleByMomentum { Mu = Mu, Nesterov = Form });
}
