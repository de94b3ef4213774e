using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Divides the gradient by the root of the sum of all its squares so far: rarely seen coordinates keep large steps.</summary>
/// <remarks>
/// Formula: s = s + g^2, u = g/(sqrt(s) + e), or g/sqrt(s + e). State: s. Source: Duchi, Hazan and Singer, Adaptive subgradient methods
/// (2011), figure 1, diagonal form.
/// </remarks>
public sealed record ScaleByAdaGrad : Rule
{
    /// <summary>Term e in the denominator, in the unit of s or of its root, above 0, default 1e-10.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-10;

    /// <summary>Where e stands, default outside the root.</summary>
    public EpsilonPlace EpsilonPlace { get; init; }

    /// <summary>Value that s starts from, in the gradient's unit squared, at least 0, default 0 (0.1 in Keras and optax).</summary>
    public double Start { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["s"];

    /// <inheritdoc/>
    public override string Formula => $"s = s + g^2 (s_0 = {SettingsText.Number(Start)}), u = g/{EpsilonTerms.Text(EpsilonPlace, "s")}";

    /// <inheritdoc/>
    public override string Source => "Duchi, Hazan, Singer: Adaptive subgradient methods, 2011, figure 1, diagonal";

    /// <inheritdoc/>
    public override string Use => "AdaGrad's direction: sparse features and convex problems";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, Start);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new AdaGradKernel<T>(fusion.Slot(0), EpsilonTerms.Of(EpsilonPlace, fusion.At(Epsilon))));
}

/// <summary>s = s + g^2; g -> g/(sqrt(s + inside) + outside).</summary>
internal readonly unsafe struct AdaGradKernel<T>(T* sum, EpsilonTerms epsilon) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _sum = sum;
    private readonly T _inside = T.CreateTruncating(epsilon.Inside), _outside = T.CreateTruncating(epsilon.Outside);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V s = V.Fma(update, update, V.Load(_sum + at.Index));
        V.Store(s, _sum + at.Index);
        return update / (V.Sqrt(s + V.Splat(_inside)) + V.Splat(_outside));
    }
}
