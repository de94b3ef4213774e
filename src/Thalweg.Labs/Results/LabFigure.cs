using System.Text.Json.Serialization;
using Thalweg.Metrics;

namespace Thalweg.Labs;

/// <summary>On which scale the mean of a figure over seeds is taken.</summary>
public enum LabScale
{
    /// <summary>As it is.</summary>
    Linear,

    /// <summary>By its logarithm: a geometric mean, for ratios and for what spans orders of magnitude. Values of 0 and below count as the
    /// smallest positive number.</summary>
    Logarithmic,
}

/// <summary>A figure that a lab has measured, with its values over the seeds.</summary>
/// <param name="Name">Short name, alike in all runs.</param>
/// <param name="Label">What it is.</param>
/// <param name="Values">Its value for each seed; one where nothing is random.</param>
/// <param name="Scale">Scale of its mean.</param>
public sealed record LabFigure(string Name, LabText Label, IReadOnlyList<double> Values, LabScale Scale)
{
    private const double Smallest = 1e-300, Level = 0.95;

    /// <summary>Mean over the seeds.</summary>
    [JsonIgnore]
    public double Mean => Back(Forward().Average());

    /// <summary>Interval of the mean by Student's t at 95 %; its ends are the value where there is one.</summary>
    [JsonIgnore]
    public (double Low, double High) Interval
    {
        get
        {
            double[] values = [.. Forward()];
            if (Array.TrueForAll(values, value => value == values[0]))
                return (Back(values[0]), Back(values[0]));
            return Intervals.OfFolds(values, validationShare: 0, Level) is { } interval
                ? (Back(interval.Low), Back(interval.High)) : (double.NaN, double.NaN);
        }
    }

    /// <summary>Whether the figure lies on one side of a threshold.</summary>
    /// <param name="relation">The side.</param>
    /// <param name="threshold">The threshold.</param>
    /// <returns>Undecided where the interval crosses the threshold; a figure that is not a number does not hold.</returns>
    public LabOutcome Judge(LabRelation relation, double threshold)
    {
        (double low, double high) = Interval;
        if (double.IsNaN(low) || double.IsNaN(high))
            return LabOutcome.Fails;
        (bool all, bool none) = relation == LabRelation.AtLeast
            ? (low >= threshold, high < threshold) : (high <= threshold, low > threshold);
        return all ? LabOutcome.Holds : none ? LabOutcome.Fails : LabOutcome.Undecided;
    }

    private IEnumerable<double> Forward() =>
        Scale == LabScale.Linear ? Values : Values.Select(value => value < Smallest ? Math.Log(Smallest) : Math.Log(value));

    private double Back(double value) => Scale == LabScale.Linear ? value : Math.Exp(value);
}
