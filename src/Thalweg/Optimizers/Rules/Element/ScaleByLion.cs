using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Replaces each element by the sign of a mix of the gradient and its moving average: all elements move equally far.</summary>
/// <remarks>
/// Formula: u = sign(b1 m + (1-b1) g), m = b2 m + (1-b2) g. State: m. Source: Chen et al., Symbolic discovery of optimization algorithms
/// (2023), algorithm 2.
/// </remarks>
public sealed record ScaleByLion : Rule
{
    /// <summary>Share b1 of the average in the update, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the average, dimensionless, in [0, 1), default 0.99.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.99;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m"];

    /// <inheritdoc/>
    public override string Formula => "u = sign(b1 m + (1-b1) g), m = b2 m + (1-b2) g";

    /// <inheritdoc/>
    public override string Source => "Chen et al.: Symbolic discovery of optimization algorithms, 2023, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "Lion's direction: signs, one number of state";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new LionKernel<T>(fusion.Slot(0), fusion.At(B1), fusion.At(B2)));
}

/// <summary>g -> sign(b1 m + (1-b1) g); m = b2 m + (1-b2) g.</summary>
internal readonly unsafe struct LionKernel<T>(T* m, double b1, double b2) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _m = m;
    private readonly T _b1 = T.CreateTruncating(b1), _rest1 = T.CreateTruncating(1 - b1);
    private readonly T _b2 = T.CreateTruncating(b2), _rest2 = T.CreateTruncating(1 - b2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V m = V.Load(_m + at.Index);
        V.Store(V.Fma(V.Splat(_b2), m, V.Splat(_rest2) * update), _m + at.Index);
        return RuleMath.Sign<V, T>(V.Fma(V.Splat(_b1), m, V.Splat(_rest1) * update));
    }
}
