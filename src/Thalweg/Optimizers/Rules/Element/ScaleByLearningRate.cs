namespace Thalweg.Rules;

/// <summary>Multiplies the update by minus the learning rate: the only rule that turns the sign, from uphill to downhill.</summary>
/// <remarks>
/// Formula: u = -lr g. State: none. Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 8.1. Before
/// <see cref="ScaleByMomentum"/> it gives the form of momentum whose velocity contains the rate (<c>RateInside</c>).
/// </remarks>
public sealed record ScaleByLearningRate : Rule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <exception cref="ThalwegException">The rate is negative or not finite: give a number of at least 0.</exception>
    public ScaleByLearningRate(Hyperparameter learningRate) => LearningRate = learningRate;

    /// <summary>The learning rate lr, at least 0.</summary>
    public Hyperparameter LearningRate { get; init => field = NonNegative(value); }

    /// <inheritdoc/>
    public override string Formula => LearningRate.Schedule is null ? "u = -lr g" : $"u = -lr g, lr = {LearningRate}";

    /// <summary>Behind other rules: the g of a schedule's text, such as growth, is no gradient.</summary>
    internal override string? Misplaced(ChainPosition position) => position.IsBehindRate
        ? $"found a second learning rate, {this}, whose sign would make the weights climb; leave it out"
        : base.Misplaced(position);

    internal override string FormulaBehind => LearningRate.Schedule is null ? "u = -lr u" : $"u = -lr u, lr = {LearningRate}";

    /// <inheritdoc/>
    public override string Source => "Goodfellow, Bengio, Courville: Deep Learning, 2016, algorithm 8.1";

    /// <inheritdoc/>
    public override string Use => "once in each chain: the rate, and the sign that makes it descend";

    internal override void Fuse<T, TPrefix>(Fusion<T> fusion, TPrefix prefix) =>
        fusion.Then(prefix, new ScaleKernel<T>(T.CreateTruncating(-fusion.At(LearningRate))));
}
