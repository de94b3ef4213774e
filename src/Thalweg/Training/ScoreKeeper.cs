using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Metrics;

/// <summary>Adds up losses and scores over batches, in double, so that the figures do not depend on how the samples were batched.</summary>
/// <remarks>The loss is the mean by the weights of the samples; metrics count each sample once. A value that is used again after
/// <see cref="Reset"/>; it allocates nothing.</remarks>
internal struct ScoreKeeper
{
    private readonly OutputForm _form;
    private readonly double _unit;
    private readonly bool _isByBatch;
    private readonly MetricSums? _metrics;
    private double _loss, _weight, _squares, _absolutes, _sum, _sumOfSquares, _batchMeans, _openLoss, _openWeight;
    private int _samples, _right, _batches;

    /// <param name="form">How classes and numbers are read from outputs.</param>
    /// <param name="unit">Size of one standardized unit of the target; 1 for classification.</param>
    /// <param name="isByBatch">Whether the loss is the mean of the batches' means, and not of the samples.</param>
    /// <param name="metrics">Metrics beside the figures that each evaluation has; null (default) for none.</param>
    public ScoreKeeper(OutputForm form, double unit, bool isByBatch = false, MetricSums? metrics = null) =>
        (_form, _unit, _isByBatch, _metrics) = (form, unit, isByBatch, metrics);

    public readonly int Samples => _samples;

    /// <summary>Mean loss so far; 0 where no sample counts, as of a batch whose weights are all 0.</summary>
    public readonly double Loss => _isByBatch ? Mean(_batchMeans, _batches) : Mean(_loss, _weight);

    /// <summary>The sums after a batch.</summary>
    public EpochScores Sums
    {
        readonly get => new()
        {
            Loss = _loss,
            Weight = _weight,
            BatchMeans = _batchMeans,
            Batches = _batches,
            Samples = _samples,
            Right = _right,
            Squares = _squares,
            Absolutes = _absolutes,
            Targets = _sum,
            SquaredTargets = _sumOfSquares,
            Metrics = _metrics?.Values,
        };
        set
        {
            Reset();
            (_loss, _weight, _batchMeans, _batches) = (value.Loss, value.Weight, value.BatchMeans, value.Batches);
            (_samples, _right, _squares, _absolutes) = (value.Samples, value.Right, value.Squares, value.Absolutes);
            (_sum, _sumOfSquares) = (value.Targets, value.SquaredTargets);
            _metrics?.Values = value.Metrics ?? [];
        }
    }

    public void Reset()
    {
        _metrics?.Reset();
        this = new ScoreKeeper(_form, _unit, _isByBatch, _metrics);
    }

    /// <summary>What <see cref="Return"/> needs to take the scores back to where they are.</summary>
    public readonly ScoreKeeper Mark()
    {
        _metrics?.Mark();
        return this;
    }

    /// <summary>Takes the scores back to where they were marked last.</summary>
    /// <param name="marked">What <see cref="Mark"/> gave.</param>
    public void Return(in ScoreKeeper marked)
    {
        this = marked;
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
    /// <param name="outputs">Outputs <c>[batch, outputs]</c>.</param>
    /// <param name="targets">Int32 labels <c>[batch]</c> or numbers <c>[batch, 1]</c>.</param>
    /// <param name="loss">Mean loss of the batch.</param>
    /// <param name="weight">What that mean divides by.</param>
    public void Add(Tensor outputs, Tensor targets, double loss, double weight)
    {
        _samples += outputs.Shape[0];
        (_loss, _weight) = (_loss + (loss * weight), _weight + weight);
        (_openLoss, _openWeight) = (_openLoss + (loss * weight), _openWeight + weight);
        if (outputs.DType == DType.Float32)
        {
            Score<float>(outputs, targets);
        }
        else
        {
            Score<double>(outputs, targets);
        }

        _metrics?.Add(outputs, targets);
    }

    public readonly Evaluation ToEvaluation()
    {
        Evaluation figures = Figures();
        return _metrics is null ? figures : figures with { Others = _metrics.Results(figures) };
    }

    private readonly Evaluation Figures()
    {
        if (_form.Task == TaskKind.Classification)
        {
            return new Evaluation(_form.Task, _samples, Loss, (double)_right / _samples, double.NaN, double.NaN, double.NaN);
        }

        double mean = _sum / _samples, variance = _sumOfSquares - (_samples * mean * mean);
        return new Evaluation(
            _form.Task,
            _samples,
            Loss,
            double.NaN,
            variance > 0 ? 1 - (_squares / variance) : double.NaN,
            _unit * Math.Sqrt(_squares / _samples),
            _unit * _absolutes / _samples);
    }

    private readonly double Mean(double sum, double weight) => weight > 0 || _samples == 0 ? sum / weight : 0;

    private void Score<T>(Tensor outputs, Tensor targets)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> y = outputs.AsSpan<T>();
        int width = outputs.Shape[1];
        if (_form.Task == TaskKind.Classification)
        {
            ReadOnlySpan<int> labels = targets.AsSpan<int>();
            for (int i = 0; i < labels.Length; i++)
            {
                _right += _form.ClassOf(y.Slice(i * width, width)) == labels[i] ? 1 : 0;
            }

            return;
        }

        ReadOnlySpan<T> wanted = targets.AsSpan<T>();
        for (int i = 0; i < wanted.Length; i++)
        {
            double t = double.CreateTruncating(wanted[i]), error = _form.NumberOf(double.CreateTruncating(y[i * width])) - t;
            _squares += error * error;
            _absolutes += Math.Abs(error);
            _sum += t;
            _sumOfSquares += t * t;
        }
    }
}
