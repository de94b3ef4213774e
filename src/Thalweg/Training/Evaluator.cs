using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Training;

/// <summary>Scores a network on a data set, in evaluation mode and without recording.</summary>
/// <param name="module">The network.</param>
/// <param name="loss">The loss that it was trained with; null for the one that belongs to the task, or for those of its parts.</param>
/// <param name="targetUnit">Size of one standardized unit of a regression target, in its own unit, and its mean; default 1 and 0, as for
/// classification.</param>
/// <param name="metrics">Metrics beside the figures that each evaluation has; null (default) for none.</param>
public sealed class Evaluator(Module module, Loss? loss, TargetScale targetUnit = default, IReadOnlyList<Metric>? metrics = null)
{
    private const int BatchSize = 512;

    private readonly StepMemory _memory = new();

    /// <summary>The loss that belongs to a task: softmax cross-entropy or mean squared error.</summary>
    /// <param name="task">What is learned.</param>
    public static Loss LossOf(LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.DefaultLoss;
    }

    /// <summary>Scores the network; its mode (training or evaluation) is left as it was.</summary>
    /// <param name="data">The samples; those of a <see cref="TestSet"/> are judged with an entry in its ledger.</param>
    public Evaluation Evaluate(Dataset data) => Evaluate(data, isCollecting: false).Figures;

    /// <summary>Scores the network, and gives what it says of each sample.</summary>
    /// <param name="data">The samples, as for <see cref="Evaluate(Dataset)"/>.</param>
    /// <param name="predictions">What the network says; null where it has several outputs, or compares them.</param>
    public Evaluation Evaluate(Dataset data, out Predictions? predictions)
    {
        (Evaluation figures, predictions) = Evaluate(data, isCollecting: true);
        return figures;
    }

    private (Evaluation Figures, Predictions? All) Evaluate(Dataset data, bool isCollecting)
    {
        ArgumentNullException.ThrowIfNull(data);
        (Evaluation figures, Predictions? all) = Score(data, isCollecting);
        data.Test?.Judge(module.Fingerprint(), figures);
        return (figures, all);
    }

    private (Evaluation Figures, Predictions? All) Score(Dataset data, bool isCollecting)
    {
        PredictionCollector? collector = null;
        MicroBatches microBatches = new(data.Count, BatchSize);
        Batches batches = new(data, microBatches.Largest, module.DType);
        (OutputForm? form, Loss? aim, MetricAccumulator score) = (null, null, default);
        int[] order = Dataset.AllRows(data.Count);
        using ForwardScope evaluation = ForwardContext.Evaluation();
        for (int microBatch = 0; microBatch < microBatches.Count; microBatch++)
        {
            using StepScope scope = _memory.Begin();
            using NoGrad silence = NoGrad.Begin();
            GatheredBatch batch = batches.Take(microBatches.Of(order, microBatch));
            (_, Tensor t, Tensor? weights) = batch;
            batches.Announce(microBatches.Of(order, microBatch + 1));
            Tensor y;
            if (form is null)
            {
                TensorDictionary named = NetworkOutputs.Named(module, batch.Batch);
                (aim, form) = data.Task.Bind(loss, module, named);
                score = new MetricAccumulator(data.Task, form, targetUnit.Deviation, metrics: MetricSums.For(metrics ?? [], form, targetUnit));
                if ((isCollecting || metrics?.Any(metric => metric is CollectedMetric) == true)
                    && form is not (CompositeOutputForm or ComparisonForm))
                {
                    collector = new PredictionCollector(form, targetUnit);
                }

                y = form.Join(named);
            }
            else
            {
                y = NetworkOutputs.Of(module, batch.Batch, form);
            }

            Tensor outputs = form.Adapt(y), targets = form.Encode(t, y.DType);
            Tensor mean = weights is null ? aim!.Compute(outputs, targets) : aim!.Compute(outputs, targets, weights);
            score.Add(y, t, mean.Item(), aim.TotalWeight(t, weights));
            collector?.Add(y, t);
        }

        Predictions? all = collector?.ToPredictions();
        return (score.ToEvaluation(all), all);
    }

    /// <summary>What ties outputs and targets, by one forward pass over two samples, or one where there are no more, so that a network of
    /// the wrong sizes is refused before a run.</summary>
    /// <param name="data">The samples.</param>
    /// <exception cref="ThalwegException">Loss, outputs and targets do not fit together.</exception>
    internal OutputForm FormOf(Dataset data) => Bind(module, data, loss).Form;

    /// <summary>The loss, and what ties outputs and targets; see <see cref="FormOf"/>.</summary>
    /// <param name="module">The network.</param>
    /// <param name="data">The samples.</param>
    /// <param name="loss">The loss that was asked for; null for that of the task.</param>
    /// <exception cref="ThalwegException">Loss, outputs and targets do not fit together.</exception>
    internal static (Loss Loss, OutputForm Form) Bind(Module module, Dataset data, Loss? loss)
    {
        if (!data.HasTargets && data.Task.Targets.Count > 0)
        {
            throw new ThalwegException($"[train] expected samples with the targets {string.Join(", ", data.Task.Targets)} of the task "
                + $"{data.Task}, got samples without; give the data set its targets");
        }

        using StepScope scope = StepScope.Begin();
        using NoGrad silence = NoGrad.Begin();
        using ForwardScope evaluation = ForwardContext.Evaluation();
        int[] samples = Dataset.AllRows(Math.Min(2, data.Count));
        return data.Task.Bind(loss, module, NetworkOutputs.Named(module, data.Take(samples, module.DType)));
    }
}
