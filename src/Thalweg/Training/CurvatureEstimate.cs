using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>Estimates of the curvature's diagonal without bias, for rules such as <see cref="ScaleBySophia"/>.</summary>
/// <remarks>
/// Source: Liu et al., Sophia (2023), algorithm 1 (Hutchinson) and algorithm 2 (Gauss-Newton-Bartlett). The latter draws a target for each
/// sample from the network's outputs, classes from the softmax and numbers from N(output, 1/2), of which squared error is the negative
/// log-likelihood; n g^2, g the gradient of the mean loss at those targets, then has the diagonal of the Gauss-Newton matrix as its mean.
/// Where samples or classes have weights, each sample's part in g counts by the root of its weight, and n is the sum of the weights.
/// Random numbers are named by seed, step and micro-batch.
/// </remarks>
internal sealed class CurvatureEstimate(StepObjective objective, ulong seed)
{
    private readonly Tensor _vector = Tensor.Zeros(objective.Parameters.Values.Shape, objective.Parameters.Values.DType);

    /// <summary>The loss for drawn targets, whose classes have no weights of their own.</summary>
    private readonly Loss _loss = objective.Loss.Unweighted;

    /// <summary>The estimate on the samples of the step, <c>[n]</c>; good until the next call.</summary>
    private readonly CurvatureSignal _signal = new(
        Tensor.Zeros(objective.Parameters.Values.Shape, objective.Parameters.Values.DType));

    private Tensor Result => _signal.Diagonal;

    /// <summary>Makes an estimate.</summary>
    /// <param name="form">Which one.</param>
    /// <returns>The estimate, good until the next call.</returns>
    /// <exception cref="ThalwegException">The loss is not one whose likelihood is known: use the other form.</exception>
    public CurvatureSignal Make(CurvatureForm form)
    {
        if (form == CurvatureForm.Hutchinson)
        {
            MakeHutchinson();
        }
        else
        {
            MakeGaussNewtonBartlett();
        }

        return _signal;
    }

    private void MakeHutchinson()
    {
        RandomStream stream = new(seed, RandomPurpose.Curvature, Index(0));
        NormalNoise<double> normal = new(stream.Key, stream.High, 1);
        foreach (ParameterSegment segment in objective.Parameters.Segments.Segments)
        {
            for (int i = segment.Offset; i < segment.Offset + segment.Size; i++)
            {
                _vector.Write(i, normal.At(i));
            }
        }

        objective.HessianProduct(_vector, Result);
        Multiply(Result, _vector, 1);
    }

    private void MakeGaussNewtonBartlett()
    {
        // The step's gradient is still to be used: derivatives go to tensors of their own.
        objective.SumMicroBatches(_vector, microBatch => Gradients.Of(LossOf(microBatch, Draw(microBatch)), objective.Parameters.Leaves));
        Result.Assign(_vector);
        Multiply(Result, _vector, objective.TotalWeight);
    }

    /// <summary>The micro-batch's part of the mean loss.</summary>
    private Tensor LossOf(in MicroBatchObjective microBatch, Tensor targets)
    {
        if (microBatch.SampleWeights is not { } weights)
        {
            return _loss.Compute(microBatch.Outputs, targets).Multiply(microBatch.Share);
        }

        Tensor roots = weights.Sqrt();
        return _loss.Compute(microBatch.Outputs, targets, roots)
            .Multiply(objective.TotalWeight > 0 ? Loss.SumOf(roots) / objective.TotalWeight : 0);
    }

    private Tensor Draw(in MicroBatchObjective microBatch)
    {
        RandomStream stream = new(seed, RandomPurpose.Curvature, Index(microBatch.Index));
        Tensor outputs = microBatch.Outputs.Detach();
        if (_loss is CrossEntropyLoss)
        {
            return DrawClasses(outputs.Softmax(), ref stream);
        }

        if (_loss is not MeanSquaredErrorLoss)
        {
            throw new ThalwegException(
                $"[sophia] expected the loss softmax_cross_entropy or mean_squared_error to draw targets for, got {_loss.Name}; " +
                "use estimate=hutchinson");
        }

        Tensor targets = Tensor.Zeros(outputs.Shape, outputs.DType);
        for (long i = 0; i < targets.Length; i++)
        {
            targets.Write(i, outputs.Read(i) + (Math.Sqrt(0.5) * stream.NextNormal()));
        }

        return targets;
    }

    /// <summary>A class for each row of probabilities.</summary>
    internal static Tensor DrawClasses(Tensor probabilities, ref RandomStream stream)
    {
        int classes = probabilities.Shape[1];
        Tensor labels = Tensor.Zeros([probabilities.Shape[0]], DType.Int32);
        for (int i = 0; i < labels.Length; i++)
        {
            double left = stream.NextDouble();
            int label = 0;
            for (; label < classes - 1 && (left -= probabilities.Read(((long)i * classes) + label)) >= 0; label++)
            {
            }

            labels.Write(i, label);
        }

        return labels;
    }

    private ulong Index(int microBatch) => ((ulong)microBatch << 40) | (ulong)objective.Step;

    /// <summary>x = factor x y, element by element.</summary>
    private static void Multiply(Tensor x, Tensor y, double factor)
    {
        for (long i = 0; i < x.Length; i++)
        {
            x.Write(i, factor * x.Read(i) * y.Read(i));
        }
    }
}
