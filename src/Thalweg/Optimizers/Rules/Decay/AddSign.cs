using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>
/// Adds a multiple of the weights' signs to the update: the gradient of an L1 penalty, which draws weights to 0 at an even pace.
/// </summary>
/// <remarks>
/// Formula: u = g + lambda sign(w), sign(0) = 0. State: none. Source: Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 7.20.
/// It stands before the rules that scale the gradient.
/// </remarks>
public sealed record AddSign : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="decay">The factor lambda, in the gradient's unit, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public AddSign(Hyperparameter decay) => Decay = decay;

    /// <summary>The factor lambda, in the gradient's unit, at least 0.</summary>
    public Hyperparameter Decay { get; init => field = NonNegative(value); }

    /// <summary>Which parameters it reaches, default weights alone.</summary>
    public DecayScope Scope { get; init; }

    /// <inheritdoc/>
    public override string Formula => "u = g + lambda sign(w)";

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, eq. 7.20";

    /// <inheritdoc/>
    public override string Use => "where unused weights are to become 0";

    internal override string? Misplaced(ChainPosition position) => position.IsBehindRate
        ? $"found {this} after scale_by_learning_rate, where it makes the weights grow; move it, or use shrink_weights"
        : base.Misplaced(position);

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new SignKernel<T>(fusion.Value(Decay), Scope));
}

/// <summary>u -> u + lambda sign(w), where lambda is 0 outside the scope.</summary>
internal readonly struct SignKernel<T>(T lambda, DecayScope scope) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _everywhere = scope == DecayScope.Everything ? lambda : T.Zero;
    private readonly T _inWeights = scope == DecayScope.Weights ? lambda : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V zero = V.Splat(T.Zero);
        V amount = V.Splat(_everywhere + (_inWeights * at.Decay));
        V ifPositive = V.Select(V.Less(zero, parameter), amount, zero);
        return update + ifPositive - V.Select(V.Less(parameter, zero), amount, zero);
    }
}
