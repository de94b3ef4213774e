using System.Numerics;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Outputs <c>[batch, time, classes]</c> that say a class for each time step; labels <c>[batch, time]</c>, the ignored one past
/// the end of a sequence.</summary>
/// <param name="loss">The loss, which knows which label it ignores.</param>
/// <param name="length">Longest sequence.</param>
/// <param name="classes">Number of classes.</param>
internal sealed class TokenOutputForm(ClassLoss loss, int length, int classes) : OutputForm(length * classes)
{
    internal override int Classes => classes;

    /// <summary>The form of a network's outputs.</summary>
    /// <exception cref="ThalwegException">They cannot be computed together.</exception>
    public static TokenOutputForm Of(Loss loss, (int Length, int Classes) task, Shape outputs)
    {
        if (loss is not ClassLoss known || LossMeaning.Of(loss).Targets != ClassTargets.Labels)
        {
            throw new ThalwegException(
                $"[train] expected a loss for labels, such as softmax_cross_entropy, for a class at each time step, got {loss.Name}; "
                + "change the loss");
        }

        return outputs.Rank == 3 && outputs[2] == task.Classes && outputs[1] <= task.Length
            ? new TokenOutputForm(known, task.Length, task.Classes)
            : throw new ThalwegException(
                $"[train] expected outputs [batch, time, {task.Classes}] of at most {task.Length} time steps for a class at each, got "
                + $"{outputs}; let the recurrent layer give all steps, and change the last layer");
    }

    /// <summary>Losses take the classes as the axis after the batch.</summary>
    public override Tensor Adapt(Tensor outputs) => outputs.Transpose(1, 2);

    /// <summary>Probabilities of each step; 0 for steps that a shorter batch does not have.</summary>
    public override void Predict(Tensor outputs, Span<double> results)
    {
        ReadOnlySpan<double> all = outputs.Softmax().Contiguous().AsSpan<double>();
        int rows = outputs.Shape[0], used = outputs.Shape[1] * classes;
        for (int row = 0; row < rows; row++)
        {
            Span<double> own = results.Slice(row * Width, Width);
            all.Slice(row * used, used).CopyTo(own);
            own[used..].Clear();
        }
    }

    /// <inheritdoc/>
    internal override void Score(Tensor outputs, Tensor targets, ref ScoreSums sums)
    {
        ReadOnlySpan<int> labels = targets.Contiguous().AsSpan<int>();
        Tensor dense = outputs.Contiguous();
        if (dense.DType == DType.Float32)
            Score(dense.AsSpan<float>(), labels, ref sums);
        else
            Score(dense.AsSpan<double>(), labels, ref sums);
    }

    /// <summary>The steps that count, one after the other.</summary>
    internal override (Tensor Outputs, Tensor Targets) ForMetrics(Tensor outputs, Tensor targets)
    {
        ReadOnlySpan<int> labels = targets.Contiguous().AsSpan<int>();
        List<int> places = [], kept = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != loss.IgnoredLabel)
            {
                places.Add(i);
                kept.Add(labels[i]);
            }
        }

        Tensor rows = outputs.Reshape([labels.Length, classes]).GatherRows(Tensor.From(places.ToArray(), [places.Count]));
        return (rows, Tensor.From(kept.ToArray(), [kept.Count]));
    }

    /// <inheritdoc/>
    internal override void ProbabilitiesOf(ReadOnlySpan<double> outputs, Span<double> results) => Softmax(outputs, results);

    private void Score<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<int> labels, ref ScoreSums sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == loss.IgnoredLabel)
                continue;
            ReadOnlySpan<T> own = outputs.Slice(i * classes, classes);
            sums.Counted++;
            sums.Right += ClassOf(own) == labels[i] ? 1 : 0;
        }
    }
}
