using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>
/// Keeps slow weights that go part of the way to the trained ones every few steps, and puts the trained ones there; it stands last
/// in a chain.
/// </summary>
/// <remarks>
/// Formula: w = w + u; every k steps slow = slow + alpha (w - slow), w = slow. State: slow. Source: Zhang, Lucas, Hinton and Ba,
/// Lookahead optimizer: k steps forward, 1 step back (2019), algorithm 1.
/// </remarks>
public sealed record Lookahead : Rule
{
    /// <summary>Updates from one synchronization to the next, at least 1, default 5.</summary>
    public int Every { get; init => field = AtLeast(1, value); } = 5;

    /// <summary>Share alpha of the way that the slow weights go, dimensionless, above 0, default 0.5.</summary>
    public Hyperparameter Alpha { get; init => field = Positive(value); } = 0.5;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["slow"];

    /// <inheritdoc/>
    public override string Formula => "u = g; every k steps slow = slow + alpha (w + g - slow), u = slow - w";

    /// <inheritdoc/>
    public override string Source => "Zhang, Lucas, Hinton, Ba: Lookahead optimizer, 2019, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "around any other optimizer, for less variance and a rate that matters less";

    internal override bool SeesNewWeights => true;

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) => fusion.Then(
        prefix,
        new LookaheadKernel<T>(fusion.Slot(0), T.CreateTruncating(fusion.At(Alpha)), fusion.Update == 1, fusion.Update % Every == 0));
}

/// <summary>u -> slow - w at a synchronization, else u.</summary>
internal readonly unsafe struct LookaheadKernel<T>(T* slowWeights, T alpha, bool isFirst, bool synchronizes) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V slow = isFirst ? parameter : V.Load(slowWeights + at.Index);
        if (synchronizes)
        {
            slow = V.Fma(V.Splat(alpha), parameter + update - slow, slow);
            update = slow - parameter;
        }

        V.Store(slow, slowWeights + at.Index);
        return update;
    }
}
