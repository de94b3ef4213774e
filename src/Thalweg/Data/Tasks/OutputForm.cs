using System.Numerics;
using Thalweg.Layers;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>What ties the outputs of a network to the targets of its data: how a loss takes the targets, and how predictions are read
/// from the outputs.</summary>
/// <remarks>The one place for both, so that training, evaluation and prediction agree. A <see cref="LearningTask"/> makes it from loss,
/// network and shape of the outputs.</remarks>
/// <param name="width">Numbers of a prediction for each sample, 1 or more.</param>
public abstract class OutputForm(int width)
{
    /// <summary>Numbers of a prediction for each sample: a probability for each class, or a number for each output.</summary>
    public int Width => width;

    /// <summary>The single output of the network for each sample, or its several outputs.</summary>
    internal virtual int Outputs => width;

    /// <summary>Number of classes of each target; 0 for numbers.</summary>
    internal virtual int Classes => 0;

    /// <summary>What the loss compares the outputs with; by default the targets.</summary>
    /// <param name="targets">Targets of a batch, <c>[batch, ...]</c>.</param>
    /// <param name="dtype">Type of the outputs.</param>
    public virtual Tensor Encode(Tensor targets, DType dtype) => targets;

    /// <summary>The outputs as the loss takes them; by default as they are.</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, ...]</c>.</param>
    public virtual Tensor Adapt(Tensor outputs) => outputs;

    /// <summary>The predictions of a batch: probabilities of classes, or numbers in the unit of the task.</summary>
    /// <param name="outputs">Outputs of the network in double precision, <c>[batch, ...]</c>.</param>
    /// <param name="results">Room for <c>[batch, Width]</c>.</param>
    public abstract void Predict(Tensor outputs, Span<double> results);

    /// <summary>The outputs of a network by name as one tensor; by default the only one.</summary>
    internal virtual Tensor Join(TensorDictionary outputs) => outputs.Single;

    /// <summary>Adds the scores of a batch.</summary>
    /// <param name="outputs">Outputs of the network, <c>[batch, ...]</c>.</param>
    /// <param name="targets">The true targets.</param>
    /// <param name="sums">What is added to.</param>
    internal virtual void Score(Tensor outputs, Tensor targets, ref ScoreSums sums)
    {
    }

    /// <summary>Outputs and targets as metrics see them: a row for each sample.</summary>
    internal virtual (Tensor Outputs, Tensor Targets) ForMetrics(Tensor outputs, Tensor targets) => (outputs, targets);

    /// <summary>The class that a row of outputs says; the first of the largest.</summary>
    internal virtual int ClassOf<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 1; i < outputs.Length; i++)
            best = outputs[i] > outputs[best] ? i : best;
        return best;
    }

    /// <summary>Probabilities of the classes, or labels, that a row of outputs says.</summary>
    /// <param name="outputs">Outputs of a sample, <c>[Outputs]</c>.</param>
    /// <param name="results">Room for one number for each class or label.</param>
    internal virtual void ProbabilitiesOf(ReadOnlySpan<double> outputs, Span<double> results) => outputs[..results.Length].CopyTo(results);

    /// <summary>A standardized number in its own unit, as far as the task knows it.</summary>
    /// <param name="column">Which of several numbers, from 0.</param>
    /// <param name="number">The standardized number.</param>
    internal virtual double InUnit(int column, double number) => number;

    /// <summary>The number that an output says, in the unit of the targets.</summary>
    /// <param name="output">An output: that of the mean where there are variances.</param>
    internal virtual double NumberOf(double output) => output;

    /// <summary>Softmax of a row.</summary>
    private protected static void Softmax(ReadOnlySpan<double> outputs, Span<double> results)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double output in outputs)
            largest = Math.Max(largest, output);
        for (int i = 0; i < outputs.Length; i++)
            sum += results[i] = Math.Exp(outputs[i] - largest);
        for (int i = 0; i < outputs.Length; i++)
            results[i] /= sum;
    }

    /// <summary>The output at which a network without inputs is best, where a share of the samples belongs to its class, or the mean of the
    /// numbers is known; NaN where there is none.</summary>
    /// <param name="mean">The share, in (0, 1), or the mean.</param>
    /// <param name="activation">Name of the network's final activation.</param>
    internal virtual double Start(double mean, string activation) => double.NaN;
}
