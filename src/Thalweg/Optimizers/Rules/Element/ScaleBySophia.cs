using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Divides the moving average of the gradient by that of an estimate of the Hessian's diagonal, and clips each element.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, h = b2 h + (1-b2) h_new whenever an estimate arrives, u = clip(m/max(gamma h, e), 1). State: m, h.
/// Source: Liu et al., Sophia (2023), algorithm 3; the estimates (z (H z) for a normal vector z, or n g~^2 with the gradient g~ at targets
/// drawn from the outputs) are made by the trainer, or passed to <see cref="Optimizers.OptimizerRun.Observe(RuleSignal)"/>. Until the
/// first one the update is the sign of m.
/// </remarks>
public sealed record ScaleBySophia : Rule
{
    private readonly Hyperparameter? _gamma;

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.96.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.96;

    /// <summary>Decay b2 of the curvature, dimensionless, in [0, 1), default 0.99.</summary>
    public double B2 { get; init => field = AtLeastZero(value); } = 0.99;

    /// <summary>Factor gamma of the curvature, dimensionless, above 0, default 0.05, with Hutchinson's estimate 0.01.</summary>
    public Hyperparameter Gamma { get => _gamma ?? Estimate.DefaultGamma(); init => _gamma = Positive(value); }

    /// <summary>Smallest denominator e, above 0, default 1e-12.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-12;

    /// <summary>Updates from one estimate of the curvature to the next, at least 1, default 10.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 10;

    /// <summary>How the curvature is estimated, default <see cref="CurvatureForm.GaussNewtonBartlett"/>; the trainer
    /// makes the estimates.</summary>
    public CurvatureForm Estimate { get; init; }

    /// <summary>Whether two are equal, where a gamma that was left out counts as its default.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(ScaleBySophia? other) => other is not null &&
        (B1, B2, Gamma, Epsilon, Every, Estimate).Equals((other.B1, other.B2, other.Gamma, other.Epsilon, other.Every, other.Estimate));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(B1, B2, Gamma, Epsilon, Every, Estimate);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "curvature"];

    /// <inheritdoc/>
    public override string Formula => "m = b1 m + (1-b1) g, h = b2 h + (1-b2) " +
        $"{(Estimate == CurvatureForm.Hutchinson ? "z (H z)" : "n g~^2")} every {Every} steps, u = clip(m/max(gamma h, e), 1)";

    /// <inheritdoc/>
    public override string Source => "Liu et al.: Sophia, 2023, algorithm 3";

    /// <inheritdoc/>
    public override string Use => "Sophia's direction: momentum divided by curvature, clipped";

    /// <inheritdoc/>
    public override RuleNeeds Needs => new() { CurvatureEvery = Every, CurvatureForm = Estimate };

    /// <inheritdoc/>
    protected override string? Conflict => B2 >= 1 ? "expected b2 below 1; use the default 0.99" : null;

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new SophiaKernel<T>(fusion.Slot(0), fusion.Slot(1), fusion.At(B1), fusion.At(Gamma), fusion.At(Epsilon)));

    /// <inheritdoc/>
    protected internal override void Observe(RuleSignal signal, RuleState state)
    {
        if (signal is not CurvatureSignal { Diagonal: { } estimate })
            return;
        if (estimate.DType == DType.Float32)
            Blend(estimate.AsSpan<float>(), state[1].AsSpan<float>());
        else
            Blend(estimate.AsSpan<double>(), state[1].AsSpan<double>());
    }

    private void Blend<T>(ReadOnlySpan<T> estimate, Span<T> curvature)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T keep = T.CreateTruncating(B2), rest = T.CreateTruncating(1 - B2);
        for (int i = 0; i < curvature.Length; i++)
            curvature[i] = (keep * curvature[i]) + (rest * estimate[i]);
    }
}

/// <summary>g -> clip(m/max(gamma h, e), 1).</summary>
internal readonly unsafe struct SophiaKernel<T>(T* m, T* curvature, double b1, double gamma, double epsilon) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _m = m, _curvature = curvature;
    private readonly T _b1 = T.CreateTruncating(b1), _rest = T.CreateTruncating(1 - b1), _gamma = T.CreateTruncating(gamma),
        _epsilon = T.CreateTruncating(epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V one = V.Splat(T.One), m = V.Fma(V.Splat(_b1), V.Load(_m + at.Index), V.Splat(_rest) * update);
        V.Store(m, _m + at.Index);
        V ratio = m / SimdMath.AtLeast<V, T>(V.Splat(_gamma) * V.Load(_curvature + at.Index), V.Splat(_epsilon));
        return SimdMath.AtMost<V, T>(SimdMath.AtLeast<V, T>(ratio, V.Splat(-T.One)), one);
    }
}
