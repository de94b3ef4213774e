using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Where Adam's epsilon stands.</summary>
public enum AdamVariant
{
    /// <summary>m^/(sqrt(v^) + e): both moments corrected first; the paper's algorithm.</summary>
    Separate,

    /// <summary>sqrt(1-b2^t)/(1-b1^t) m/(sqrt(v) + e): the corrections folded into one factor; e is 1e-7 unless given.</summary>
    Folded,

    /// <summary>m^/sqrt(v^): refused, because it is 0/0 where no gradient has arrived.</summary>
    NoEpsilon,
}

/// <summary>What belongs to a form of Adam.</summary>
internal static class AdamVariants
{
    /// <summary>The e of the form's source: Kingma and Ba 2015, algorithm 1; for the folded form that of Keras, in the larger
    /// unit of sqrt(v).</summary>
    public static Hyperparameter DefaultEpsilon(this AdamVariant form) => form == AdamVariant.Folded ? 1e-7 : 1e-8;
}

/// <summary>Whether, and of what, the second moment's running maximum is kept.</summary>
public enum AmsGradVariant
{
    /// <summary>No maximum: Adam.</summary>
    None,

    /// <summary>Of v, corrected afterwards (PyTorch).</summary>
    RawMaximum,

    /// <summary>Of the corrected v^ (optax).</summary>
    CorrectedMaximum,

    /// <summary>Of v, and neither moment corrected, as the paper has it.</summary>
    Uncorrected,
}

/// <summary>
/// Divides the moving average of the gradient by the root of the moving average of its square, both corrected for their start at 0.
/// </summary>
/// <remarks>
/// Formula: m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, m^ = m/(1-b1^t), v^ = v/(1-b2^t), u = m^/(sqrt(v^) + e). State: m, v (and v_max).
/// Source: Kingma and Ba, Adam (2015), algorithm 1; the folded form is the end of its section 2; AMSGrad: Reddi, Kale and Kumar (2018),
/// algorithm 2. Where b1 or b2 follows a schedule, the correction takes the power of the value in force.
/// </remarks>
public sealed record ScaleByAdam : Rule
{
    private readonly Hyperparameter? _epsilon;

    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8, with the folded form 1e-7.</summary>
    public Hyperparameter Epsilon { get => _epsilon ?? Form.DefaultEpsilon(); init => _epsilon = Positive(value); }

    /// <summary>Where e stands, default <see cref="AdamVariant.Separate"/>.</summary>
    public AdamVariant Form { get; init; }

    /// <summary>Whether the second moment's maximum is kept, default <see cref="AmsGradVariant.None"/>.</summary>
    public AmsGradVariant AmsGrad { get; init; }

    /// <summary>Whether two are equal, where an epsilon that was left out counts as its default.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(ScaleByAdam? other) =>
        other is not null && (B1, B2, Epsilon, Form, AmsGrad).Equals((other.B1, other.B2, other.Epsilon, other.Form, other.AmsGrad));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(B1, B2, Epsilon, Form, AmsGrad);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => AmsGrad == AmsGradVariant.None ? ["m", "v"] : ["m", "v", "v_max"];

    /// <inheritdoc/>
    public override string Formula => "m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, " + (AmsGrad, Form) switch
    {
        (AmsGradVariant.RawMaximum, _) => "v_max = max(v_max, v), u = m/(1-b1^t)/(sqrt(v_max/(1-b2^t)) + e)",
        (AmsGradVariant.CorrectedMaximum, _) => "v_max = max(v_max, v/(1-b2^t)), u = m/(1-b1^t)/(sqrt(v_max) + e)",
        (AmsGradVariant.Uncorrected, _) => "v_max = max(v_max, v), u = m/(sqrt(v_max) + e)",
        (_, AdamVariant.Folded) => "u = sqrt(1-b2^t)/(1-b1^t) m/(sqrt(v) + e)",
        _ => "u = m/(1-b1^t)/(sqrt(v/(1-b2^t)) + e)",
    };

    /// <inheritdoc/>
    public override string Source => AmsGrad == AmsGradVariant.None
        ? "Kingma, Ba: Adam, 2015, algorithm 1" + (Form == AdamVariant.Folded ? " with the efficient order at the end of section 2" : "")
        : "Reddi, Kale, Kumar: On the convergence of Adam and beyond, 2018, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "Adam's direction, to be followed by decay and the rate";

    /// <inheritdoc/>
    protected override string? Conflict => (Form, AmsGrad) switch
    {
        (AdamVariant.NoEpsilon, _) =>
            "expected form separate or folded, got no_epsilon, which is 0/0 where no gradient has arrived; choose separate",
        (AdamVariant.Folded, not AmsGradVariant.None) => "expected form separate with ams_grad, got folded; leave one of them out",
        _ => null,
    };

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double b1 = fusion.At(B1), b2 = fusion.At(B2);
        double first = 1 / (1 - Math.Pow(b1, fusion.Update)), second = 1 / (1 - Math.Pow(b2, fusion.Update));
        (double scale, double beforeMaximum, double beforeRoot) = (AmsGrad, Form) switch
        {
            (AmsGradVariant.CorrectedMaximum, _) => (first, second, 1.0),
            (AmsGradVariant.Uncorrected, _) => (1.0, 1.0, 1.0),
            (AmsGradVariant.None, AdamVariant.Folded) => (first / Math.Sqrt(second), 1.0, 1.0),
            _ => (first, 1.0, second),
        };
        var adam = new AdamNumbers<T>(fusion.Slot(0), fusion.Slot(1), b1, b2, fusion.At(Epsilon), scale, beforeRoot);
        if (AmsGrad == AmsGradVariant.None)
            fusion.Then(prefix, new AdamKernel<T>(adam));
        else
            fusion.Then(prefix, new AmsGradKernel<T>(adam, fusion.Slot(2), T.CreateTruncating(beforeMaximum)));
    }
}

/// <summary>Adam's state and this step's numbers: m, v; b1, 1-b1, b2, 1-b2, e; what m is scaled by, and v before the root.</summary>
internal readonly unsafe struct AdamNumbers<T>(T* m, T* v, double b1, double b2, double epsilon, double scale, double beforeRoot)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _m = m, _v = v;
    private readonly T _b1 = T.CreateTruncating(b1), _rest1 = T.CreateTruncating(1 - b1);
    private readonly T _b2 = T.CreateTruncating(b2), _rest2 = T.CreateTruncating(1 - b2);
    private readonly T _epsilon = T.CreateTruncating(epsilon), _scale = T.CreateTruncating(scale),
        _beforeRoot = T.CreateTruncating(beforeRoot);

    /// <summary>Moves both moments on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V First, V Second) Moments<V>(V g, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V first = First(g, i), second = V.Fma(V.Splat(_b2), V.Load(_v + i), V.Splat(_rest2) * (g * g));
        V.Store(second, _v + i);
        return (first, second);
    }

    /// <summary>Moves the first moment on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V g, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V first = V.Fma(V.Splat(_b1), V.Load(_m + i), V.Splat(_rest1) * g);
        V.Store(first, _m + i);
        return first;
    }

    /// <summary>Moves the second moment on: b2 v + (1-b2) square + more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V square, V more, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V second = V.Fma(V.Splat(_b2), V.Load(_v + i), V.Fma(V.Splat(_rest2), square, more));
        V.Store(second, _v + i);
        return second;
    }

    /// <summary>The update of the moments.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V first, V second)
        where V : unmanaged, ISimdVector<V, T> =>
        V.Splat(_scale) * first / (V.Sqrt(V.Splat(_beforeRoot) * second) + V.Splat(_epsilon));
}

/// <summary>g -> m^/(sqrt(v^) + e).</summary>
internal readonly struct AdamKernel<T>(AdamNumbers<T> adam) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        (V first, V second) = adam.Moments(update, at.Index);
        return adam.Update(first, second);
    }
}

/// <summary>g -> m^/(sqrt(max of v) + e).</summary>
internal readonly unsafe struct AmsGradKernel<T>(AdamNumbers<T> adam, T* maximum, T beforeMaximum) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        (V first, V second) = adam.Moments(update, at.Index);
        V candidate = V.Splat(beforeMaximum) * second, largest = V.Load(maximum + at.Index);
        largest = V.Select(V.Less(largest, candidate), candidate, largest);
        V.Store(largest, maximum + at.Index);
        return adam.Update(first, largest);
    }
}
