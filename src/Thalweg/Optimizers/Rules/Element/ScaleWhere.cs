using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Multiplies the update of some parameters, picked by name, by a factor: a learning rate of their own.</summary>
/// <remarks>Formula: u = factor g where the name matches, else g. State: none. Source: parameter groups, as in PyTorch.</remarks>
public sealed record ScaleWhere : NamedRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="names">Names of the parameters: <c>*</c> stands for any letters, <c>?</c> for one, as in
    /// <c>0.*</c> or <c>*.bias</c>.</param>
    /// <param name="factor">The factor, dimensionless, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public ScaleWhere(string names, Hyperparameter factor)
        : base(names) => Factor = factor;

    /// <summary>The factor, dimensionless, at least 0.</summary>
    public Hyperparameter Factor { get; init => field = NonNegative(value); }

    /// <inheritdoc/>
    public override string Formula => $"u = factor g where the name matches {Names}, else g";

    /// <inheritdoc/>
    public override string Source => "folklore; PyTorch, parameter groups";

    /// <inheritdoc/>
    public override string Use => "groups of parameters with a rate of their own, chosen by name";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new MarkedScaleKernel<T>(fusion.Table, fusion.Value(Factor)));
}

/// <summary>u -> factor u where the parameter is marked.</summary>
internal readonly unsafe struct MarkedScaleKernel<T>(T* marks, T factor) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(T.IsZero(marks[at.Segment]) ? T.One : factor) * update;
}
