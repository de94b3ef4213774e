using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>
/// Divides the gradient by its recent size and multiplies it by the recent size of the updates, so that units agree and no rate is needed.
/// </summary>
/// <remarks>
/// Formula: s = rho s + (1-rho) g^2, u = sqrt(d + e)/sqrt(s + e) g, d = rho d + (1-rho) u^2. State: s, d. Source: Zeiler, ADADELTA
/// (2012), algorithm 1.
/// </remarks>
public sealed record ScaleByAdaDelta : Rule
{
    /// <summary>Decay rho of both averages, dimensionless, in [0, 1), default 0.9 (0.95 in Keras).</summary>
    public Hyperparameter Rho { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Term e under both roots, above 0, default 1e-6 (1e-7 in Keras); it sets the size of the first steps.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-6;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["s", "d"];

    /// <inheritdoc/>
    public override string Formula => "s = rho s + (1-rho) g^2, u = sqrt(d + e)/sqrt(s + e) g, d = rho d + (1-rho) u^2";

    /// <inheritdoc/>
    public override string Source => "Zeiler: ADADELTA, 2012, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "updates in the weights' own unit, without a rate";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new AdaDeltaKernel<T>(fusion.Slot(0), fusion.Slot(1), fusion.At(Rho), fusion.At(Epsilon)));
}

/// <summary>s = rho s + (1-rho) g^2; g -> u = sqrt(d + e)/sqrt(s + e) g; d = rho d + (1-rho) u^2.</summary>
internal readonly unsafe struct AdaDeltaKernel<T>(T* squares, T* deltas, double rho, double epsilon) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _squares = squares, _deltas = deltas;
    private readonly T _rho = T.CreateTruncating(rho), _rest = T.CreateTruncating(1 - rho), _epsilon = T.CreateTruncating(epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V rho = V.Splat(_rho), rest = V.Splat(_rest), epsilon = V.Splat(_epsilon);
        V s = V.Fma(rho, V.Load(_squares + at.Index), rest * (update * update)), d = V.Load(_deltas + at.Index);
        V.Store(s, _squares + at.Index);
        V u = V.Sqrt(d + epsilon) / V.Sqrt(s + epsilon) * update;
        V.Store(V.Fma(rho, d, rest * (u * u)), _deltas + at.Index);
        return u;
    }
}
