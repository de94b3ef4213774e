using Thalweg.Minimizers;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>Updates by a minimizer: each step is a call of some iterations on the samples of the step.</summary>
/// <remarks>The minimizer works in double whatever the type of the network, so that its searches do not end at the rounding of a
/// float.</remarks>
internal sealed class MinimizerMethod : StepMethod
{
    private readonly Minimizer _minimizer;
    private readonly NetworkFunction _function;
    private MinimizerRun _run;
    private long _step;

    public MinimizerMethod(Minimizer minimizer, ParameterVector parameters)
    {
        (_minimizer, _function) = (minimizer, new NetworkFunction(parameters));
        _run = minimizer.Start(_function.ReadPoint());
    }

    public override string Text => _minimizer.ToString();

    public override long Step => _step;

    /// <summary>The point in double and all that the minimizer has learned.</summary>
    public override IReadOnlyList<StateSlot> Slots => _run.Slots;

    public override string? Ended =>
        _run.Result is { Status: not (MinimizerStatus.IterationLimit or MinimizerStatus.EvaluationLimit) } result
        ? result.Text
        : null;

    public override void Restore(long step, IReadOnlyList<StateSlot> slots)
    {
        _step = step;
        _run = _minimizer.Resume(slots);
        _function.WritePoint(_run.Point);
    }

    public override void Skip() => _step++;

    public override long Gradients => _run.Result?.GradientEvaluations ?? 0;

    public override void Abandon() => _function.WritePoint(_run.Point);

    public override double Take(TrainingObjective objective, Action? beforeUpdate = null)
    {
        _function.Objective = objective;
        MinimizerResult result = _run.Advance(_function);
        if (result.Status == MinimizerStatus.NotFinite && objective.Evaluations == 1)
        {
            return double.NaN;
        }

        _function.WritePoint(_run.Point);
        _step++;
        return objective.StepLoss;
    }
}
