using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Training;

/// <summary>Scores a network on a data set, in evaluation mode and without recording.</summary>
/// <param name="module">The network.</param>
/// <param name="loss">The loss that it was trained with.</param>
/// <param name="targetUnit">Size of one standardized unit of a regression target, in its own unit; 1 for classification.</param>
public sealed class Evaluator(Module module, Loss loss, double targetUnit = 1)
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
        Batches batches = new(data, Math.Min(BatchSize, data.Count), module.DType);
        (OutputForm? form, ScoreKeeper score) = (null, default);
        int[] order = new int[data.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        bool training = module.IsTraining;
        module.SetTraining(false);
        try
        {
            for (int start = 0; start < order.Length; start += BatchSize)
            {
                using StepScope scope = _memory.Begin();
                using NoGrad silence = NoGrad.Begin();
                (Tensor x, Tensor t) = batches.Take(order.AsSpan(start, Math.Min(BatchSize, order.Length - start)));
                int after = Math.Min(start + BatchSize, order.Length);
                batches.Announce(order.AsSpan(after, Math.Min(BatchSize, order.Length - after)));
                Tensor y = module.Forward(x);
                if (form is null)
                {
                    form = OutputForm.Of(loss, data.Meaning, module, y.Shape);
                    score = new ScoreKeeper(form, targetUnit);
                }

                score.Add(y, t, loss.Compute(form.Adapt(y), form.Encode(t, y.DType)).Item());
            }
        }
        finally
        {
            module.SetTraining(training);
        }

        return score.ToEvaluation();
    }

    /// <summary>What ties outputs and targets, by one forward pass over one sample, so that a network of the wrong sizes is refused before
    /// a run.</summary>
    /// <param name="data">The samples.</param>
    /// <exception cref="ThalwegException">Loss, outputs and targets do not fit together.</exception>
    internal OutputForm FormOf(Dataset data)
    {
        using StepScope scope = StepScope.Begin();
        using NoGrad silence = NoGrad.Begin();
        bool training = module.IsTraining;
        module.SetTraining(false);
        Shape outputs = module.Forward(new Batches(data, 1, module.DType).Take([0]).Features).Shape;
        module.SetTraining(training);
        return OutputForm.Of(loss, data.Meaning, module, outputs);
    }
}
