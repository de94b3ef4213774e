using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Training;

/// <summary>Scores a network on a data set, in evaluation mode and without recording.</summary>
/// <param name="module">The network.</param>
/// <param name="loss">The loss that it was trained with.</param>
/// <param name="targetUnit">Size of one standardized unit of a regression target, in its own unit; 1 for classification.</param>
/// <param name="metrics">Metrics beside the figures that each evaluation has; null (default) for none.</param>
public sealed class Evaluator(Module module, Loss loss, double targetUnit = 1, IReadOnlyList<Metric>? metrics = null)
{
    private const int BatchSize = 512;

    private readonly StepMemory _memory = new();

    /// <summary>The loss that belongs to a task: softmax cross-entropy or mean squared error.</summary>
    /// <param name="task">Classification or regression.</param>
    public static Loss LossOf(TaskKind task) => task == TaskKind.Classification ? Loss.SoftmaxCrossEntropy : Loss.MeanSquaredError;

    /// <summary>Scores the network; its mode (training or evaluation) is left as it was.</summary>
    /// <param name="data">The samples.</param>
    public Evaluation Evaluate(Dataset data)
    {
        SamplePieces pieces = new(data.Count, BatchSize);
        Batches batches = new(data, pieces.Largest, module.DType);
        (OutputForm? form, ScoreKeeper score) = (null, default);
        int[] order = Dataset.AllRows(data.Count);
        using ForwardScope evaluation = ForwardContext.Evaluation();
        for (int piece = 0; piece < pieces.Count; piece++)
        {
            using StepScope scope = _memory.Begin();
            using NoGrad silence = NoGrad.Begin();
            (Tensor x, Tensor t, Tensor? weights) = batches.Take(pieces.Of(order, piece));
            batches.Announce(pieces.Of(order, piece + 1));
            Tensor y = module.Forward(x);
            if (form is null)
            {
                form = OutputForm.Of(loss, data.Meaning, module, y.Shape);
                score = new ScoreKeeper(form, targetUnit, metrics: MetricSums.For(metrics ?? [], form, targetUnit));
            }

            Tensor outputs = form.Adapt(y), targets = form.Encode(t, y.DType);
            Tensor mean = weights is null ? loss.Compute(outputs, targets) : loss.Compute(outputs, targets, weights);
            score.Add(y, t, mean.Item(), loss.TotalWeight(t, weights));
        }

        return score.ToEvaluation();
    }

    /// <summary>What ties outputs and targets, by one forward pass over two samples, or one where there are no more, so that a network of
    /// the wrong sizes is refused before a run.</summary>
    /// <param name="data">The samples.</param>
    /// <exception cref="ThalwegException">Loss, outputs and targets do not fit together.</exception>
    internal OutputForm FormOf(Dataset data)
    {
        using StepScope scope = StepScope.Begin();
        using NoGrad silence = NoGrad.Begin();
        using ForwardScope evaluation = ForwardContext.Evaluation();
        int[] samples = Dataset.AllRows(Math.Min(2, data.Count));
        Shape outputs = module.Forward(new Batches(data, samples.Length, module.DType).Take(samples).Features).Shape;
        return OutputForm.Of(loss, data.Meaning, module, outputs);
    }
}
