using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;

namespace Thalweg.Data;

/// <summary>Base of the tasks in which a network gives a vector for each of several inputs, and the loss compares them.</summary>
/// <remarks>The network gives an output for each of <see cref="Names"/>, such as a <see cref="Siamese"/> does whose inputs
/// have those names.</remarks>
public abstract class ComparisonTask : LearningTask
{
    private protected ComparisonTask(params string[] names) => Names = names;

    /// <summary>Names of the outputs that are compared, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Not for outputs that are compared with each other.</summary>
    /// <exception cref="ThalwegException">Always: their loss belongs to the task.</exception>
    public override Loss DefaultLoss => throw OwnLoss(Name);

    /// <inheritdoc cref="DefaultLoss"/>
    public override OutputForm FormOf(Loss loss, Module module, Shape outputs) => throw OwnLoss(Name);

    /// <inheritdoc cref="DefaultLoss"/>
    public override int OutputsFor(Loss loss, string outputActivation) => throw OwnLoss(Name);

    /// <inheritdoc/>
    internal override bool HasOwnLoss => true;

    /// <inheritdoc/>
    internal override (Loss Loss, OutputForm Form) Bind(Loss? loss, Module module, TensorDictionary outputs)
    {
        if (loss is not (null or ComparisonLoss))
            throw OwnLoss(Name);
        foreach (string name in Names)
        {
            if (!outputs.TryGetValue(name, out Tensor? own) || own.Shape != outputs[0].Shape || own.Rank != 2)
            {
                throw new ThalwegException($"[train] expected outputs {string.Join(", ", Names)} of one shape [batch, n], got "
                    + $"{string.Join(", ", outputs.Select(o => $"{o.Key} {o.Value.Shape}"))}; let the network give a vector for each, as "
                    + $"{nameof(Siamese)} does");
            }
        }

        ComparisonForm form = new(this);
        return (new ComparisonLoss(this), form);
    }

    /// <summary>The loss of the outputs.</summary>
    internal abstract Tensor LossOf(Tensor[] outputs, Tensor targets, Reduction reduction);

    /// <summary>What is predicted for each sample, <c>[batch, PredictionWidth]</c>.</summary>
    internal abstract Tensor Compare(Tensor[] outputs);

    /// <summary>Adds the scores of a batch.</summary>
    internal virtual void Score(Tensor[] outputs, ref ScoreSums sums)
    {
    }

    private static ThalwegException OwnLoss(string name) => new(
        $"[train] expected no loss for the task {name}, which has its own, got one; leave it out, or give it to the task");
}

/// <summary>Whether an anchor is nearer to a sample that belongs to it than to one that does not: no targets, outputs <c>anchor</c>,
/// <c>positive</c> and <c>negative</c>, predictions the two distances.</summary>
/// <remarks>Accuracy is the share of samples whose anchor is nearer to the positive one.</remarks>
/// <param name="loss">The loss; default null, the triplet margin loss at its defaults.</param>
public sealed class TripletTask(TripletMarginLoss? loss = null) : ComparisonTask("anchor", "positive", "negative")
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "triplet";

    /// <inheritdoc/>
    public override string Name => Word;

    /// <summary>The loss.</summary>
    public TripletMarginLoss Loss { get; } = loss ?? new TripletMarginLoss();

    /// <inheritdoc/>
    public override string MetricName => "accuracy";

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => [];

    /// <inheritdoc/>
    public override int PredictionWidth => 2;

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["task"] = Word,
        ["margin"] = Loss.Margin,
        ["order"] = Loss.Order,
        ["epsilon"] = Loss.Epsilon,
        ["swap"] = Loss.Swap,
    };

    /// <summary>The task of a description.</summary>
    internal static TripletTask Build(JsonObject description) => new(new TripletMarginLoss
    {
        Margin = LayerRegistry.Read<double>(description, "margin"),
        Order = LayerRegistry.Read<double>(description, "order"),
        Epsilon = LayerRegistry.Read<double>(description, "epsilon"),
        Swap = LayerRegistry.Read<bool>(description, "swap"),
    });

    internal override Tensor LossOf(Tensor[] outputs, Tensor targets, Reduction reduction) =>
        Loss.Compute(outputs[0], outputs[1], outputs[2], reduction);

    internal override Tensor Compare(Tensor[] outputs) =>
        Tensor.Stack(-1, Distance(outputs[0], outputs[1]), Distance(outputs[0], outputs[2]));

    internal override void Score(Tensor[] outputs, ref ScoreSums sums)
    {
        Tensor near = Distance(outputs[0], outputs[1]), far = Distance(outputs[0], outputs[2]);
        for (int i = 0; i < near.Length; i++)
            sums.Right += near.Read(i) < far.Read(i) ? 1 : 0;
        sums.Counted += (int)near.Length;
    }

    internal override Evaluation Evaluate(in ScoreSums sums, int samples, double loss, double unit) =>
        Evaluation.None(this) with { Samples = samples, Loss = loss, Accuracy = (double)sums.Right / sums.Counted };

    internal override double MetricOf(Evaluation evaluation) => evaluation.Accuracy;

    private Tensor Distance(Tensor a, Tensor b) => a.Subtract(b).Norm(Loss.Order, -1);
}

/// <summary>Whether two inputs belong together, or which of them is to have the higher score: targets of 1 or -1, outputs <c>first</c> and
/// <c>second</c>; predictions their cosine, or the difference of their scores.</summary>
/// <param name="loss">The loss: <see cref="CosineEmbeddingLoss"/> for vectors, <see cref="MarginRankingLoss"/> for
/// scores <c>[batch, 1]</c>.</param>
public sealed class PairTask(PairLoss loss) : ComparisonTask("first", "second")
{
    /// <summary>Name of the task.</summary>
    internal const string Word = "pair";

    private readonly TensorSpec[] _targets = [new(TargetName, 1)];

    /// <inheritdoc/>
    public override string Name => Word;

    /// <summary>The loss.</summary>
    public PairLoss Loss { get; } = loss ?? throw new ArgumentNullException(nameof(loss));

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> Targets => _targets;

    /// <inheritdoc/>
    public override int PredictionWidth => 1;

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">The loss is a custom one.</exception>
    public override JsonObject Describe() => Loss switch
    {
        CosineEmbeddingLoss cosine => new() { ["task"] = Word, ["loss"] = cosine.Name, ["margin"] = cosine.Margin },
        MarginRankingLoss ranking => new() { ["task"] = Word, ["loss"] = ranking.Name, ["margin"] = ranking.Margin },
        _ => base.Describe(),
    };

    /// <summary>The task of a description.</summary>
    internal static PairTask Build(JsonObject description)
    {
        double margin = LayerRegistry.Read<double>(description, "margin");
        string name = LayerRegistry.Read<string>(description, "loss");
        return new PairTask(name == new MarginRankingLoss().Name
            ? new MarginRankingLoss { Margin = margin }
            : new CosineEmbeddingLoss { Margin = margin });
    }

    /// <inheritdoc/>
    protected internal override void CheckTargets(string name, ReadOnlySpan<float> values)
    {
        int wrong = values.IndexOfAnyExcept(1f, -1f);
        if (wrong >= 0)
            throw new ThalwegException($"[data] expected 1 or -1 in '{name}', got {values[wrong]} in row {wrong}; encode the pairs so");
    }

    internal override Tensor LossOf(Tensor[] outputs, Tensor targets, Reduction reduction) => Loss is MarginRankingLoss
        ? Loss.Compute(outputs[0], outputs[1], targets, reduction)
        : Loss.Compute(outputs[0], outputs[1], targets.Squeeze(-1), reduction);

    internal override Tensor Compare(Tensor[] outputs)
    {
        (Tensor a, Tensor b) = (outputs[0], outputs[1]);
        return Loss is MarginRankingLoss
            ? a.Subtract(b)
            : a.Multiply(b).Sum(-1).Divide(a.Norm(2, -1).Multiply(b.Norm(2, -1)).Add(1e-12)).Unsqueeze(-1);
    }
}
