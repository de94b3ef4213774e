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

    /// <summary>What the metrics of the run keep, one after another; null where it has none beside the usual figures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? Metrics { get; init; }
}
