using System.Text.Json.Serialization;

namespace Thalweg.Metrics;

/// <summary>What loss and metrics of the training samples of an epoch are made of: sums over the batches so far, by which a run that is
/// resumed within an epoch reports all of it.</summary>
public sealed record EpochScores
{
    /// <summary>Sum of the losses of the samples, each by its weight.</summary>
    public required double Loss { get; init; }

    /// <summary>Sum of the weights of the samples.</summary>
    public required double Weight { get; init; }

    /// <summary>Sum of the batches' mean losses.</summary>
    public required double BatchMeans { get; init; }

    /// <summary>Batches with a sample that counts.</summary>
    public required int Batches { get; init; }

    /// <summary>Samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Samples whose most probable class is right.</summary>
    public required int Right { get; init; }

    /// <summary>Sum of the squared errors, in standardized units.</summary>
    public required double Squares { get; init; }

    /// <summary>Sum of the absolute errors, in standardized units.</summary>
    public required double Absolutes { get; init; }

    /// <summary>Sum of the targets.</summary>
    public required double Targets { get; init; }

    /// <summary>Sum of the squared targets.</summary>
    public required double SquaredTargets { get; init; }

    /// <summary>Targets that were counted; null in files of versions before, where each sample has one.</summary>
    public int? Counted { get; init; }

    /// <summary>Of several labels: those that were predicted.</summary>
    public long Said { get; init; }

    /// <summary>Of several labels: those that are true.</summary>
    public long True { get; init; }

    /// <summary>Of several labels: those that were predicted and are true.</summary>
    public long Both { get; init; }

    /// <summary>Of several numbers: sum and sum of squares of the targets, and of the squared errors, three for each; else null.</summary>
    public IReadOnlyList<double>? Columns { get; init; }

    /// <summary>Of several outputs: what the figures of each are made of; else null.</summary>
    public IReadOnlyList<EpochScores>? Outputs { get; init; }

    /// <summary>What the metrics of the run keep, one after another; null where it has none beside the usual figures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Metrics { get; init; }
}
