using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Which parameters weight decay reaches.</summary>
public enum DecayScope
{
    /// <summary>Weights alone: biases and the scale and shift of normalization are left as they are.</summary>
    Weights,

    /// <summary>All parameters.</summary>
    Everything,
}

/// <summary>Adds a multiple of the weights to the update, which draws them to 0.</summary>
/// <remarks>
/// Formula: u = g + lambda w. State: none. Before the rules that scale the gradient it is L2 regularization (penalty lambda/2 |w|^2:
/// Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 7.3); after them it is decoupled weight decay (Loshchilov and Hutter,
/// Decoupled weight decay regularization (2019), algorithm 2). In both places it stands before <see cref="ScaleByLearningRate"/>.
/// </remarks>
public sealed record AddDecayedWeights : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="decay">The factor lambda, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public AddDecayedWeights(Hyperparameter decay) => Decay = decay;

    /// <summary>The factor lambda, at least 0.</summary>
    public Hyperparameter Decay { get; init => field = NonNegative(value); }

    /// <summary>Which parameters it reaches, default weights alone.</summary>
    public DecayScope Scope { get; init; }

    /// <inheritdoc/>
    public override string Formula => "u = g + lambda w";

    /// <inheritdoc/>
    public override string Source =>
        "Loshchilov, Hutter: Decoupled weight decay regularization, 2019, algorithm 2, lines 6 (L2) and 12 (decoupled)";

    /// <inheritdoc/>
    public override string Use => "against overfitting: before the scaling rules as L2, behind them decoupled";

    internal override string? Misplaced(ChainPosition position) => position.IsBehindRate
        ? $"found {this} after scale_by_learning_rate, where it makes the weights grow; move it, or use shrink_weights"
        : base.Misplaced(position);

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new DecayKernel<T>(fusion.Value(Decay), Scope));
}

/// <summary>u -> u + lambda w, where lambda is 0 outside the scope.</summary>
internal readonly struct DecayKernel<T>(T lambda, DecayScope scope) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _everywhere = scope == DecayScope.Everything ? lambda : T.Zero;
    private readonly T _inWeights = scope == DecayScope.Weights ? lambda : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Splat(_everywhere + (_inWeights * at.Decay)), parameter, update);
}
