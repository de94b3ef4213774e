using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>What a network says of some samples, beside what is true: what <see cref="Metric.Of"/> and <see cref="EvaluationReport"/> are
/// computed from.</summary>
/// <remarks>Held in double precision: 8 bytes for each output of each sample.</remarks>
public sealed class Predictions
{
    private readonly OutputForm _form;
    private readonly Tensor _outputs, _targets;
    private readonly TargetScale _scale;

    internal Predictions(OutputForm form, Tensor outputs, Tensor targets, TargetScale scale) =>
        (_form, _outputs, _targets, _scale) = (form, outputs, targets, scale);

    /// <summary>Number of samples; of time steps that count, where each has a class.</summary>
    public int Count => _outputs.Shape[0];

    /// <summary>Number of classes; 0 where numbers are predicted.</summary>
    public int Classes => _form.Classes;

    /// <summary>All samples as metrics see them.</summary>
    public MetricBatch Batch => new(_form, _outputs, _targets, new MetricScratch(_scale));

    /// <summary>Predictions of classes.</summary>
    /// <param name="labels">The true classes, <c>[samples]</c>, each from 0.</param>
    /// <param name="probabilities">The probability of each class, <c>[samples, classes]</c>, in [0, 1].</param>
    /// <exception cref="ThalwegException">There is no sample, or the lengths or labels do not fit.</exception>
    public static Predictions OfClasses(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        int classes = labels.Length == 0 ? 0 : probabilities.Length / labels.Length;
        if (classes < 2 || classes * labels.Length != probabilities.Length || labels.IndexOfAnyExceptInRange(0, classes - 1) >= 0)
        {
            throw new ThalwegException("[metrics] expected the probabilities of 2 or more classes for each of 1 or more labels in range, "
                + $"got {labels.Length} labels and {probabilities.Length} probabilities; give [samples] and [samples, classes]");
        }

        return new Predictions(
            new ProbabilityForm(classes), Tensor.From(probabilities.ToArray(), [labels.Length, classes]),
            Tensor.From(labels.ToArray(), [labels.Length]), 1);
    }

    /// <summary>Predictions of a number.</summary>
    /// <param name="targets">The true numbers, <c>[samples]</c>.</param>
    /// <param name="predicted">The predicted ones, <c>[samples]</c>.</param>
    /// <exception cref="ThalwegException">There is no sample, or the lengths differ.</exception>
    public static Predictions OfNumbers(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        if (targets.Length == 0 || targets.Length != predicted.Length)
        {
            throw new ThalwegException("[metrics] expected a predicted number for each of 1 or more targets, got "
                + $"{targets.Length} targets and {predicted.Length} predictions; give as many of each");
        }

        return new Predictions(
            new ValueForm(1), Tensor.From(predicted.ToArray(), [targets.Length, 1]),
            Tensor.From(targets.ToArray(), [targets.Length, 1]), 1);
    }

    /// <summary>Some of the samples, which may be there several times.</summary>
    /// <param name="samples">The samples, each in 0 .. <see cref="Count"/> - 1.</param>
    internal Predictions Take(ReadOnlySpan<int> samples) =>
        new(_form, Rows<double>(_outputs, samples), _targets.DType == DType.Int32
            ? Rows<int>(_targets, samples) : Rows<double>(_targets, samples), _scale);

    /// <summary>The trivial answer for the same samples: the same for each.</summary>
    /// <param name="answer">Probabilities of the classes, or standardized numbers.</param>
    internal Predictions Trivial(ReadOnlySpan<double> answer)
    {
        double[] outputs = new double[Count * answer.Length];
        for (int i = 0; i < Count; i++)
            answer.CopyTo(outputs.AsSpan(i * answer.Length));

        OutputForm form = Classes > 0 ? new ProbabilityForm(Classes) : new ValueForm(answer.Length, _form);
        return new Predictions(form, Tensor.From(outputs, [Count, answer.Length]), _targets, _scale);
    }

    private static Tensor Rows<T>(Tensor from, ReadOnlySpan<int> samples)
        where T : unmanaged
    {
        ReadOnlySpan<T> all = from.AsSpan<T>();
        int width = from.Rank == 1 ? 1 : from.Shape[1];
        T[] taken = new T[samples.Length * width];
        for (int i = 0; i < samples.Length; i++)
            all.Slice(samples[i] * width, width).CopyTo(taken.AsSpan(i * width));

        return Tensor.From<T>(taken, from.Rank == 1 ? [samples.Length] : [samples.Length, width]);
    }

    /// <summary>Outputs that are probabilities already.</summary>
    private sealed class ProbabilityForm(int classes) : OutputForm(classes)
    {
        internal override int Classes => Width;

        public override void Predict(Tensor outputs, Span<double> results) => outputs.AsSpan<double>().CopyTo(results);
    }

    /// <summary>Outputs that are numbers already.</summary>
    private sealed class ValueForm(int numbers, OutputForm? scale = null) : OutputForm(numbers)
    {
        public override void Predict(Tensor outputs, Span<double> results) => outputs.AsSpan<double>().CopyTo(results);

        internal override double InUnit(int column, double number) => scale?.InUnit(column, number) ?? number;
    }
}

/// <summary>Collects predictions batch by batch.</summary>
internal sealed class PredictionCollector(OutputForm form, TargetScale scale)
{
    private readonly List<double> _outputs = [], _numbers = [];
    private readonly List<int> _labels = [];
    private int _width, _targetWidth;

    /// <summary>Takes a batch.</summary>
    public void Add(Tensor outputs, Tensor targets)
    {
        (outputs, targets) = form.ForMetrics(outputs, targets);
        (_width, _targetWidth) = (outputs.Shape[1], targets.Rank == 1 ? 1 : targets.Shape[1]);
        _outputs.AddRange(outputs.To(DType.Float64).Contiguous().AsSpan<double>());
        if (targets.DType == DType.Int32)
            _labels.AddRange(targets.Contiguous().AsSpan<int>());
        else
            _numbers.AddRange(targets.To(DType.Float64).Contiguous().AsSpan<double>());
    }

    /// <summary>All of them; null where there is no sample.</summary>
    public Predictions? ToPredictions()
    {
        int count = _width == 0 ? 0 : _outputs.Count / _width;
        return count == 0 ? null : new Predictions(
            form, Tensor.From(_outputs.ToArray(), [count, _width]),
            _labels.Count > 0 ? Tensor.From(_labels.ToArray(), [count]) : Tensor.From(_numbers.ToArray(), [count, _targetWidth]), scale);
    }
}
