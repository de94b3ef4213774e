using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>Outputs of a network for some samples, beside their true targets, as metrics see them.</summary>
public readonly ref struct MetricBatch
{
    private readonly OutputForm _form;
    private readonly MetricScratch _scratch;

    internal MetricBatch(OutputForm form, Tensor outputs, Tensor targets, MetricScratch scratch)
    {
        (_form, _scratch) = (form, scratch);
        Outputs = outputs;
        Targets = targets;
    }

    /// <summary>Outputs of the network, <c>[samples, outputs]</c>, before any softmax or other link of the loss.</summary>
    public Tensor Outputs { get; }

    /// <summary>The true targets: Int32 labels <c>[samples]</c>, standardized numbers <c>[samples, n]</c>, or 1 and 0 for several labels. Where
    /// each time step has a class, the steps that count are the samples.</summary>
    public Tensor Targets { get; }

    /// <summary>Size of one standardized unit of a number to predict, in its own unit; 1 for classes.</summary>
    public double Unit => _scratch.Scale.Deviation;

    /// <summary>Number of samples.</summary>
    public int Count => Outputs.Shape[0];

    /// <summary>Number of classes; 0 where numbers are to be predicted.</summary>
    public int Classes => _form.Classes;

    /// <summary>Numbers, or labels, of each target.</summary>
    public int Numbers => Targets.Rank == 1 ? 1 : Targets.Shape[1];

    /// <summary>The true class of a sample.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    public int Label(int sample) => Targets.AsSpan<int>()[sample];

    /// <summary>The class that the outputs of a sample say; the first of equals.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    public int PredictedClass(int sample) => Outputs.DType == DType.Float32
        ? _form.ClassOf<float>(Row<float>(sample))
        : _form.ClassOf<double>(Row<double>(sample));

    /// <summary>The true number of a sample, standardized.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    /// <param name="position">Which of several numbers, from 0; default 0.</param>
    public double Number(int sample, int position = 0) => Targets.Read(((long)sample * Numbers) + position);

    /// <summary>The number that the outputs of a sample say, standardized.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    /// <param name="position">Which of several numbers, from 0; default 0.</param>
    public double PredictedNumber(int sample, int position = 0) => _form.NumberOf(Output(sample, position));

    /// <summary>The true number of a sample, in its own unit.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    /// <param name="position">Which of several numbers, from 0; default 0.</param>
    public double Value(int sample, int position = 0) => InUnit(position, Number(sample, position));

    /// <summary>The number that the outputs of a sample say, in its own unit.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    /// <param name="position">Which of several numbers, from 0; default 0.</param>
    public double PredictedValue(int sample, int position = 0) => InUnit(position, PredictedNumber(sample, position));

    /// <summary>The probability of each class that the outputs of a sample say; good until the next call.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    public ReadOnlySpan<double> Probabilities(int sample)
    {
        (double[] outputs, double[] results) = _scratch.RoomFor(Outputs.Shape[1], Classes);
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = Output(sample, i);

        _form.ProbabilitiesOf(outputs, results);
        return results;
    }

    /// <summary>An output of a sample.</summary>
    /// <param name="sample">Sample of the batch, from 0.</param>
    /// <param name="position">Output, from 0.</param>
    public double Output(int sample, int position) => Outputs.Read(((long)sample * Outputs.Shape[1]) + position);

    private double InUnit(int column, double number) =>
        (_form.InUnit(column, number) * _scratch.Scale.Deviation) + _scratch.Scale.Mean;

    private ReadOnlySpan<T> Row<T>(int sample)
        where T : unmanaged => Outputs.AsSpan<T>().Slice(sample * Outputs.Shape[1], Outputs.Shape[1]);
}
