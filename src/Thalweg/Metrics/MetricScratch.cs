using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>Room that batches of one network share, and the scale of its targets.</summary>
/// <param name="scale">How standardized numbers are turned back into their own unit.</param>
internal sealed class MetricScratch(TargetScale scale)
{
    private double[] _outputs = [], _results = [];

    public TargetScale Scale => scale;

    /// <summary>Room for the outputs of a sample, and for its probabilities.</summary>
    public (double[] Outputs, double[] Results) RoomFor(int outputs, int results)
    {
        _outputs = _outputs.Length == outputs ? _outputs : new double[outputs];
        _results = _results.Length == results ? _results : new double[results];
        return (_outputs, _results);
    }
}
