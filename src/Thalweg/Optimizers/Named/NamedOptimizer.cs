using Thalweg.Rules;

namespace Thalweg.Optimizers;

/// <summary>How weight decay enters.</summary>
public enum DecayForm
{
    /// <summary>Added to the gradient before anything scales it: g + lambda w.</summary>
    L2,

    /// <summary>Added to the update, and scaled by the learning rate alone: w - lr lambda w.</summary>
    Decoupled,

    /// <summary>Taken off the weights, whatever the learning rate: w - lambda w.</summary>
    DecoupledUnscaled,

    /// <summary>The sign of the weights added to the gradient: g + lambda sign(w).</summary>
    L1,
}

/// <summary>An optimizer by its customary name: a recipe that gives a <see cref="Rules.Chain"/>.</summary>
/// <remarks>
/// Settings change with <c>with</c>: <c>new Adam(1e-3) with { Decay = 0.01 }</c>. A custom optimizer is a record that derives from
/// this one and gives its chain:
/// <code>
/// public sealed record SignSgd(Hyperparameter learningRate) : NamedOptimizer(learningRate)
/// {
///     public override string Source =&gt; "Bernstein et al., 2018";
///
///     public override Chain Chain =&gt; Compose(new SignMomentum());
/// }
/// </code>
/// <see cref="Settings.Register{TRecord}"/> lets texts name it.
/// </remarks>
public abstract record NamedOptimizer : Described
{
    /// <summary>Sets the learning rate.</summary>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    protected NamedOptimizer(Hyperparameter learningRate) => LearningRate = learningRate;

    /// <summary>The learning rate lr, at least 0.</summary>
    public Hyperparameter LearningRate { get; init => field = NonNegative(value); }

    /// <summary>The factor lambda of weight decay, at least 0, default 0 unless the optimizer says otherwise.</summary>
    public Hyperparameter Decay { get; init => field = NonNegative(value); } = 0;

    /// <summary>How weight decay enters, default L2 unless the optimizer says otherwise.</summary>
    public DecayForm DecayForm { get; init; }

    /// <summary>Which parameters weight decay reaches, default weights alone.</summary>
    public DecayScope DecayScope { get; init; }

    /// <summary>Whether to climb instead of to descend, default false; decay still draws the weights to 0.</summary>
    public bool Maximize { get; init; }

    /// <summary>Whether the learning rate may be a schedule: not so where the optimizer changes its rates by itself.</summary>
    public virtual bool TakesSchedule => true;

    /// <summary>Whether the learning rate is meant to fall over a run: not so where the optimizer changes its rates by itself, or averages
    /// the weights in place of it.</summary>
    public virtual bool WantsSchedule => TakesSchedule;

    /// <summary>The rules.</summary>
    /// <exception cref="ThalwegException">The settings contradict each other: the message says how.</exception>
    public abstract Chain Chain { get; }

    /// <inheritdoc/>
    public override string Formula => Chain.Formula;

    /// <summary>The recipe's chain.</summary>
    /// <param name="optimizer">The recipe.</param>
    public static implicit operator Chain(NamedOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return optimizer.Chain;
    }

    /// <summary>The learning rate of an optimizer that has a schedule or step sizes of its own.</summary>
    /// <exception cref="ThalwegException">It is a schedule: give a number.</exception>
    protected double FixedRate => LearningRate.Schedule is null ? LearningRate.At(0) : throw new ThalwegException(
        $"[{Settings.NameOf(GetType())}] expected one number as learning_rate, because this optimizer changes it by itself, got " +
        $"{LearningRate}; give a number");

    /// <summary>Puts what all optimizers share around the rules that make the direction: the sign of <see cref="Maximize"/>, weight
    /// decay in its form, and the learning rate.</summary>
    /// <param name="direction">The rules between the gradient and the learning rate.</param>
    protected Chain Compose(params ReadOnlySpan<Rule> direction)
    {
        List<Rule> rules = Maximize ? [new Scale(-1)] : [];
        if (!Decay.IsZero && DecayForm == DecayForm.L2)
            rules.Add(new AddDecayedWeights(Decay) { Scope = DecayScope });
        if (!Decay.IsZero && DecayForm == DecayForm.L1)
            rules.Add(new AddSign(Decay) { Scope = DecayScope });
        rules.AddRange(direction);
        if (!Decay.IsZero && DecayForm == DecayForm.Decoupled)
            rules.Add(new AddDecayedWeights(Decay) { Scope = DecayScope });
        rules.Add(new ScaleByLearningRate(LearningRate));
        if (!Decay.IsZero && DecayForm == DecayForm.DecoupledUnscaled)
            rules.Add(new ShrinkWeights(Decay) { Scope = DecayScope });
        return [.. rules];
    }
}
