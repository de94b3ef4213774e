using Thalweg.Data;
using Thalweg.Training;

namespace Thalweg.Metrics;

/// <summary>Adds up losses and scores over batches, in double, so that the figures do not depend on how the samples were batched.</summary>
/// <remarks>A value that is used again after <see cref="Reset"/>; it allocates nothing.</remarks>
internal struct ScoreKeeper
{
    private readonly OutputForm _form;
    private readonly double _unit;
    private readonly bool _isByBatch;
    private double _loss, _squares, _absolutes, _sum, _sumOfSquares, _batchMeans, _openLoss;
    private int _samples, _right, _batches, _openSamples;

    /// <param name="form">How classes and numbers are read from outputs.</param>
    /// <param name="unit">Size of one standardized unit of the target; 1 for classification.</param>
    /// <param name="isByBatch">Whether the loss is the mean of the batches' means, and not of the samples.</param>
    public ScoreKeeper(OutputForm form, double unit, bool isByBatch = false) => (_form, _unit, _isByBatch) = (form, unit, isByBatch);

    public readonly int Samples => _samples;

    /// <summary>Mean loss so far.</summary>
    public readonly double Loss => _isByBatch ? _batchMeans / _batches : _loss / _samples;

    public void Reset() => this = new ScoreKeeper(_form, _unit, _isByBatch);

    /// <summary>Says that what was added since the last call was one batch.</summary>
    public void EndBatch()
    {
        _batchMeans += _openLoss / _openSamples;
        _batches++;
        (_openLoss, _openSamples) = (0, 0);
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="outputs">Outputs <c>[batch, outputs]</c>.</param>
    /// <param name="targets">Int32 labels <c>[batch]</c> or numbers <c>[batch, 1]</c>.</param>
    /// <param name="loss">Mean loss of the batch.</param>
    public void Add(Tensor outputs, Tensor targets, double loss)
    {
        int batch = outputs.Shape[0];
        _samples += batch;
        _loss += loss * batch;
        (_openLoss, _openSamples) = (_openLoss + (loss * batch), _openSamples + batch);
        if (outputs.DType == DType.Float32)
        {
            Score<float>(outputs, targets);
        }
        else
        {
            Score<double>(outputs, targets);
        }
    }

    public readonly Evaluation ToEvaluation()
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
