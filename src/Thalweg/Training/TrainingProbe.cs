using Thalweg.Data;
using Thalweg.Metrics;

namespace Thalweg.Training;

/// <summary>The objective of a run on samples of choice, to look at it: see <see cref="Trainer.NewProbe"/>.</summary>
/// <remarks>
/// It shares the network and its weights with the run, and computes as in training: batch statistics of its samples, dropout masks named by
/// the step. Running statistics, scores and the gradient of the step stay as they are. It is for the thread of the run, between the
/// moments of a step, as in <see cref="ITrainingObserver"/>.
/// </remarks>
public sealed class TrainingProbe
{
    private readonly TrainingObjective _objective;
    private readonly Tensor _saved;
    private readonly int _room;

    internal TrainingProbe(Trainer trainer, Dataset data, int samples)
    {
        int room = data.Window is null ? data.Count : BatchPlan.Of(data, trainer.Options).LargestSize;
        if (samples < 1 || samples > room)
        {
            throw new ThalwegException($"[probe] expected room for 1 to {room} samples, got {samples}; choose a number in that range");
        }

        // Outside any step scope, because it outlives the step in which it is made.
        using PoolSwitch outside = StepMemory.Leave();
        TrainerOptions options = trainer.Options with
        {
            BatchSize = samples,
            BatchSchedule = null,
            Shards = 1,
            Exchange = null,
            Observers = [],
        };
        _room = samples;
        _objective = new TrainingObjective(
            trainer.Module, (trainer.Loss, trainer.Form), trainer.Parameters, data, options,
            new MetricAccumulator(data.Task, trainer.Form, 1), isProbe: true);
        _saved = Tensor.Zeros(trainer.Parameters.Gradients.Shape, trainer.Parameters.Gradients.DType);
    }

    /// <summary>Values, products with curvature, and visits of the samples. Take gradients by <see cref="Gradient"/>, because those of
    /// the objective overwrite the gradient of the step.</summary>
    public StepObjective Objective => _objective;

    /// <summary>Turns to samples.</summary>
    /// <param name="samples">Places of training samples, from 1 to as many as there is room for; of a stream places in the step.</param>
    /// <param name="step">The step that names dropout masks, from 0.</param>
    /// <exception cref="ThalwegException">There are no samples, or more than there is room for.</exception>
    public void Begin(ReadOnlySpan<int> samples, long step)
    {
        if (samples.IsEmpty || samples.Length > _room)
        {
            throw new ThalwegException($"[probe] expected 1 to {_room} samples, got {samples.Length}; make the probe with more room");
        }

        _objective.Begin(samples, step);
    }

    /// <summary>The objective with its gradient; the gradient of the step stays as it is.</summary>
    /// <param name="gradient">Takes the gradient, <c>[n]</c>, laid out like <see cref="ParameterVector.Values"/>.</param>
    public double Gradient(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        Tensor step = _objective.Parameters.Gradients;
        _saved.Assign(step);
        try
        {
            double value = _objective.Gradient();
            gradient.Assign(step);
            return value;
        }
        finally
        {
            step.Assign(_saved);
        }
    }

    /// <summary>The loss of each sample of a visit; see <see cref="TrainingObjective.SampleLosses"/>.</summary>
    /// <param name="pass">What <see cref="StepObjective.Visit"/> gave.</param>
    /// <returns><c>[samples]</c>.</returns>
    public Tensor SampleLosses(in MicroBatchObjective pass) => _objective.SampleLosses(pass);
}
