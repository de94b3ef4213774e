using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>The numbers that some metrics keep between batches.</summary>
internal sealed class MetricSums
{
    private readonly OutputForm _form;
    private readonly MetricScratch _scratch;
    private readonly (Metric Metric, int Start, int Length)[] _positions;
    private readonly double[] _sums, _marked;

    /// <param name="metrics">The metrics.</param>
    /// <param name="form">How classes and numbers are read from outputs.</param>
    /// <param name="scale">How standardized numbers are turned back into their own unit.</param>
    /// <exception cref="ThalwegException">A metric does not fit the task.</exception>
    private MetricSums(IReadOnlyList<Metric> metrics, OutputForm form, TargetScale scale)
    {
        if (form is CompositeOutputForm)
        {
            throw new ThalwegException($"[metrics] expected a network with one output to judge by {string.Join(", ", metrics.Select(m => m.Name))}, "
                + "got one with several; leave the metrics out: each output has the figures of its task");
        }

        (_form, _scratch) = (form, new MetricScratch(scale));
        _positions = new (Metric, int, int)[metrics.Count];
        int length = 0;
        for (int i = 0; i < _positions.Length; i++)
        {
            _positions[i] = (metrics[i], length, metrics[i].LengthFor(form.Classes));
            length += _positions[i].Length;
        }

        (_sums, _marked) = (new double[length], new double[length]);
    }

    /// <summary>All numbers, as a saved run keeps them.</summary>
    public double[] Values
    {
        get => [.. _sums];
        set
        {
            if (value.Length == _sums.Length)
                value.CopyTo(_sums, 0);
        }
    }

    /// <summary>Makes room for metrics; null where there are none.</summary>
    public static MetricSums? For(IReadOnlyList<Metric> metrics, OutputForm form, TargetScale scale) =>
        metrics.Count == 0 ? null : new MetricSums(metrics, form, scale);

    /// <summary>How many numbers there are.</summary>
    public int Length => _sums.Length;

    /// <summary>Room for the same metrics, for a part that is computed apart.</summary>
    public MetricSums NewPart() => new([.. _positions.Select(position => position.Metric)], _form, _scratch.Scale);

    /// <summary>Copies the numbers out.</summary>
    public void CopyTo(Span<double> numbers) => _sums.CopyTo(numbers);

    /// <summary>Merges the numbers of a part into those of the parts before.</summary>
    /// <param name="part">Numbers of the part.</param>
    /// <param name="numbers">Numbers of the parts before.</param>
    public void Merge(ReadOnlySpan<double> part, Span<double> numbers)
    {
        foreach ((Metric metric, int start, int length) in _positions)
        {
            metric.Merge(part.Slice(start, length), numbers.Slice(start, length));
        }
    }

    /// <summary>Merges the numbers of a part into these.</summary>
    public void Merge(ReadOnlySpan<double> part) => Merge(part, _sums);

    public void Reset() => Array.Clear(_sums);

    /// <summary>Remembers the numbers as they are.</summary>
    public void Mark() => _sums.CopyTo(_marked, 0);

    /// <summary>Takes the numbers back to where they were marked.</summary>
    public void Return() => _marked.CopyTo(_sums, 0);

    public void Add(Tensor outputs, Tensor targets)
    {
        (outputs, targets) = _form.ForMetrics(outputs, targets);
        MetricBatch batch = new(_form, outputs, targets, _scratch);
        foreach ((Metric metric, int start, int length) in _positions)
            metric.Add(batch, _sums.AsSpan(start, length));
    }

    /// <summary>The figures, beside those that an evaluation has.</summary>
    /// <param name="known">The figures that an evaluation has.</param>
    /// <param name="all">All predictions, where some metric needs them; else null.</param>
    public ValueList<MetricValue> Results(Evaluation known, Predictions? all = null) => new(_positions.Select(position => new MetricValue(
        position.Metric.Name, position.Metric is CollectedMetric collected && all is not null ? collected.Of(all)
            : position.Metric.Known(known) ?? position.Metric.Result(_sums.AsSpan(position.Start, position.Length)))));
}
