using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Limits each element of the update by itself; the direction changes.</summary>
/// <remarks>
/// Formula: u = min(max(g, -limit), limit). State: none. NaN stays NaN. Source: Mikolov (2012), after Goodfellow,
/// Bengio and Courville, Deep Learning (2016), section 10.11.1.
/// </remarks>
public sealed record ClipByValue : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="limit">Largest absolute value, in the gradient's unit, above 0.</param>
    /// <exception cref="ThalwegException">The limit is not above 0: give a positive number.</exception>
    public ClipByValue(Hyperparameter limit) => Limit = limit;

    /// <summary>Largest absolute value, in the gradient's unit, above 0.</summary>
    public Hyperparameter Limit { get; init => field = Positive(value); }

    /// <inheritdoc/>
    public override string Formula => "u = min(max(g, -limit), limit)";

    /// <inheritdoc/>
    public override string Source =>
        "Goodfellow, Bengio, Courville: Deep Learning, 2016, section 10.11.1 (element-wise, after Mikolov 2012)";

    /// <inheritdoc/>
    public override string Use => "where single coordinates explode; changes the direction";

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new ClipKernel<T>(fusion.Value(Limit)));
}

/// <summary>u -> min(max(u, -limit), limit).</summary>
internal readonly struct ClipKernel<T>(T limit) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V high = V.Splat(limit), low = V.Splat(-limit);
        V capped = V.Select(V.Less(high, update), high, update);
        return V.Select(V.Less(capped, low), low, capped);
    }
}
