using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>Updates by a chain of rules.</summary>
/// <param name="chain">The rules.</param>
/// <param name="parameters">The network's parameters.</param>
/// <param name="seed">Seed of the run.</param>
internal sealed class ChainMethod(Chain chain, ParameterVector parameters, ulong seed) : StepMethod
{
    private readonly (int Every, CurvatureForm Form)? _curvature = chain.Select(rule => rule.Curvature)
        .FirstOrDefault(curvature => curvature is not null);
    private readonly FactorCapture _capture = new(parameters, seed);
    private CurvatureEstimate? _estimate;

    /// <summary>The chain at work.</summary>
    public OptimizerRun Run { get; } = new(chain, parameters.Segments, parameters.Values.DType);

    public override string Text => chain.ToString();

    public override long Step => Run.State.Step;

    public override IReadOnlyList<StateSlot> Slots => Run.State.Slots;

    public override Tensor? Average => Run.Average;

    public override double LearningRate => Run.LearningRate;

    public override bool Matches(string text) => ChainText.Parse(text).Equals(chain);

    public override void Restore(long step, IReadOnlyList<StateSlot> slots) => Run.State.Restore(step, slots);

    public override void Observe(double metric) => Run.Observe(metric);

    public override double Take(TrainingObjective objective)
    {
        Run.MoveTo(0, parameters.Values, parameters.Gradients);
        double value = objective.Gradient(), loss = objective.DataLoss;
        if (!double.IsFinite(value))
        {
            return value;
        }

        if (_curvature is var (every, form) && Run.BeginsUpdate && Run.Updates % every == 0)
        {
            _estimate ??= new CurvatureEstimate(objective, seed);
            _estimate.Make(form);
            Observe(_estimate.Result);
        }

        for (int evaluation = 1; evaluation < Run.Evaluations; evaluation++)
        {
            Run.MoveTo(evaluation, parameters.Values, parameters.Gradients);
            objective.Gradient();
        }

        if (Run.WantsFactors)
        {
            Run.ObserveFactors(_capture.Take(objective));
        }

        Run.Step(parameters.Values, parameters.Gradients);
        return loss;
    }

    private void Observe(Tensor curvature)
    {
        if (curvature.DType == DType.Float32)
        {
            Run.ObserveCurvature<float>(curvature.AsSpan<float>());
        }
        else
        {
            Run.ObserveCurvature<double>(curvature.AsSpan<double>());
        }
    }
}
