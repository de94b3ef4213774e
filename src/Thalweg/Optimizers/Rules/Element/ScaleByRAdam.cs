using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg.Rules;

/// <summary>
/// Adam that divides by the second moment only once enough gradients have been seen for its variance to be known, and scales by how well.
/// </summary>
/// <remarks>
/// Formula: r_inf = 2/(1-b2) - 1, r = r_inf - 2 t b2^t/(1-b2^t); where r > threshold: u = R sqrt(1-b2^t) m^/(sqrt(v) + e), R =
/// sqrt((r-4)(r-2) r_inf/((r_inf-4)(r_inf-2) r)), else u = m^ = m/(1-b1^t). State: m, v. Source: Liu et al., On the variance of the
/// adaptive learning rate and beyond (2020), algorithm 2, whose threshold is 4.
/// </remarks>
public sealed record ScaleByRAdam : Rule
{
    /// <summary>Decay b1 of the first moment, dimensionless, in [0, 1), default 0.9.</summary>
    public Hyperparameter B1 { get; init => field = BelowOne(value); } = 0.9;

    /// <summary>Decay b2 of the second moment, dimensionless, in [0, 1), default 0.999.</summary>
    public Hyperparameter B2 { get; init => field = BelowOne(value); } = 0.999;

    /// <summary>Term e in the denominator, in the gradient's unit, above 0, default 1e-8.</summary>
    public Hyperparameter Epsilon { get; init => field = Positive(value); } = 1e-8;

    /// <summary>Length r of the average above which the division begins, at least 4, default 5 (PyTorch, optax); 4 in the paper.</summary>
    public double Threshold
    {
        get;
        init => field = AtLeastNumber(4, value);
    } = 5;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["m", "v"];

    /// <inheritdoc/>
    public override string Formula => "r_inf = 2/(1-b2) - 1, r = r_inf - 2 t b2^t/(1-b2^t), m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2, " +
        $"u = R sqrt(1-b2^t)/(1-b1^t) m/(sqrt(v) + e) where r > {SettingsText.Number(Threshold)}, else m/(1-b1^t); " +
        "R = sqrt((r-4)(r-2) r_inf/((r_inf-4)(r_inf-2) r))";

    /// <inheritdoc/>
    public override string Source => "Liu et al.: On the variance of the adaptive learning rate and beyond, 2020, algorithm 2";

    /// <inheritdoc/>
    public override string Use => "RAdam's direction: Adam without a warm-up";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        double b1 = fusion.At(B1), b2 = fusion.At(B2), power = Math.Pow(b2, fusion.Update);
        double limit = (2 / (1 - b2)) - 1, length = limit - (2 * fusion.Update * power / (1 - power));
        bool isKnown = length > Threshold;
        double rectifier = Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * (1 - power));
        double scale = (isKnown ? rectifier : 1) / (1 - Math.Pow(b1, fusion.Update));
        AdamNumbers<T> adam = new(fusion.Slot(0), fusion.Slot(1), b1, b2, fusion.At(Epsilon), scale, 1);
        if (isKnown)
            fusion.Then(prefix, new AdamKernel<T>(adam));
        else
            fusion.Then(prefix, new FirstMomentKernel<T>(adam, T.CreateTruncating(scale)));
    }
}

/// <summary>g -> scale m; the second moment moves on too.</summary>
internal readonly struct FirstMomentKernel<T>(AdamNumbers<T> adam, T scale) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T> => V.Splat(scale) * adam.Moments(update, at.Index).First;
}
