using Thalweg.Training;

namespace Thalweg.Regularizers;

/// <summary>Lowers the derivative of the loss by the inputs, so that small changes of an input change little; costs a second backward
/// pass.</summary>
/// <remarks>
/// Formula: loss + lambda (1/n) sum_i |d loss_i / d x_i|^2, loss_i the loss of sample i; where samples are coupled, as by batch
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

    internal override bool NeedsInputGradient => true;

    // The mean loss has 1/n of each sample's derivative, so the mean of the squares is n times the sum over the whole batch.
    internal override Tensor Penalize(Tensor loss, Tensor features, ParameterVector parameters) =>
        Gradients.OfWithGraph(loss, features)[0].Square().Sum().Multiply(Lambda * features.Shape[0]);
}

/// <summary>Lowers the norm of the gradient by the parameters, which draws training to flat places; costs a second backward pass.</summary>
/// <remarks>Formula: loss + lambda |d loss / d w|^2 on each piece of a batch. Source: Barrett and Dherin, Implicit gradient regularization
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

    internal override Tensor Penalize(Tensor loss, Tensor features, ParameterVector parameters)
    {
        Tensor[] gradients = Gradients.OfWithGraph(loss, parameters.Leaves);
        Tensor sum = gradients[0].Square().Sum();
        for (int i = 1; i < gradients.Length; i++)
        {
            sum = sum.Add(gradients[i].Square().Sum());
        }

        return sum.Multiply(Lambda);
    }
}
