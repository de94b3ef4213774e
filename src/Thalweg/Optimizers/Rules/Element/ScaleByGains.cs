using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Momentum with a gain for each element, which grows while the gradient pushes the way the velocity goes and shrinks when it brakes.
/// </summary>
/// <remarks>
/// Formula: gain = max(gain + up, minimum) where v g &gt; 0 or v = 0, else max(gain down, minimum); v = mu v + gain g, u = v.
/// State: gain, v. Source: Jacobs (1988), eq. 5, in the form of van der Maaten's t-SNE code (2008): up 0.2, down 0.8. For full
/// batches, as <see cref="ScaleByDeltaBarDelta"/>.
/// </remarks>
public sealed record ScaleByGains : Rule
{
    /// <summary>Share mu of the velocity that is kept, dimensionless, in [0, 1), default 0.5.</summary>
    public Hyperparameter Mu { get; init => field = BelowOne(value); } = 0.5;

    /// <summary>What is added to a gain, dimensionless, above 0, default 0.2.</summary>
    public Hyperparameter Up { get; init => field = Positive(value); } = 0.2;

    /// <summary>What a gain is multiplied by, dimensionless, in (0, 1), default 0.8.</summary>
    public Hyperparameter Down { get; init => field = Positive(value); } = 0.8;

    /// <summary>Smallest gain, dimensionless, above 0, default 0.01.</summary>
    public Hyperparameter Minimum { get; init => field = Positive(value); } = 0.01;

    /// <summary>Whether batches smaller than the training data are let pass, default false.</summary>
    public bool AllowMiniBatches { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["gain", "v"];

    /// <inheritdoc/>
    public override string Formula =>
        "gain = gain + up where v g > 0 or v g = 0, else gain down, at least minimum; v = mu v + gain g, u = v";

    /// <inheritdoc/>
    public override string Source => "Jacobs: Increased rates of convergence, 1988, eq. 5, with the gains of van der Maaten, Hinton: " +
        "Visualizing data using t-SNE, 2008, section 3.4";

    /// <inheritdoc/>
    public override string Use => "gains of their own per coordinate with momentum, on full batches";

    /// <inheritdoc/>
    protected override string? Conflict => Down.Bounds.High >= 1 ? "expected down below 1; use the default 0.8" : null;

    /// <inheritdoc/>
    public override RuleNeeds Needs => AllowMiniBatches ? RuleNeeds.None : new() { FullBatch = true };

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, slot == "gain" ? 1 : 0);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new GainsKernel<T>(
            fusion.Slot(0), fusion.Slot(1), fusion.At(Mu), (fusion.At(Up), fusion.At(Down), fusion.At(Minimum))));
}

/// <summary>g -> v = mu v + gain g.</summary>
internal readonly unsafe struct GainsKernel<T>(T* gains, T* velocities, double mu, (double Up, double Down, double Minimum) numbers)
    : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _gains = gains, _velocities = velocities;
    private readonly T _mu = T.CreateTruncating(mu), _up = T.CreateTruncating(numbers.Up);
    private readonly T _down = T.CreateTruncating(numbers.Down), _minimum = T.CreateTruncating(numbers.Minimum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V v = V.Load(_velocities + at.Index), gain = V.Load(_gains + at.Index);
        V brakes = V.Less(RuleMath.Sign<V, T>(v) * RuleMath.Sign<V, T>(update), V.Splat(T.Zero));
        gain = SimdMath.AtLeast<V, T>(V.Select(brakes, V.Splat(_down) * gain, gain + V.Splat(_up)), V.Splat(_minimum));
        v = V.Fma(V.Splat(_mu), v, gain * update);
        V.Store(gain, _gains + at.Index);
        V.Store(v, _velocities + at.Index);
        return v;
    }
}
