using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>One of several classes for each time step of a sequence: targets are Int32 labels <c>[batch, time]</c>, outputs <c>[batch,
/// time, classes]</c>, predictions a probability for each class of each step.</summary>
/// <remarks>For language models (the class is the next symbol) and for labels of words, frames and the like. Steps past the end of a
/// sequence have the label -100, which losses for classes ignore: neither loss nor accuracy counts them. The mean loss is over the steps
/// that count.</remarks>
public sealed class TokenClassificationTask : LearningTask
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "token_classification";

    /// <summary>The label of steps that do not count.</summary>
    public const int IgnoredLabel = -100;

    private readonly TensorSpec[] _targets;

    /// <summary>Makes the task.</summary>
    /// <param name="length">Longest sequence, in time steps, 1 or more.</param>
    /// <param name="classNames">Names of the classes in the order of the labels, two or more.</param>
    /// <exception cref="ThalwegException">The length is below 1, or there are fewer than two classes.</exception>
    public TokenClassificationTask(int length, params IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (length < 1 || classNames.Count < 2)
        {
            throw new ThalwegException($"[task] expected sequences of 1 or more steps and 2 or more classes, got {length} and "
                + $"{classNames.Count}; correct them");
        }

        (Length, ClassNames) = (length, [.. classNames]);
        _targets = [new(TargetName, length) { IsInteger = true, IsSequence = true, Padding = IgnoredLabel }];
    }

    /// <summary>Longest sequence, in time steps.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override Loss DefaultLoss => Loss.SoftmaxCrossEntropy;

    /// <inheritdoc/>
    public override string MetricName => "accuracy";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ReportedMetrics => ["accuracy", "log_loss", "perplexity"];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => _targets;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override int PredictionWidth => Length * ClassNames.Count;

    /// <summary>The most probable class of each step, up to the end of the sequence.</summary>
    /// <inheritdoc/>
    public override string ToWords(ReadOnlySpan<double> prediction)
    {
        List<string> words = [];
        for (int step = 0; step < Length; step++)
        {
            ReadOnlySpan<double> own = prediction.Slice(step * ClassNames.Count, ClassNames.Count);
            if (own.IndexOfAnyExcept(0.0) < 0)
                break;
            words.Add(MostProbable(ClassNames, own));
        }

        return string.Join(" ", words);
    }

    /// <inheritdoc/>
    public override OutputForm FormOf(Loss loss, Module module, Shape outputs) =>
        TokenOutputForm.Of(loss, (Length, ClassNames.Count), outputs);

    /// <inheritdoc/>
    public override int OutputsFor(Loss loss, string outputActivation) => ClassNames.Count;

    /// <inheritdoc/>
    public override JsonObject Describe() =>
        new() { ["task"] = Word, ["length"] = Length, ["classNames"] = TaskRegistry.Names(ClassNames) };

    /// <inheritdoc/>
    protected internal override void CheckTargets(string name, ReadOnlySpan<int> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)ClassNames.Count && values[i] != IgnoredLabel)
            {
                throw new ThalwegException($"[data] label {values[i]} of '{name}' at place {i} is outside 0 .. {ClassNames.Count - 1}; "
                    + $"number the classes from 0, and give {IgnoredLabel} to steps that do not count");
            }
        }
    }

    /// <inheritdoc/>
    internal override void ClearPadding(Span<double> predictions, int[]? lengths)
    {
        for (int sample = 0; sample < lengths?.Length; sample++)
            predictions.Slice(sample * PredictionWidth, PredictionWidth)[(lengths[sample] * ClassNames.Count)..].Clear();
    }

    /// <inheritdoc/>
    internal override Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit) =>
        Evaluation.None(this) with { Samples = samples, Loss = loss, Accuracy = (double)sums.Right / sums.Counted };

    /// <inheritdoc/>
    internal override double MetricOf(Evaluation evaluation) => evaluation.Accuracy;
}
