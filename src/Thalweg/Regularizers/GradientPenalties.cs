namespace Thalweg.Regularizers;

/// <summary>Lowers the derivative of the loss by the inputs, so that small changes of an input change little; costs a
/// second backward pass.</summary>
/// <remarks>
/// Formula: loss + lambda (1/n) sum_i |d loss_i / d x_i|^2, loss_i the loss of sample i, times its weight over
/// the mean weight where samples or classes have weights; where samples are coupled, as by batch
/// normalization, the derivative of n times the mean loss stands for it. Source: Drucker and Le Cun, Improving generalization performance
/// using double backpropagation (1992), eq. 2.
/// </remarks>
public sealed record GradientPenalty : Regularizer
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="lambda">Factor, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public GradientPenalty(double lambda) => Lambda = lambda;

    /// <summary>Factor lambda, at least 0.</summary>
    public double Lambda { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Formula => "loss + lambda (1/n) sum_i |d loss_i / d x_i|^2";

    /// <inheritdoc/>
    public override string Source => "Drucker, Le Cun: Improving generalization performance using double backpropagation, 1992, eq. 2";

    /// <inheritdoc/>
    public override string Use => "small networks with smooth tasks, and inputs that are a little wrong";

    /// <inheritdoc/>
    protected internal override bool NeedsInputGradient => true;

    // The mean loss has 1/n of each sample's derivative, so the mean of the squares is n times the sum over the whole batch.
    /// <inheritdoc/>
    protected internal override Tensor Penalize(in PenalizedLoss microBatch) =>
        Gradients.OfWithGraph(microBatch.Loss, microBatch.Features)[0].Square().Sum().Multiply(Lambda * microBatch.Samples);
}

/// <summary>Lowers the norm of the gradient by the parameters, which draws training to flat places; costs a second backward pass.</summary>
/// <remarks>Formula: loss + lambda |d loss / d w|^2, loss the mean over all samples of the step; where they are taken in micro-batches, a
/// pass over all of them comes first, for their gradient. Source: Barrett and Dherin, Implicit gradient regularization
/// (2021), eq. 10, where it is called explicit gradient regularization.</remarks>
public sealed record WeightGradientPenalty : Regularizer
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="lambda">Factor, at least 0.</param>
    /// <exception cref="ThalwegException">The factor is negative or not finite: give a number of at least 0.</exception>
    public WeightGradientPenalty(double lambda) => Lambda = lambda;

    /// <summary>Factor lambda, at least 0.</summary>
    public double Lambda { get; init => field = AtLeastZero(value); }

    /// <inheritdoc/>
    public override string Formula => "loss + lambda |d loss / d w|^2";

    /// <inheritdoc/>
    public override string Source => "Barrett, Dherin: Implicit gradient regularization, 2021, eq. 10";

    /// <inheritdoc/>
    public override string Use => "full or large batches that generalize worse than small ones";

    internal override double GradientFactor => Lambda;

    // In parts: the gradient of |G|^2 is 2 H G, and H is the sum of those of the micro-batches; with G fixed, 2 g'G - |G|^2
    // has that gradient.
    /// <inheritdoc/>
    protected internal override Tensor Penalize(in PenalizedLoss microBatch)
    {
        Tensor[] gradients = Gradients.OfWithGraph(microBatch.Loss, microBatch.Parameters.Leaves);
        Tensor sum = Term(gradients[0], microBatch.StepGradient?[0]);
        for (int i = 1; i < gradients.Length; i++)
            sum = sum.Add(Term(gradients[i], microBatch.StepGradient?[i]));

        return sum.Multiply(Lambda);
    }

    private static Tensor Term(Tensor gradient, Tensor? whole) =>
        whole is null ? gradient.Square().Sum() : gradient.Multiply(2).Subtract(whole).Multiply(whole).Sum();
}
