using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Adds a multiple of the weights of some parameters, picked by name, to the update: weight decay of their own.</summary>
/// <remarks>
/// Formula: u = g + lambda w where the name matches, else g. State: none. Its place in the chain distinguishes L2 from decoupled decay, as
/// with <see cref="AddDecayedWeights"/>. Source: Loshchilov and Hutter (2019), algorithm 2, by parameter group.
/// </remarks>
public sealed record DecayWhere : NamedRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="names">Names of the parameters: <c>*</c> stands for any letters, <c>?</c> for one, as in
    /// <c>0.*</c> or <c>*.bias</c>.</param>
    /// <param name="decay">The factor lambda, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public DecayWhere(string names, Hyperparameter decay)
        : base(names) => Decay = decay;

    /// <summary>The factor lambda, at least 0.</summary>
    public Hyperparameter Decay { get; init => field = NonNegative(value); }

    /// <inheritdoc/>
    public override string Formula => $"u = g + lambda w where the name matches {Names}, else g";

    /// <inheritdoc/>
    public override string Source => "Loshchilov, Hutter: Decoupled weight decay regularization, 2019, algorithm 2, by parameter group";

    /// <inheritdoc/>
    public override string Use => "groups of parameters with a decay of their own, chosen by name";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new MarkedDecayKernel<T>(fusion.Table, fusion.Value(Decay)));
}

/// <summary>u -> u + lambda w where the parameter is marked.</summary>
internal readonly unsafe struct MarkedDecayKernel<T>(T* marks, T lambda) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Splat(marks[at.Segment] * lambda), parameter, update);
}
