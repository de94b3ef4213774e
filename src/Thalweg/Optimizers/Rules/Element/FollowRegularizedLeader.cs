using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;
using Thalweg.Optimizers;

namespace Thalweg.Rules;

/// <summary>
/// Puts each weight where the sum of all gradients so far, an L1 and an L2 penalty are least: weights of rare features stay exactly 0.
/// </summary>
/// <remarks>
/// Formula: z = z + g - ((n + g^2)^p - n^p)/lr w, n = n + g^2, w = 0 where |z| &lt;= l1, else -(z - sign(z) l1)/((beta + n^p)/lr + l2), p =
/// -rate_power = 1/2. At the start n is given, and z = -(beta + n^p)/lr w: the proximal terms are centered at the weights that the
/// method is given, so that a hidden layer keeps the random start that makes its units differ; or z = 0, as in the paper, whose linear
/// models start at 0. With shrinkage, z takes g + 2 shrinkage w in place of g. State: z, n. Source: McMahan et al., Ad click prediction
/// (2013), algorithm 1 (FTRL-Proximal); power, first n and shrinkage: TensorFlow, Ftrl, whose strength of the L2 penalty is half of l2. It
/// sets the weights with a rate of its own: it takes the place of <see cref="ScaleByLearningRate"/>.
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

    /// <summary>Power of n in the rate lr n^rate_power, dimensionless, at most 0, default -0.5; 0 keeps the rate fixed.</summary>
    public double RatePower { get; init => field = AtMostZero(value); } = -0.5;

    /// <summary>Value that n starts from, in the unit of the squared gradient, at least 0, default 0 (0.1 in
    /// TensorFlow and Keras).</summary>
    public double Start { get; init => field = AtLeastZero(value); }

    /// <summary>Factor lambda of an L2 penalty that acts through the gradients, 2 lambda w with each, at least 0, default 0.</summary>
    public Hyperparameter Shrinkage { get; init => field = NonNegative(value); } = 0;

    /// <summary>Whether the method starts at the weights that it is given, default true; otherwise its first update forgets them.</summary>
    public bool FromWeights { get; init; } = true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Slots => ["z", "n"];

    /// <inheritdoc/>
    public override string Formula => $"s = ({Root("n + g^2")} - {Root("n")})/lr, " +
        $"z = z + g{(Shrinkage.IsZero ? "" : " + 2 shrinkage w")} - s w, n = n + g^2, " +
        $"u = -w + (0 where |z| <= l1, else -(z - sign(z) l1)/((beta + {Root("n")})/lr + l2)); at first " +
        $"n = {SettingsText.Number(Start)}, " +
        "z = " + (FromWeights ? $"-(beta + {Root("n")})/lr w" : "0");

    /// <inheritdoc/>
    public override string Source => "McMahan et al.: Ad click prediction, 2013, algorithm 1" +
        (RatePower == -0.5 && Start == 0 && Shrinkage.IsZero ? "" : "; TensorFlow, Ftrl");

    /// <inheritdoc/>
    public override string Use => "sparse linear models learned online, where most weights are to be exactly 0";

    internal override SlotPlan PlanOf(string slot, ParameterSegments segments) => new(segments.Length, slot == "n" ? Start : 0);

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix)
    {
        if (RatePower == -0.5)
            Fuse(fusion, prefix, default(Sqrt<T>));
        else
            Fuse(fusion, prefix, new PowerTo<T>(T.CreateTruncating(-RatePower)));
    }

    private unsafe void Fuse<T, TPrefix, TRoot>(Fusion<T> fusion, TPrefix prefix, TRoot root)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPrefix : unmanaged, IRuleKernel<T>
        where TRoot : unmanaged, IUnaryFunction<T>
    {
        double rate = fusion.At(LearningRate), beta = fusion.At(Beta);
        bool begins = FromWeights && fusion.Step == 0;
        LeaderNumbers numbers = new(rate, beta, fusion.At(L1), fusion.At(L2), 2 * fusion.At(Shrinkage),
            begins ? (beta + Math.Pow(Start, -RatePower)) / rate : 0);
        fusion.Then(prefix, new LeaderKernel<T, TRoot>(fusion.Slot(0), fusion.Slot(1), root, numbers));
    }

    private string Root(string of) => RatePower switch
    {
        -0.5 => $"sqrt({of})",
        _ => $"({of})^{SettingsText.Number(-RatePower)}",
    };
}

/// <summary>Numbers of one step.</summary>
/// <param name="Rate">The rate lr.</param>
/// <param name="Beta">Its smoothing.</param>
/// <param name="L1">Strength of the L1 penalty.</param>
/// <param name="L2">Strength of the L2 penalty.</param>
/// <param name="Shrinkage">What the weights add to the gradient.</param>
/// <param name="Center">In the first step, what puts the minimum at the weights: z = -center w; 0 afterwards.</param>
internal readonly record struct LeaderNumbers(double Rate, double Beta, double L1, double L2, double Shrinkage, double Center);

/// <summary>g -> the least point of the regularized sum, minus w.</summary>
internal readonly unsafe struct LeaderKernel<T, TRoot>(T* z, T* n, TRoot root, LeaderNumbers numbers) : IRuleKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRoot : unmanaged, IUnaryFunction<T>
{
    private readonly T* _z = z, _n = n;
    private readonly T _overRate = T.CreateTruncating(1 / numbers.Rate), _beta = T.CreateTruncating(numbers.Beta);
    private readonly T _l1 = T.CreateTruncating(numbers.L1), _l2 = T.CreateTruncating(numbers.L2);
    private readonly T _shrinkage = T.CreateTruncating(numbers.Shrinkage), _center = T.CreateTruncating(-numbers.Center);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V update, V parameter, Position<T> at)
        where V : unmanaged, ISimdVector<V, T>
    {
        V overRate = V.Splat(_overRate), l1 = V.Splat(_l1), zero = V.Splat(T.Zero);
        V n = V.Load(_n + at.Index), sum = V.Fma(update, update, n), power = root.Apply(sum);
        V z = V.Fma(V.Splat(_center), parameter, V.Load(_z + at.Index)) + V.Fma(V.Splat(_shrinkage), parameter, update)
            - (overRate * (power - root.Apply(n)) * parameter);
        V.Store(sum, _n + at.Index);
        V.Store(z, _z + at.Index);
        V beyond = SimdMath.AtLeast<V, T>(SimdMath.Abs<V, T>(z) - l1, zero) * RuleMath.Sign<V, T>(z);
        V strength = V.Fma(overRate, V.Splat(_beta) + power, V.Splat(_l2));
        // Where neither a gradient nor a penalty has come yet the strength may be 0, and so is the weight.
        V weight = V.Select(V.Equal(beyond, zero), zero, beyond / strength);
        return zero - weight - parameter;
    }
}
