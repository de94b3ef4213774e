using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>
/// Leaves some parameters, picked by name, as they are; it stands last in a chain, or first, where their gradients must not count in a
/// norm.
/// </summary>
/// <remarks>Formula: u = 0 where the name matches, else g. State: none. The trainer holds the running statistics of a batch normalization
/// too where all of its parameters match, or the name of its running mean does (as Keras does where a layer is not trainable).
/// <see cref="Layers.Module.Freeze()"/> freezes parts of a network without a rule, and saves their derivatives. Source: folklore; masks, as in
/// optax.</remarks>
public sealed record Freeze : NamedRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="names">Names of the parameters: <c>*</c> stands for any letters, <c>?</c> for one, as in <c>0.*</c> or
    /// <c>*.bias</c>.</param>
    public Freeze(string names)
        : base(names)
    {
    }

    /// <inheritdoc/>
    public override string Formula => $"u = 0 where the name matches {Names}, else g";

    /// <inheritdoc/>
    public override string Source => "folklore; optax, masked";

    /// <inheritdoc/>
    public override string Use => "fine-tuning: layers that are to keep their weights";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new FreezeKernel<T>(fusion.Table));
}

/// <summary>u -> 0 where the parameter is marked.</summary>
internal readonly unsafe struct FreezeKernel<T>(T* marks) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => T.IsZero(marks[at.Segment]) ? update : V.Splat(T.Zero);
}
