using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Schedules;

namespace Thalweg.Rules;

/// <summary>
/// Puts each weight where the sum of all gradients so far, an L1 and an L2 penalty are least: weights of rare features stay exactly 0.
/// </summary>
/// <remarks>
/// Formula: s = (sqrt(n + g^2) - sqrt(n))/lr, z = z + g - s w, n = n + g^2, w = 0 where |z| &lt;= l1, else -(z - sign(z) l1)/((beta +
/// sqrt(n))/lr + l2). State: z, n. Source: McMahan et al., Ad click prediction (2013), algorithm 1 (FTRL-Proximal). It sets the weights
/// whatever they were, with a rate of its own: it takes the place of <see cref="ScaleByLearningRate"/>.
/// </remarks>
public sealed record FollowRegularizedLeader : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="learningRate">The rate lr (alpha in the paper), above 0.</param>
    /// <exception cref="ThalwegException">The rate is not above 0: give a positive number.</exception>
    public FollowRegularizedLeader(Hyperparameter learningRate) => LearningRate = learningRate;

    /// <summary>The rate lr (alpha in the paper), above 0.</summary>
    public Hyperparameter LearningRate { get; init => field = Positive(value); }

    /// <summary>Smoothing beta of the rate, in the gradient's unit, at least 0, default 1.</summary>
    public Hyperparameter Beta { get; init => field = NonNegative(value); } = 1;

    /// <summary>Strength of the L1 penalty, at least 0, default 0.</summary>
    public Hyperparameter L1 { get; init => field = NonNegative(value); } = 0;

    /// <summary>Strength of the L2 penalty, at least 0, default 0.</summary>
    public Hyperparameter L2 { get; init => field = NonNegative(value); } = 0;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["z", "n"];

    /// <inheritdoc/>
    public override string Formula => "s = (sqrt(n + g^2) - sqrt(n))/lr, z = z + g - s w, n = n + g^2, " +
        "u = -w + (0 where |z| <= l1, else -(z - sign(z) l1)/((beta + sqrt(n))/lr + l2))";

    /// <inheritdoc/>
    public override string Source => "McMahan et al.: Ad click prediction, 2013, algorithm 1";

    /// <inheritdoc/>
    public override string Use => "sparse linear models learned online, where most weights are to be exactly 0";

    internal override unsafe void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix,
            new LeaderKernel<T>(fusion.Slot(0), fusion.Slot(1), fusion.At(LearningRate), fusion.At(Beta), (fusion.At(L1), fusion.At(L2))));
}

/// <summary>g -> the least point of the regularized sum, minus w.</summary>
internal readonly unsafe struct LeaderKernel<T>(T* z, T* n, double rate, double beta, (double L1, double L2) penalties) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _z = z, _n = n;
    private readonly T _overRate = T.CreateTruncating(1 / rate), _beta = T.CreateTruncating(beta);
    private readonly T _l1 = T.CreateTruncating(penalties.L1), _l2 = T.CreateTruncating(penalties.L2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Place<T> at)
        where V : unmanaged, ILane<V, T>
    {
        V overRate = V.Splat(_overRate), l1 = V.Splat(_l1), zero = V.Splat(T.Zero);
        V n = V.Load(_n + at.Index), sum = V.Fma(update, update, n), root = V.Sqrt(sum);
        V z = V.Load(_z + at.Index) + update - (overRate * (root - V.Sqrt(n)) * parameter);
        V.Store(sum, _n + at.Index);
        V.Store(z, _z + at.Index);
        V beyond = LaneMath.AtLeast<V, T>(LaneMath.Abs<V, T>(z) - l1, zero) * RuleMath.Sign<V, T>(z);
        V strength = V.Fma(overRate, V.Splat(_beta) + root, V.Splat(_l2));
        // Where neither a gradient nor a penalty has come yet the strength may be 0, and so is the weight.
        V weight = V.Select(V.Same(beyond, zero), zero, beyond / strength);
        return zero - weight - parameter;
    }
}
