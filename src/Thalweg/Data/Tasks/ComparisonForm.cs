using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>The outputs that a task compares, side by side: <c>[batch, outputs n]</c>.</summary>
/// <param name="task">The task.</param>
internal sealed class ComparisonForm(ComparisonTask task) : OutputForm(task.PredictionWidth)
{
    public override void Predict(Tensor outputs, Span<double> results) =>
        task.Compare(Parts(task, outputs)).Contiguous().AsSpan<double>().CopyTo(results);

    internal override Tensor Join(TensorDictionary outputs) => Tensor.Concatenate(-1, [.. task.Names.Select(name => outputs[name])]);

    internal override void Score(Tensor outputs, Tensor targets, ref ScoreSums sums)
    {
        using NoGrad silence = NoGrad.Begin();
        task.Score(Parts(task, outputs), ref sums);
    }

    /// <summary>The outputs one by one.</summary>
    public static Tensor[] Parts(ComparisonTask task, Tensor outputs)
    {
        int width = outputs.Shape[1] / task.Names.Count;
        return [.. task.Names.Select((_, i) => outputs.Slice(-1, i * width, width))];
    }
}

/// <summary>The loss of a task that compares outputs.</summary>
/// <param name="Task">The task.</param>
internal sealed record ComparisonLoss(ComparisonTask Task) : Loss
{
    /// <inheritdoc/>
    public override string Name => Task.Name;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor outputs, Tensor targets, Reduction reduction = Reduction.Mean) =>
        Task.LossOf(ComparisonForm.Parts(Task, outputs), targets, reduction);

    /// <summary>The task's loss with its settings.</summary>
    internal override string TextOfParts => Task.Describe().ToJsonString();
}
