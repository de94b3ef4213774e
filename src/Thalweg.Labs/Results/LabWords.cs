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

    /// <summary>What a group of labs is about.</summary>
    /// <param name="group">The group, see <see cref="Lab.Group"/>.</param>
    public static LabText Group(string group) => group switch
    {
        "Starts" => ("How weights start", "权重的初始化"),
        "Normalization" => ("Normalization", "归一化"),
        "Regularization" => ("Regularization", "正则化"),
        "Depth" => ("Depth and time", "深度与时间"),
        "Choosing" => ("Choosing well", "如何选择"),
        "Optimizing" => ("Optimizers", "优化器"),
        "Sampling" => ("Batches and samples", "批量与样本"),
        "Landscapes" => ("The landscape of the loss", "损失的地形"),
        "Objectives" => ("What is minimized, and when to stop", "目标与停止"),
        "Curvature" => ("Curvature", "曲率"),
        _ => group,
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
