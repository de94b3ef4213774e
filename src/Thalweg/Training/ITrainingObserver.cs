namespace Thalweg.Training;

/// <summary>Sees what happens in a run, step by step, and may act on it; see <see cref="TrainerOptions.Observers"/>.</summary>
/// <remarks>
/// Every method has an empty body, so that an observer writes those that it needs. All are called on the training thread, in the order of
/// the list, and must return quickly. An observer may ask for the end of the run by <see cref="Trainer.RequestStop"/>. It may save the run
/// (<see cref="TrainingCheckpoint.Save"/>) in all of them but <see cref="StepStarted"/> and <see cref="GradientReady"/>. An exception ends the
/// run as a <see cref="ThalwegException"/> that names the observer's type; the trainer can continue afterwards, from the step that was under
/// way.
/// </remarks>
public interface ITrainingObserver
{
    /// <summary>A run begins, or continues after an interruption.</summary>
    /// <param name="trainer">The run.</param>
    void RunStarted(Trainer trainer)
    {
    }

    /// <summary>An epoch begins, or continues where it was interrupted.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    void EpochStarted(Trainer trainer, int epoch)
    {
    }

    /// <summary>A step begins: its samples are known, nothing has been computed.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="step">Place and samples of the step.</param>
    void StepStarted(Trainer trainer, in StepStart step)
    {
    }

    /// <summary>Some samples of the step have gone forward and backward: what a <see cref="Recording"/> that began in
    /// <see cref="StepStarted"/> holds of them can be read until this returns.</summary>
    /// <remarks>
    /// Called on the training thread for each micro-batch, within its step scope, and once for each gradient where a rule or a minimizer takes
    /// several. Not called with several <see cref="TrainerOptions.Shards"/>, which are computed on threads of their own; a
    /// <see cref="TrainingProbe"/> computes such a step again. Gradients of parameters must not be changed here: they are sums that are not
    /// complete.
    /// </remarks>
    /// <param name="trainer">The run.</param>
    /// <param name="pass">The samples with what was computed of them.</param>
    void PassEnded(Trainer trainer, in MicroBatchObjective pass)
    {
    }

    /// <summary>The gradient is complete, and the update is still to be made.</summary>
    /// <remarks>
    /// Told once a step: with rules that take more than one gradient, the last one, with the weights where the update starts; under
    /// <see cref="Rules.Accumulate"/> for each gradient. Not called where the loss is not finite, and not by minimizers, whose searches take
    /// gradients of their own. <b>Gradients may be changed in place</b>, each as long as its parameter: the rules, clipping included, see
    /// what the last observer left. Weights must not be changed here.
    /// </remarks>
    /// <param name="trainer">The run.</param>
    /// <param name="gradient">The parameters with their gradients.</param>
    void GradientReady(Trainer trainer, in StepGradientReport gradient)
    {
    }

    /// <summary>A step is over, its update made.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="step">Where the run stands.</param>
    void StepEnded(Trainer trainer, in StepReport step)
    {
    }

    /// <summary>An epoch is over, and its evaluation, where it had one; see <see cref="EpochReport.IsEvaluated"/>.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="epoch">What the epoch gave.</param>
    void EpochEnded(Trainer trainer, EpochReport epoch)
    {
    }

    /// <summary>The run is over, for whatever reason, also an exception; the network holds the weights that the report says. Told to all
    /// observers, in any case.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="report">The result of the run.</param>
    void RunEnded(Trainer trainer, TrainingReport report)
    {
    }
}

/// <summary>A step that begins; see <see cref="ITrainingObserver.StepStarted"/>.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Step">Step of the run, from 0.</param>
/// <param name="StepInEpoch">Step of the epoch, from 0.</param>
/// <param name="StepsPerEpoch">Steps that the epoch takes.</param>
/// <param name="Samples">The training samples of the step, good until the epoch ends.</param>
public readonly record struct StepStart(int Epoch, long Step, int StepInEpoch, int StepsPerEpoch, ReadOnlyMemory<int> Samples);

/// <summary>A gradient before its update; see <see cref="ITrainingObserver.GradientReady"/>.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Step">Step of the run, from 0.</param>
/// <param name="Loss">Mean loss of the batch, without regularizers.</param>
/// <param name="Parameters">The parameters and their gradients: one by one with their names in
/// <see cref="ParameterVector.Named"/>.</param>
public readonly record struct StepGradientReport(int Epoch, long Step, double Loss, ParameterVector Parameters);
