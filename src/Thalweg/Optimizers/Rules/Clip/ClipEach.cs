namespace Thalweg.Rules;

/// <summary>Shortens the update of each parameter (each weight matrix, each bias) by itself where it is longer than a limit.</summary>
/// <remarks>
/// Formula: u_k = g_k c/max(|g_k|, c) for each parameter k. State: none; one more pass over the gradient. Source: Pascanu, Mikolov and
/// Bengio (2013), algorithm 1, applied to each parameter.
/// </remarks>
public sealed record ClipEach : ReduceRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="maximum">Largest norm c of one parameter's update, in the gradient's unit, above 0.</param>
    /// <exception cref="ThalwegException">The limit is not above 0: give a positive number.</exception>
    public ClipEach(Hyperparameter maximum) => Maximum = maximum;

    /// <summary>Largest norm c of one parameter's update, in the gradient's unit, above 0.</summary>
    public Hyperparameter Maximum { get; init => field = Positive(value); }

    /// <summary>Which norm: 2 Euclidean, 1 sum of absolute values, infinity largest absolute value, or any p above 0; default 2.</summary>
    public double Order { get; init => field = NormOrder(value); } = 2;

    /// <summary>What the update is divided by, default the norm itself.</summary>
    public ClipDenominator Denominator { get; init; }

    /// <inheritdoc/>
    public override string Formula => Denominator == ClipDenominator.Norm
        ? "u_k = g_k c/max(|g_k|, c) for each parameter k"
        : "u_k = g_k min(1, c/(|g_k| + 1e-6)) for each parameter k";

    /// <inheritdoc/>
    public override string Source =>
        "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013, algorithm 1, for each parameter";

    /// <inheritdoc/>
    public override string Use => "where one layer alone explodes and the others are not to be slowed down with it";

    internal override bool IsBySegment => true;

    internal override unsafe void Inspect<T>(Fusion<T> fusion)
    {
        double limit = fusion.At(Maximum);
        for (int k = 0; k < fusion.Segments.Segments.Length; k++)
        {
            double norm = VectorNorm.Of(fusion.Input + fusion.Segments.Segments[k].Offset, fusion.Segments.Segments[k].Size, Order);
            fusion.Table[k] = T.CreateTruncating(Denominator.Factor(norm, limit));
        }
    }

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new SegmentScaleKernel<T>(fusion.Table));
}
