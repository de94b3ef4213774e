using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Where AdaMax's epsilon stands.</summary>
public enum AdaMaxVariant
{
    /// <summary>n = max(b2 n, |g| + e), u = m^/n (PyTorch).</summary>
    InsideMaximum,

    /// <summary>n = max(b2 n, |g|), u = m^/(n + e) (Keras).</summary>
    Denominator,
}

/// <summary>Divides the moving average of the gradient by the decayed maximum of its absolute value: Adam with the infinity norm.</summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, n = max(b2 n, |g| + e), u = m/(1-b1^t)/n. State: m, n. Source: Kingma and Ba, Adam (2015), algorithm 2,
/// whose n has no e, which is 0/0 where no gradient has arrived.
/// </remarks>
public sealed record ScaleByAdaMax : Rule
{
    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the maximum, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Where e stands, default in the maximum.</summary>
    public AdaMaxVariant Form { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "n"];

    /// <inheritdoc/>
    public override string Formula => "m = b1 m + (1-b1) g, " + (Form == AdaMaxVariant.InsideMaximum
        ? "n = max(b2 n, |g| + e), u = m/(1-b1^t)/n"
        : "n = max(b2 n, |g|), u = m/(1-b1^t)/(n + e)");

    /// <inheritdoc/>
    public override string Source => "Kingma, Ba: Adam, 2015, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "AdaMax' direction: denominators by the largest gradient";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double b1 = fusion.At(B1), epsilon = fusion.At(Epsilon);
        EpsilonTerms terms = Form == AdaMaxVariant.InsideMaximum ? new(epsilon, 0) : new(0, epsilon);
        double scale = 1 / (1 - Math.Pow(b1, fusion.Update));
        fusion.Then(prefix, new AdaMaxKernel<T>(fusion.Slot(0), fusion.Slot(1), (b1, fusion.At(B2)), terms, scale));
    }
}

/// <summary>g -> scale m/(n + outside), n = max(b2 n, |g| + inside).</summary>
internal readonly unsafe struct AdaMaxKernel<T> : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _m, _n;
    private readonly T _b1, _rest1, _b2, _inside, _outside, _scale;

    public AdaMaxKernel(T* m, T* n, (double B1, double B2) decays, EpsilonTerms epsilon, double scale)
    {
        _m = m;
        _n = n;
        (_b1, _rest1, _b2) = (T.CreateTruncating(decays.B1), T.CreateTruncating(1 - decays.B1), T.CreateTruncating(decays.B2));
        (_inside, _outside, _scale) = (T.CreateTruncating(epsilon.Inside), T.CreateTruncating(epsilon.Outside), T.CreateTruncating(scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V m = V.Fma(V.Splat(_b1), V.Load(_m + at.Index), V.Splat(_rest1) * update);
        V n = SimdMath.Maximum<V, T>(V.Splat(_b2) * V.Load(_n + at.Index), SimdMath.Abs<V, T>(update) + V.Splat(_inside));
        V.Store(m, _m + at.Index);
        V.Store(n, _n + at.Index);
        return V.Splat(_scale) * m / (n + V.Splat(_outside));
    }
}
