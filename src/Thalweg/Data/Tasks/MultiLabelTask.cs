using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Any number of labels for each sample: targets <c>[batch, classes]</c> of 1 where a sample has the label and 0 where not,
/// predictions a probability for each label.</summary>
/// <remarks>Losses: <see cref="BinaryCrossEntropyLoss"/> (default), <see cref="MultiLabelSoftMarginLoss"/>, <see
/// cref="MultiLabelMarginLoss"/>, <see cref="SoftMarginLoss"/>. The figure to choose by is F1 over all labels and samples together
/// (micro-averaged); accuracy is the share of samples whose labels are all right. A label counts as predicted above 1/2.</remarks>
public sealed class MultiLabelTask : LearningTask
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "multi_label";

    private readonly TensorSpec[] _targets;

    /// <summary>Makes the task.</summary>
    /// <param name="classNames">Names of the labels in the order of the indicators, one or more.</param>
    /// <exception cref="ThalwegException">There are none.</exception>
    public MultiLabelTask(params IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ClassNames = classNames.Count > 0
            ? [.. classNames]
            : throw new ThalwegException("[task] expected one or more labels, got none; name them");
        _targets = [new(TargetName, classNames.Count)];
    }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override Loss DefaultLoss => Loss.BinaryCrossEntropy;

    /// <inheritdoc/>
    public override string MetricName => "F1";

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => _targets;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override bool CanMixTargets => true;

    /// <inheritdoc/>
    public override int PredictionWidth => ClassNames.Count;

    /// <inheritdoc/>
    public override string ToWords(ReadOnlySpan<double> prediction)
    {
        List<string> labels = [];
        for (int i = 0; i < ClassNames.Count; i++)
        {
            if (prediction[i] > 0.5)
                labels.Add(ClassNames[i]);
        }

        return string.Join(", ", labels);
    }

    /// <inheritdoc/>
    public override OutputForm FormOf(Loss loss, Module module, Shape outputs) =>
        MultiLabelOutputForm.Of(loss, ClassNames.Count, module, outputs);

    /// <inheritdoc/>
    public override int OutputsFor(Loss loss, string outputActivation) => ClassNames.Count * LossMeaning.Of(loss).OutputsPerTarget;

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["task"] = Word, ["classNames"] = TaskRegistry.Names(ClassNames) };

    /// <inheritdoc/>
    protected internal override void CheckTargets(string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] is >= 0 and <= 1))
            {
                throw new ThalwegException($"[data] expected 1 for a label that a sample has and 0 for the others in '{name}', got "
                    + $"{values[i]} in row {i / ClassNames.Count}; encode the labels as 0 and 1");
            }
        }
    }

    /// <inheritdoc/>
    internal override Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit) => Evaluation.None(this) with
    {
        Samples = samples,
        Loss = loss,
        Accuracy = (double)sums.Right / sums.Counted,
        F1 = sums.Said + sums.True == 0 ? 1 : 2.0 * sums.Both / (sums.Said + sums.True),
    };

    /// <inheritdoc/>
    internal override double MetricOf(Evaluation evaluation) => evaluation.F1 ?? double.NaN;
}
