namespace Thalweg.Rules;

/// <summary>What the update is divided by when its norm is clipped.</summary>
public enum ClipDenominator
{
    /// <summary>The norm itself: afterwards the norm is the limit exactly.</summary>
    Norm,

    /// <summary>The norm + 1e-6, as in PyTorch: afterwards the norm is a little below the limit.</summary>
    NormPlusOffset,
}

/// <summary>What clipping does with a norm.</summary>
internal static class Clipping
{
    private const double Offset = 1e-6;

    /// <summary>The factor that brings a norm down to a limit, or 1.</summary>
    public static double Factor(this ClipDenominator denominator, double norm, double limit) =>
        denominator == ClipDenominator.Norm ? limit / Math.Max(norm, limit) : Math.Min(1, limit / (norm + Offset));
}

/// <summary>Shortens the whole update, over all parameters together, where it is longer than a limit; the direction stays.</summary>
/// <remarks>
/// Formula: u = g c/max(|g|, c), or u = g min(1, c/(|g| + 1e-6)). State: none; one more pass over the gradient. Source: Pascanu, Mikolov
/// and Bengio, On the difficulty of training recurrent neural networks (2013), algorithm 1. The norm is summed in an order that depends
/// on the length alone. An infinite or NaN gradient makes the update NaN; it is not hidden.
/// </remarks>
public sealed record ClipByGlobalNorm : ReduceRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="maximum">Largest norm c, in the gradient's unit, above 0.</param>
    /// <exception cref="ThalwegException">The limit is not above 0: give a positive number.</exception>
    public ClipByGlobalNorm(Hyperparameter maximum) => Maximum = maximum;

    /// <summary>Largest norm c, in the gradient's unit, above 0.</summary>
    public Hyperparameter Maximum { get; init => field = Positive(value); }

    /// <summary>Which norm: 2 Euclidean, 1 sum of absolute values, infinity largest absolute value, or any p above 0; default 2.</summary>
    public double Order { get; init => field = NormOrder(value); } = 2;

    /// <summary>What the update is divided by, default the norm itself.</summary>
    public ClipDenominator Denominator { get; init; }

    /// <inheritdoc/>
    public override string Formula => Denominator == ClipDenominator.Norm ? "u = g c/max(|g|, c)" : "u = g min(1, c/(|g| + 1e-6))";

    /// <inheritdoc/>
    public override string Source => Denominator == ClipDenominator.Norm
        ? "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013, algorithm 1"
        : "PyTorch, clip_grad_norm_";

    /// <inheritdoc/>
    public override string Use => "recurrent networks and Transformers: keeps the direction, bounds the step; customary maximum 1";

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        fusion.Norm = VectorNorm.Of(fusion.Input, fusion.Length, Order);
        fusion.Factor = Denominator.Factor(fusion.Norm, fusion.At(Maximum));
    }
}
