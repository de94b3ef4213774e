using System.Globalization;

namespace Thalweg.Labs;

/// <summary>Verdicts and figures in words.</summary>
public static class LabWords
{
    /// <summary>A verdict in words.</summary>
    /// <param name="verdict">The verdict.</param>
    public static LabText Of(LabVerdict verdict) => verdict switch
    {
        LabVerdict.Holds => ("holds", "成立"),
        LabVerdict.HoldsInPart => ("holds in part", "部分成立"),
        LabVerdict.DoesNotHold => ("does not hold", "不成立"),
        _ => ("undecided", "未定"),
    };

    /// <summary>An outcome in words.</summary>
    /// <param name="outcome">The outcome.</param>
    public static LabText Of(LabOutcome outcome) => outcome switch
    {
        LabOutcome.Holds => ("met", "满足"),
        LabOutcome.Fails => ("not met", "不满足"),
        _ => ("open", "未定"),
    };

    /// <summary>A side of a threshold as a sign.</summary>
    /// <param name="relation">The side.</param>
    public static string Sign(LabRelation relation) => relation == LabRelation.AtLeast ? "≥" : "≤";

    /// <summary>A number with four digits.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value) => value.ToString("g4", CultureInfo.InvariantCulture);

    /// <summary>A mean with its interval, as in <c>0.98 [0.97, 0.99]</c>; the number alone where both are the same.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    public static string Interval(double mean, double low, double high) =>
        low.Equals(high) ? Number(mean) : $"{Number(mean)} [{Number(low)}, {Number(high)}]";
}
