using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>Divides the gradient by the root of the moving average of its square, or, centered, by its moving standard deviation.</summary>
/// <remarks>
/// Formula: r = a r + (1-a) g^2, u = g/(sqrt(r) + e), or g/sqrt(r + e); centered: m = a m + (1-a) g, and r - m^2 in place of r. State: r
/// (and m). Source: Tieleman and Hinton, Lecture 6.5 - RMSProp (2012); Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm
/// 8.5; centered: Graves, Generating sequences (2013), eqs. 38-40. A variance that rounding makes negative counts as 0.
/// </remarks>
public sealed record ScaleByRms : Rule
{
    /// <summary>Decay a of the averages, dimensionless, in [0, 1), default 0.99.</summary>
    public Hyperparameter Alpha { get; init => field = BelowOne(value); } = 0.99;

    /// <summary>Term e in the denominator, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Where e stands, default outside the root.</summary>
    public EpsilonPlace EpsilonPlace { get; init; }

    /// <summary>Value that r starts from, at least 0, default 0 (1 in TensorFlow 1).</summary>
    public double Start { get; init => field = AtLeastZero(value); }

    /// <summary>Whether the square of the average is subtracted, default false.</summary>
    public bool Centered { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => Centered ? ["r", "m"] : ["r"];

    /// <inheritdoc/>
    public override string Formula =>
        $"r = a r + (1-a) g^2 (r_0 = {SettingsText.Number(Start)}), " + (Centered ? "m = a m + (1-a) g, " : "") +
        $"u = g/{EpsilonTerms.Text(EpsilonPlace, Centered ? "r - m^2" : "r")}";

    /// <inheritdoc/>
    public override string Source => Centered
        ? "Graves: Generating sequences with recurrent neural networks, 2013, eqs. 38-40"
        : "Tieleman, Hinton: Lecture 6.5, RMSProp, 2012; Goodfellow, Bengio, Courville: Deep Learning, 2016, algorithm 8.5";

    /// <inheritdoc/>
    public override string Use => "RMSProp's direction: gradients divided by their recent size";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, slot == "r" ? Start : 0);

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        RmsNumbers<T> numbers = new(fusion.Slot(0), fusion.At(Alpha), EpsilonTerms.Of(EpsilonPlace, fusion.At(Epsilon)));
        if (Centered)
            fusion.Then(prefix, new CenteredRmsKernel<T>(numbers, fusion.Slot(1)));
        else
            fusion.Then(prefix, new RmsKernel<T>(numbers));
    }
}

/// <summary>State and this step's numbers of RMSProp.</summary>
internal readonly unsafe struct RmsNumbers<T>(T* squares, double alpha, EpsilonTerms epsilon)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _squares = squares;
    private readonly T _alpha = T.CreateTruncating(alpha), _rest = T.CreateTruncating(1 - alpha);
    private readonly T _inside = T.CreateTruncating(epsilon.Inside), _outside = T.CreateTruncating(epsilon.Outside);

    /// <summary>Moves an average on: a old + (1-a) new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Average<V>(V old, V value)
        where V : unmanaged, ISimdVector<V, T> => V.Fma(V.Splat(_alpha), old, V.Splat(_rest) * value);

    /// <summary>Moves the average of the square on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Square<V>(V g, nint i)
        where V : unmanaged, ISimdVector<V, T>
    {
        V r = Average(V.Load(_squares + i), g * g);
        V.Store(r, _squares + i);
        return r;
    }

    /// <summary>sqrt(r + inside) + outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Denominator<V>(V r)
        where V : unmanaged, ISimdVector<V, T> => V.Sqrt(r + V.Splat(_inside)) + V.Splat(_outside);
}

/// <summary>g -> g over the root of its average square.</summary>
internal readonly struct RmsKernel<T>(RmsNumbers<T> numbers) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => update / numbers.Denominator(numbers.Square(update, at.Index));
}

/// <summary>g -> g over its moving standard deviation.</summary>
internal readonly unsafe struct CenteredRmsKernel<T>(RmsNumbers<T> numbers, T* means) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V r = numbers.Square(update, at.Index), m = numbers.Average(V.Load(means + at.Index), update);
        V.Store(m, means + at.Index);
        return update / numbers.Denominator(SimdMath.AtLeast<V, T>(r - (m * m), V.Splat(T.Zero)));
    }
}
