using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>One of several classes for each sample: targets are Int32 labels <c>[batch]</c>, predictions a probability for each
/// class.</summary>
public sealed class ClassificationTask : LearningTask
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "classification";

    private readonly TensorSpec[] _targets = [new(TargetName) { IsInteger = true }];

    /// <summary>Makes the task.</summary>
    /// <param name="classNames">Names of the classes in the order of the labels, two or more; none where data that are still to be read
    /// give them.</param>
    /// <exception cref="ThalwegException">There is a single class: nothing is left to learn.</exception>
    public ClassificationTask(params IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ClassNames = classNames.Count == 1
            ? throw new ThalwegException("[data] expected at least 2 classes, got 1; one class leaves nothing to learn")
            : [.. classNames];
    }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override Loss DefaultLoss => Loss.SoftmaxCrossEntropy;

    /// <inheritdoc/>
    public override string MetricName => "accuracy";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ReportedMetrics =>
    [
        "accuracy", "balanced_accuracy", "f1", "matthews", "roc_auc", "average_precision", "log_loss", "brier",
        "expected_calibration_error",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => _targets;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override bool HasClasses => true;

    /// <inheritdoc/>
    public override bool CanMixTargets => true;

    /// <inheritdoc/>
    public override int PredictionWidth => ClassNames.Count;

    /// <inheritdoc/>
    public override string ToWords(ReadOnlySpan<double> prediction) => MostProbable(ClassNames, prediction);

    /// <inheritdoc/>
    public override OutputForm FormOf(Loss loss, Module module, Shape outputs) =>
        ClassOutputForm.Of(loss, ClassNames.Count, module, outputs);

    /// <inheritdoc/>
    public override int OutputsFor(Loss loss, string outputActivation) => ClassOutputForm.Usual(loss, ClassNames.Count, outputActivation);

    /// <summary>Accuracy of the most frequent class of the training data, in [0, 1].</summary>
    /// <inheritdoc/>
    public override double BaselineOf(Dataset training, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(data);
        int[] counts = training.CountClasses();
        return (double)data.CountClasses()[Array.IndexOf(counts, counts.Max())] / data.Count;
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new() { ["task"] = Word, ["classNames"] = TaskRegistry.Names(ClassNames) };

    /// <inheritdoc/>
    protected internal override void CheckTargets(string name, ReadOnlySpan<int> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            if ((uint)values[row] >= (uint)ClassNames.Count)
            {
                throw new ThalwegException($"[data] label {values[row]} of row {row} is outside 0 .. {ClassNames.Count - 1}; "
                    + "number the classes from 0");
            }
        }
    }

    /// <inheritdoc/>
    internal override double[] TrivialAnswer(Dataset training) =>
        [.. training.CountClasses().Select(count => (double)count / training.Count)];

    /// <inheritdoc/>
    internal override LearningTask With(TargetEncoding target) =>
        target.ClassNames is { Count: > 1 } ? new ClassificationTask(target.ClassNames) : this;

    /// <inheritdoc/>
    internal override Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit) =>
        Evaluation.None(this) with { Samples = samples, Loss = loss, Accuracy = (double)sums.Right / sums.Counted };

    /// <inheritdoc/>
    internal override double MetricOf(Evaluation evaluation) => evaluation.Accuracy;
}
