using System.Text.Json.Serialization;
using Thalweg.Data;

namespace Thalweg.Metrics;

/// <summary>What a network scores on a data set.</summary>
/// <remarks>Weights act in the loss alone; accuracy, R2 and the errors count each sample once.</remarks>
/// <param name="Task">What is learned.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Loss">Mean loss over the samples, by their weights where they, or their classes, have some, in nats (classification) or
/// squared standardized units (regression).</param>
/// <param name="Accuracy">Share of samples (of time steps, where each has a class) whose most probable class is right, or whose labels all
/// are, in [0, 1]; NaN for regression.</param>
/// <param name="R2">Share of the targets' variance explained, at most 1; NaN for classification.</param>
/// <param name="RootMeanSquaredError">Root of the mean squared error in the unit of the target; NaN for classification.</param>
/// <param name="MeanAbsoluteError">Mean absolute error in the unit of the target; NaN for classification.</param>
public sealed record Evaluation(
    LearningTask Task, int Samples, double Loss, double Accuracy, double R2, double RootMeanSquaredError, double MeanAbsoluteError)
{
    /// <summary>Figures of the metrics that the run asked for, by name; null where it asked for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(MetricValuesConverter))]
    public ValueList<MetricValue>? Others { get; init; }

    /// <summary>Harmonic mean of precision and recall over all labels and samples together, in [0, 1]; null where a sample does not
    /// have several labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? F1 { get; init; }

    /// <summary>The figures of each output, where a network has several; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, Evaluation>? Outputs { get; init; }

    /// <summary>Whether all figures are equal to the bit, and the tasks have the same name: a record of a run does not repeat the names
    /// of the classes.</summary>
    /// <param name="other">The other evaluation.</param>
    public bool Equals(Evaluation? other) => other is not null && Task.Name == other.Task.Name && Samples == other.Samples
        && Figures.AsSpan().SequenceEqual(other.Figures) && Nullable.Equals(F1, other.F1) && Equals(Others, other.Others)
        && (Outputs?.Count ?? 0) == (other.Outputs?.Count ?? 0)
        && (Outputs is null || Outputs.All(output => output.Value.Equals(other.Outputs!.GetValueOrDefault(output.Key))));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Task.Name, Samples, Loss, Accuracy, R2);

    private double[] Figures => [Loss, Accuracy, R2, RootMeanSquaredError, MeanAbsoluteError];

    /// <summary>The figures of an evaluation that did not take place: no samples, all else NaN.</summary>
    /// <param name="task">What is learned.</param>
    internal static Evaluation None(LearningTask task) =>
        new(task, 0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The figure to choose by: accuracy, R2, F1; higher is better.</summary>
    public double Metric => Task.MetricOf(this);

    /// <summary>Name of <see cref="Metric"/>.</summary>
    public string MetricName => Task.MetricName;
}
