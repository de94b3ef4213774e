using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Schedules;

namespace Thalweg.Training;

/// <summary>Updates by a chain of rules.</summary>
/// <param name="chain">The rules.</param>
/// <param name="parameters">The network's parameters.</param>
internal sealed class ChainMethod(Chain chain, ParameterVector parameters) : StepMethod
{
    /// <summary>The chain at work.</summary>
    public OptimizerRun Run { get; private set; } = new(chain, parameters.Segments, parameters.Values.DType);

    public override string Text => chain.ToString();

    public override long Step => Run.State.Step;

    public override IReadOnlyList<StateSlot> Slots => Run.State.Slots;

    public override Tensor? Average => Run.Average;

    public override double LearningRate => Run.LearningRate;

    public override bool Matches(string text) => ChainText.Parse(text).Equals(chain);

    public override void Restore(long step, IReadOnlyList<StateSlot> slots) => Run.State.Restore(step, slots);

    public override bool CanScaleRates => chain.Any(rule => rule is ScaleByLearningRate or FollowRegularizedLeader);

    public override void Skip() => Run.State.Step++;

    public override void ScaleRates(double factor) =>
        Run = new OptimizerRun(factor == 1 ? chain : [.. chain.Select(rule => Scaled(rule, factor))], parameters.Segments, parameters.Values.DType);

    public override void Observe(double metric) => Run.Observe(metric);

    public override long Updates => Run.Updates;

    public override double Take(TrainingObjective objective, Action? beforeUpdate = null)
    {
        double value = Run.TakeGradient(objective);
        if (!double.IsFinite(value))
        {
            return value;
        }

        beforeUpdate?.Invoke();
        Run.Step(parameters.Values, parameters.Gradients);
        return objective.StepLoss;
    }

    public override void Abandon() => Run.Abandon(parameters.Values);

    private static Rule Scaled(Rule rule, double factor) => rule switch
    {
        ScaleByLearningRate scale => new ScaleByLearningRate(new ProductSchedule(scale.LearningRate, factor)),
        FollowRegularizedLeader leader => leader with { LearningRate = new ProductSchedule(leader.LearningRate, factor) },
        _ => rule,
    };
}
