using System.Numerics;
using Thalweg.Kernels;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>A penalty a sum |w| + (b/2) sum w^2 on the parameters, a part of what is minimized.</summary>
/// <remarks>
/// Its gradient joins that of the loss before any rule sees it, so that clipping, moments and searches see the sum. With plain SGD it
/// equals the decay of the optimizer; with adaptive rules it is their <see cref="DecayForm.L2"/>, not the decoupled form. At w = 0 the
/// derivative of |w| is 0.
/// </remarks>
public abstract record WeightPenalty : Regularizer
{
    /// <summary>Which parameters it reaches, default weights alone.</summary>
    public DecayScope Scope { get; init; }

    /// <summary>The factor a of sum |w|.</summary>
    private protected abstract double Absolute { get; }

    /// <summary>The factor b of (1/2) sum w^2.</summary>
    private protected abstract double Square { get; }

    /// <inheritdoc/>
    protected internal sealed override double AddGradient(ParameterVector parameters)
    {
        Tensor values = parameters.Values, gradients = parameters.Gradients;
        return values.DType == DType.Float32
            ? Add<float>(parameters, values, gradients, Absolute, Square)
            : Add<double>(parameters, values, gradients, Absolute, Square);
    }

    /// <inheritdoc/>
    protected internal sealed override void AddProduct(ParameterVector parameters, Tensor vector, Tensor product)
    {
        if (vector.DType == DType.Float32)
            Add<float>(parameters, vector, product, 0, Square);
        else
            Add<double>(parameters, vector, product, 0, Square);
    }

    /// <summary>target += absolute sign(at) + square at; returns the penalty there.</summary>
    private unsafe double Add<T>(ParameterVector parameters, Tensor at, Tensor target, double absolute, double square)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* x = at.Pointer<T>(), y = target.Pointer<T>();
        Then<T, SignKernel<T>, DecayKernel<T>> kernel = new(
            new SignKernel<T>(T.CreateTruncating(absolute), Scope), new DecayKernel<T>(T.CreateTruncating(square), Scope));
        ChunkTable chunks = parameters.Chunks;
        SweepJob<T, Then<T, SignKernel<T>, DecayKernel<T>>> job =
            new(kernel, VectorWidths.Best) { Input = y, Parameters = x, Output = y, Chunks = chunks.Pointer };
        WorkerTeam.Run(ref job, chunks.Count);
        double penalty = 0;
        foreach (ParameterSegment segment in parameters.Segments.Segments)
        {
            if (segment.IsWeight || Scope == DecayScope.Everything)
            {
                double norm = square == 0 ? 0 : VectorNorm.Of(x + segment.Offset, segment.Size);
                penalty += (absolute == 0 ? 0 : absolute * VectorNorm.Of(x + segment.Offset, segment.Size, 1)) +
                    (0.5 * square * norm * norm);
            }
        }

        GC.KeepAlive(at);
        GC.KeepAlive(target);
        return penalty;
    }
}

/// <summary>L1: draws parameters to 0 at a constant speed, so that many become 0.</summary>
/// <remarks>Formula: loss + lambda sum |w|. Source: Tibshirani, Regression shrinkage and selection via the lasso (1996); Goodfellow, Bengio
/// and Courville, Deep Learning (2016), eq. 7.20.</remarks>
public sealed record L1Penalty : WeightPenalty
{
    /// <summary>Makes the penalty.</summary>
    /// <param name="lambda">Factor, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public L1Penalty(double lambda) => Lambda = lambda;

    /// <summary>Factor lambda, at least 0.</summary>
    public double Lambda { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Formula => "loss + lambda sum |w|";

    /// <inheritdoc/>
    public override string Source =>
        "Tibshirani: Regression shrinkage and selection via the lasso, 1996; Goodfellow, Bengio, Courville: Deep Learning, 2016, eq. 7.20";

    /// <inheritdoc/>
    public override string Use => "sparse weights, and models whose inputs are to be selected";

    private protected override double Absolute => Lambda;

    private protected override double Square => 0;
}

/// <summary>The factor of the squared penalty.</summary>
public enum PenaltyFactor
{
    /// <summary>(lambda/2) |w|^2, whose gradient is lambda w (PyTorch's weight_decay).</summary>
    Half,

    /// <summary>lambda |w|^2, whose gradient is 2 lambda w (Keras's l2).</summary>
    Whole,
}

/// <summary>L2: draws parameters to 0 in proportion to their size.</summary>
/// <remarks>Formula: loss + (lambda/2) |w|^2, or lambda |w|^2. Source: Hoerl and Kennard, Ridge regression (1970); Goodfellow, Bengio and
/// Courville, Deep Learning (2016), eq. 7.2.</remarks>
public sealed record L2Penalty : WeightPenalty
{
    /// <summary>Makes the penalty.</summary>
    /// <param name="lambda">Factor, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public L2Penalty(double lambda) => Lambda = lambda;

    /// <summary>Factor lambda, at least 0.</summary>
    public double Lambda { get; init => field = AtLeastZero(value); }

    /// <summary>Whether the factor 1/2 is applied; default true.</summary>
    public PenaltyFactor Factor { get; init; }

    /// <inheritdoc/>
    public override string Formula => Factor == PenaltyFactor.Half ? "loss + (lambda/2) |w|^2" : "loss + lambda |w|^2";

    /// <inheritdoc/>
    public override string Source => "Hoerl, Kennard: Ridge regression, 1970; Goodfellow, Bengio, Courville: Deep Learning, 2016, eq. 7.2"
        + (Factor == PenaltyFactor.Half ? "" : "; Keras, regularizers.L2");

    /// <inheritdoc/>
    public override string Use =>
        "the first thing to try against overfitting with SGD or a minimizer; for Adam rather the decoupled decay of adamw";

    private protected override double Absolute => 0;

    private protected override double Square => Factor == PenaltyFactor.Half ? Lambda : 2 * Lambda;
}

/// <summary>Elastic net: L1 and L2 together, which keeps or drops correlated parameters as groups.</summary>
/// <remarks>Formula: loss + l1 sum |w| + (l2/2) |w|^2. Source: Zou and Hastie, Regularization and variable selection via the elastic net
/// (2005), eq. 3.</remarks>
public sealed record ElasticNet : WeightPenalty
{
    /// <summary>Makes the penalty.</summary>
    /// <param name="l1">Factor of the absolute values, at least 0.</param>
    /// <param name="l2">Factor of half the squares, at least 0.</param>
    /// <exception cref="ThalwegException">A factor is negative or not finite: give numbers of at least 0.</exception>
    public ElasticNet(double l1, double l2) => (L1, L2) = (l1, l2);

    /// <summary>Factor of the absolute values, at least 0.</summary>
    public double L1 { get; init => field = AtLeastZero(value); }

    /// <summary>Factor of half the squares, at least 0.</summary>
    public double L2 { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Formula => "loss + l1 sum |w| + (l2/2) |w|^2";

    /// <inheritdoc/>
    public override string Source => "Zou, Hastie: Regularization and variable selection via the elastic net, 2005, eq. 3";

    /// <inheritdoc/>
    public override string Use => "many correlated inputs, of which few matter";

    private protected override double Absolute => L1;

    private protected override double Square => L2;
}
