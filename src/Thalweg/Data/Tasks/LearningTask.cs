using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>What a network learns to say about a sample: what the targets are, which loss and metric belong to them, and how predictions
/// are read from outputs.</summary>
/// <remarks>
/// To write a custom task, derive from this class: <see cref="Targets"/> says what a sample's targets are, <see cref="FormOf"/> how a
/// loss takes them and how a prediction is read. A task that is to be saved with a model describes itself and is registered with
/// <see cref="TaskRegistry"/>.
/// </remarks>
[JsonConverter(typeof(LearningTaskConverter))]
public abstract class LearningTask
{
    /// <summary>Name of the target of a task that has one.</summary>
    public const string TargetName = "target";

    /// <summary>One of several classes for each sample.</summary>
    /// <param name="classNames">Names of the classes in the order of the labels, two or more; none where data that are still to be read
    /// give them.</param>
    public static LearningTask Classification(params IReadOnlyList<string> classNames) => new ClassificationTask(classNames);

    /// <summary>One number for each sample.</summary>
    public static LearningTask Regression() => new RegressionTask();

    /// <summary>Several numbers for each sample.</summary>
    /// <param name="outputs">The numbers in the order of the targets, one or more.</param>
    public static LearningTask Regression(params IReadOnlyList<NumberOutput> outputs) => new RegressionTask(outputs);

    /// <summary>Any number of labels for each sample: a yes or no for each of several classes.</summary>
    /// <param name="classNames">Names of the classes in the order of the indicators, one or more.</param>
    public static LearningTask MultiLabel(params IReadOnlyList<string> classNames) => new MultiLabelTask(classNames);

    /// <summary>One of several classes for each time step of a sequence.</summary>
    /// <param name="length">Longest sequence, in time steps, 1 or more.</param>
    /// <param name="classNames">Names of the classes in the order of the labels, two or more.</param>
    public static LearningTask TokenClassification(int length, params IReadOnlyList<string> classNames) =>
        new TokenClassificationTask(length, classNames);

    /// <summary>Several tasks at once, one for each named output of the network.</summary>
    /// <param name="parts">The parts, one or more.</param>
    public static LearningTask Composite(params IReadOnlyList<TaskPart> parts) => new CompositeTask(parts);

    /// <summary>Whether an anchor is nearer to a sample that belongs to it than to one that does not.</summary>
    /// <param name="loss">The loss; default null, the triplet margin loss at its defaults.</param>
    public static LearningTask Triplet(TripletMarginLoss? loss = null) => new TripletTask(loss);

    /// <summary>Whether two inputs belong together, or which of them is to have the higher score.</summary>
    /// <param name="loss">The loss.</param>
    public static LearningTask Pair(PairLoss loss) => new PairTask(loss);

    /// <summary>Name in reports, settings and files, such as <c>classification</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The loss that belongs to the task.</summary>
    public abstract Loss DefaultLoss { get; }

    /// <summary>Name of the figure to choose by, such as <c>accuracy</c>; higher is better. By default the loss with its sign
    /// turned.</summary>
    public virtual string MetricName => "negative loss";

    /// <summary>Names of the metrics that reports show, each with its settings as <see cref="Settings.ParseAll{TKind}"/> reads them;
    /// default none.</summary>
    public virtual IReadOnlyList<string> ReportedMetrics => [];

    /// <summary>What the targets of a sample are.</summary>
    public abstract IReadOnlyList<TensorSpec> Targets { get; }

    /// <summary>Names of the classes; empty where there are none, or they are not known yet.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>Whether each sample has one class, so that a split can be even for each class.</summary>
    public virtual bool HasClasses => false;

    /// <summary>The parts, one for each output of the network; a task with one output is its own only part.</summary>
    public virtual IReadOnlyList<TaskPart> Parts => [new TaskPart(TargetName, this)];

    /// <summary>Whether targets of two samples may be mixed, share by share, as <see cref="Regularizers.Mixup"/> does; default
    /// false.</summary>
    public virtual bool CanMixTargets => false;

    /// <summary>What ties the outputs of a network to the targets.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="module">The network.</param>
    /// <param name="outputs">Shape of its outputs for a batch, <c>[batch, ...]</c>.</param>
    /// <exception cref="ThalwegException">They do not fit together: the message says how many outputs, or which loss, do.</exception>
    public abstract OutputForm FormOf(Loss loss, Module module, Shape outputs);

    /// <summary>Outputs that a new network is given for each sample.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="outputActivation">Name of the activation at its end, such as <c>sigmoid</c>, or <c>none</c>.</param>
    public abstract int OutputsFor(Loss loss, string outputActivation);

    /// <summary>Numbers of a prediction for each sample: a probability for each class, or a number for each output.</summary>
    public abstract int PredictionWidth { get; }

    /// <summary>A prediction in words: the most probable class, the labels above 1/2, or numbers with their units.</summary>
    /// <param name="prediction">The prediction of one sample, <c>[PredictionWidth]</c>.</param>
    public virtual string ToWords(ReadOnlySpan<double> prediction) =>
        string.Join(", ", prediction.ToArray().Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The figure that the trivial answer reaches, the same for every sample; NaN (default) where there is none.</summary>
    /// <param name="training">The data that the answer is taken from.</param>
    /// <param name="data">The samples that it is scored on.</param>
    public virtual double BaselineOf(Dataset training, Dataset data) => double.NaN;

    /// <summary>What is predicted for each sample by who does not look at it: probabilities of the classes, or standardized numbers; null
    /// (default) where there is none.</summary>
    /// <param name="training">The data that the answer is taken from.</param>
    internal virtual double[]? TrivialAnswer(Dataset training) => null;

    /// <summary>The task in words that <see cref="TaskRegistry"/> can build again.</summary>
    /// <exception cref="ThalwegException">A custom task that has not said how to describe itself.</exception>
    public virtual JsonObject Describe() => throw new ThalwegException(
        $"[task] expected a task that describes itself, got {GetType().Name}, which does not; override Describe and register the task with "
        + "TaskRegistry");

    /// <summary>Refuses targets that the task cannot have.</summary>
    /// <param name="name">Name of the target, for the message.</param>
    /// <param name="values">The values of all samples, one after the other.</param>
    /// <exception cref="ThalwegException">A value is out of range.</exception>
    protected internal virtual void CheckTargets(string name, ReadOnlySpan<int> values)
    {
    }

    /// <inheritdoc cref="CheckTargets(string, ReadOnlySpan{int})"/>
    protected internal virtual void CheckTargets(string name, ReadOnlySpan<float> values)
    {
    }

    /// <summary>The figures of an evaluation.</summary>
    /// <param name="sums">What <see cref="OutputForm.Score"/> added up.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="loss">Their mean loss.</param>
    /// <param name="unit">Size of one standardized unit of the target, in its own unit.</param>
    internal virtual Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit) =>
        Evaluation.None(this) with { Samples = samples, Loss = loss };

    /// <summary>Whether its loss is part of the task, so that none can be chosen beside it.</summary>
    internal virtual bool HasOwnLoss => false;

    /// <summary>The loss, and what ties it to the outputs of a network by name.</summary>
    /// <param name="loss">The loss that was asked for; null for that of the task.</param>
    /// <param name="module">The network.</param>
    /// <param name="outputs">Its outputs for a batch.</param>
    internal virtual (Loss Loss, OutputForm Form) Bind(Loss? loss, Module module, TensorDictionary outputs)
    {
        Loss chosen = loss ?? DefaultLoss;
        return (chosen, FormOf(chosen, module, outputs.Single.Shape));
    }

    /// <summary>Turns predicted numbers from the unit of training into their own.</summary>
    internal virtual void ToUnits(Span<double> predictions, TargetEncoding target)
    {
    }

    /// <summary>Sets predictions past the ends of sequences to 0.</summary>
    internal virtual void ClearPadding(Span<double> predictions, int[]? lengths)
    {
    }

    /// <summary>The most probable of some classes.</summary>
    internal static string MostProbable(IReadOnlyList<string> names, ReadOnlySpan<double> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
            best = probabilities[i] > probabilities[best] ? i : best;
        return names[best];
    }

    /// <summary>Sums at their start.</summary>
    internal virtual ScoreSums NewSums() => default;

    /// <summary>The figure of <see cref="MetricName"/> among others.</summary>
    internal virtual double MetricOf(Evaluation evaluation) => -evaluation.Loss;

    /// <summary>The task with what the target of data says: names of classes.</summary>
    internal virtual LearningTask With(TargetEncoding target) => this;

    /// <summary>Whether another task is of this kind and has the same classes, numbers and parts; one that does not describe itself is
    /// equal to itself alone.</summary>
    /// <param name="obj">Another task.</param>
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj)
        || (obj?.GetType() == GetType() && Text is { } text && text == ((LearningTask)obj).Text);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Name of the task.</summary>
    public sealed override string ToString() => Name;

    private string? Text
    {
        get
        {
            try
            {
                return Describe().ToJsonString();
            }
            catch (ThalwegException)
            {
                return null;
            }
        }
    }
}
