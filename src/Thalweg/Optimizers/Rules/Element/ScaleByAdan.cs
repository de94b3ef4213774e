using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>Adam with a moving average of how the gradient changes, which looks ahead without a second gradient.</summary>
/// <remarks>
/// Formula: d = g - g_before (0 at t = 1), m = b1 m + (1-b1) g, v = b2 v + (1-b2) d, n = b3 n + (1-b3) (g + b2 d)^2, u = (m^ + b2
/// v^)/(sqrt(n^) + e), hats divide by 1-b^t. State: m, v, n, g_before. Source: Xie et al., Adan (2022), algorithm 1, whose betas are 1
/// minus these; the correction is that of the authors' code.
/// </remarks>
public sealed record ScaleByAdan : Rule
{
    /// <summary>Decay b1 of the gradient's average, dimensionless, in [0, 1), default 0.98.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.98;

    /// <summary>Decay b2 of the change's average, dimensionless, in [0, 1), default 0.92.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.92;

    /// <summary>Decay b3 of the square's average, dimensionless, in [0, 1), default 0.99.</summary>
    public Hyperparameter B3 { get; init => field = BelowOne(value); } = 0.99;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "v", "n", "g"];

    /// <inheritdoc/>
    public override string Formula =>
        "d = g - g_before (0 at t = 1), m = b1 m + (1-b1) g, v = b2 v + (1-b2) d, n = b3 n + (1-b3) (g + b2 d)^2, " +
        "u = (m/(1-b1^t) + b2 v/(1-b2^t))/(sqrt(n/(1-b3^t)) + e)";

    /// <inheritdoc/>
    public override string Source => "Xie et al.: Adan, 2022, algorithm 1, moments corrected as in the authors' code";

    /// <inheritdoc/>
    public override string Use => "Adan's direction: large batches and large rates";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        AdanNumbers numbers = new(fusion.At(B1), fusion.At(B2), fusion.At(B3), fusion.At(Epsilon), fusion.Update);
        fusion.Then(prefix, new AdanKernel<T>(fusion.Slot(0), fusion.Slot(1), fusion.Slot(2), fusion.Slot(3), numbers));
    }
}

/// <summary>This step's numbers of Adan.</summary>
internal readonly record struct AdanNumbers(double B1, double B2, double B3, double Epsilon, long Update)
{
    public double First => 1 / (1 - Math.Pow(B1, Update));

    public double Change => B2 / (1 - Math.Pow(B2, Update));

    public double Square => 1 / (1 - Math.Pow(B3, Update));
}

/// <summary>g -> (m^ + b2 v^)/(sqrt(n^) + e).</summary>
internal readonly unsafe struct AdanKernel<T>(T* m, T* v, T* n, T* before, AdanNumbers numbers) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _m = m, _v = v, _n = n, _before = before;
    private readonly T _b1 = T.CreateTruncating(numbers.B1), _rest1 = T.CreateTruncating(1 - numbers.B1);
    private readonly T _b2 = T.CreateTruncating(numbers.B2), _rest2 = T.CreateTruncating(1 - numbers.B2);
    private readonly T _b3 = T.CreateTruncating(numbers.B3), _rest3 = T.CreateTruncating(1 - numbers.B3);
    private readonly T _first = T.CreateTruncating(numbers.First), _change = T.CreateTruncating(numbers.Change);
    private readonly T _square = T.CreateTruncating(numbers.Square), _epsilon = T.CreateTruncating(numbers.Epsilon);
    private readonly T _hasBefore = numbers.Update > 1 ? T.One : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        nint i = at.Index;
        V d = V.Splat(_hasBefore) * (update - V.Load(_before + i)), ahead = V.Fma(V.Splat(_b2), d, update);
        V m = V.Fma(V.Splat(_b1), V.Load(_m + i), V.Splat(_rest1) * update), v = V.Fma(V.Splat(_b2), V.Load(_v + i), V.Splat(_rest2) * d);
        V n = V.Fma(V.Splat(_b3), V.Load(_n + i), V.Splat(_rest3) * (ahead * ahead));
        V.Store(m, _m + i);
        V.Store(v, _v + i);
        V.Store(n, _n + i);
        V.Store(update, _before + i);
        return V.Fma(V.Splat(_first), m, V.Splat(_change) * v) / (V.Sqrt(V.Splat(_square) * n) + V.Splat(_epsilon));
    }
}
