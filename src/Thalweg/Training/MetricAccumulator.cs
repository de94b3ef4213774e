using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>Adds up losses and scores over batches, in double, so that the figures do not depend on how the samples were batched.</summary>
/// <remarks>The loss is the mean by the weights of the samples; metrics count each sample once. A value that is used again after
/// <see cref="Reset"/>; of one output it allocates nothing.</remarks>
internal struct MetricAccumulator
{
    private readonly LearningTask _task;
    private readonly OutputForm _form;
    private readonly double _unit;
    private readonly bool _isByBatch;
    private readonly MetricSums? _metrics;
    private ScoreSums _sums;
    private double _loss, _weight, _batchMeans, _openLoss, _openWeight;
    private int _samples, _batches;

    /// <param name="task">What is learned.</param>
    /// <param name="form">How classes and numbers are read from outputs.</param>
    /// <param name="unit">Size of one standardized unit of the target; 1 for classification.</param>
    /// <param name="isByBatch">Whether the loss is the mean of the batches' means, and not of the samples.</param>
    /// <param name="metrics">Metrics beside the figures that each evaluation has; null (default) for none.</param>
    public MetricAccumulator(LearningTask task, OutputForm form, double unit, bool isByBatch = false, MetricSums? metrics = null)
    {
        (_task, _form, _unit, _isByBatch, _metrics) = (task, form, unit, isByBatch, metrics);
        _sums = task.NewSums();
    }

    public readonly int Samples => _samples;

    /// <summary>Mean loss so far; 0 where no sample counts, as of a batch whose weights are all 0.</summary>
    public readonly double Loss => _isByBatch ? Mean(_batchMeans, _batches) : Mean(_loss, _weight);

    /// <summary>The sums after a batch.</summary>
    public EpochScores Sums
    {
        readonly get => _sums.ToScores() with
        {
            Loss = _loss,
            Weight = _weight,
            BatchMeans = _batchMeans,
            Batches = _batches,
            Samples = _samples,
            Metrics = _metrics?.Values,
        };
        set
        {
            Reset();
            (_loss, _weight, _batchMeans, _batches) = (value.Loss, value.Weight, value.BatchMeans, value.Batches);
            _samples = value.Samples;
            _sums.Restore(value, _task);
            _metrics?.Values = value.Metrics ?? [];
        }
    }

    public void Reset()
    {
        _metrics?.Reset();
        this = new MetricAccumulator(_task, _form, _unit, _isByBatch, _metrics);
    }

    /// <summary>Writes what <see cref="Return"/> needs to take the scores back to where they are.</summary>
    /// <param name="marked">Takes it; its memory is used again.</param>
    public readonly void Mark(ref MetricAccumulator marked)
    {
        _metrics?.Mark();
        ScoreSums sums = marked._sums;
        marked = this;
        _sums.CopyTo(ref sums);
        marked._sums = sums;
    }

    /// <summary>Takes the scores back to where they were marked last.</summary>
    /// <param name="marked">What <see cref="Mark"/> wrote.</param>
    public void Return(in MetricAccumulator marked)
    {
        ScoreSums sums = _sums;
        this = marked;
        marked._sums.CopyTo(ref sums);
        _sums = sums;
        _metrics?.Return();
    }

    /// <summary>Ends a batch; one in which no sample counts has no mean.</summary>
    public void EndBatch()
    {
        if (_openWeight > 0)
        {
            _batchMeans += _openLoss / _openWeight;
            _batches++;
        }

        (_openLoss, _openWeight) = (0, 0);
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="outputs">Outputs <c>[batch, ...]</c>.</param>
    /// <param name="targets">The true targets.</param>
    /// <param name="loss">Mean loss of the batch.</param>
    /// <param name="weight">What that mean divides by.</param>
    public void Add(Tensor outputs, Tensor targets, double loss, double weight)
    {
        _samples += outputs.Shape[0];
        (_loss, _weight) = (_loss + (loss * weight), _weight + weight);
        (_openLoss, _openWeight) = (_openLoss + (loss * weight), _openWeight + weight);
        _form.Score(outputs, targets, ref _sums);
        _metrics?.Add(outputs, targets);
    }

    /// <summary>Sums of a part of a step, of the same task and metrics, that starts empty.</summary>
    public readonly MetricAccumulator NewPart() => new(_task, _form, _unit, _isByBatch, _metrics?.NewPart());

    /// <summary>How many numbers <see cref="WritePart"/> writes.</summary>
    public readonly int PartLength => 3 + _sums.LengthFor(_task) + (_metrics?.Length ?? 0);

    /// <summary>Writes the sums of a part as a row of numbers.</summary>
    public readonly void WritePart(Span<double> row)
    {
        (row[0], row[1], row[2]) = (_loss, _weight, _samples);
        int length = 3 + _sums.Write(row[3..], _task);
        _metrics?.CopyTo(row[length..]);
    }

    /// <summary>Merges a row into that of the parts before it.</summary>
    /// <param name="part">A part.</param>
    /// <param name="row">The parts before.</param>
    public readonly void MergeParts(ReadOnlySpan<double> part, Span<double> row)
    {
        int numbers = part.Length - (_metrics?.Length ?? 0);
        for (int i = 0; i < numbers; i++)
        {
            row[i] += part[i];
        }

        _metrics?.Merge(part[numbers..], row[numbers..]);
    }

    /// <summary>Counts the parts of a step.</summary>
    /// <param name="row">All of them, merged.</param>
    public void Add(ReadOnlySpan<double> row)
    {
        (double loss, double weight) = (row[0], row[1]);
        _samples += (int)row[2];
        (_loss, _weight) = (_loss + loss, _weight + weight);
        (_openLoss, _openWeight) = (_openLoss + loss, _openWeight + weight);
        int length = 3 + _sums.Add(row[3..], _task);
        _metrics?.Merge(row[length..]);
    }

    /// <param name="all">All predictions, where some metric needs them; else null.</param>
    public readonly Evaluation ToEvaluation(Predictions? all = null)
    {
        Evaluation figures = _task.Evaluate(_sums, _samples, Loss, _unit);
        return _metrics is null ? figures : figures with { Others = _metrics.Results(figures, all) };
    }

    private readonly double Mean(double sum, double weight) => weight > 0 || _samples == 0 ? sum / weight : 0;
}
