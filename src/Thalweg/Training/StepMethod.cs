using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>What makes the updates of a run: a chain of rules, or a minimizer.</summary>
/// <remarks>The trainer knows no more of it than this: a new kind of method is one class here, and one line in <see cref="Of"/>.</remarks>
internal abstract class StepMethod
{
    /// <summary>The text that a checkpoint keeps; a run resumes only with a method of equal text.</summary>
    public abstract string Text { get; }

    /// <summary>Completed steps.</summary>
    public abstract long Step { get; }

    /// <summary>Updates made so far.</summary>
    public virtual long Updates => Step;

    /// <summary>Gradients taken note of so far.</summary>
    public virtual long Gradients => Step;

    /// <summary>What is remembered from step to step: all that a checkpoint needs to continue with equal bits.</summary>
    public abstract IReadOnlyList<StateSlot> Slots { get; }

    /// <summary>The average of the weights that the method keeps, <c>[n]</c>, or null.</summary>
    public virtual Tensor? Average => null;

    /// <summary>The learning rate of the last update, or NaN where there is none.</summary>
    public virtual double LearningRate => double.NaN;

    /// <summary>Why no further step would change anything, or null: ends the run.</summary>
    public virtual string? Ended => null;

    /// <summary>The method that the options ask for.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="parameters">The network's parameters.</param>
    public static StepMethod Of(TrainerOptions options, ParameterVector parameters) => options.Minimizer is { } minimizer
        ? new MinimizerMethod(minimizer with { MaximumIterations = options.IterationsPerStep }, parameters)
        : new ChainMethod(options.Optimizer, parameters);

    /// <summary>Whether a checkpoint's text means this method.</summary>
    public virtual bool Matches(string text) => text == Text;

    /// <summary>Takes over a saved state.</summary>
    /// <param name="step">Completed steps.</param>
    /// <param name="slots">The saved slots, as <see cref="Slots"/> gives them.</param>
    public abstract void Restore(long step, IReadOnlyList<StateSlot> slots);

    /// <summary>Takes one step: evaluates the objective as often as needed and changes the parameters.</summary>
    /// <param name="objective">The objective, bound to the samples of the step.</param>
    /// <param name="beforeUpdate">Called when the gradient is complete and the weights are where the update starts, by methods that have
    /// such a moment; null (default) for nothing.</param>
    /// <returns>Mean loss before the step; where it is not finite the parameters are as they were.</returns>
    public abstract double Take(TrainingObjective objective, Action? beforeUpdate = null);

    /// <summary>Gives up a step in which an exception was thrown: the parameters are where they were before it.</summary>
    public virtual void Abandon()
    {
    }

    /// <summary>Whether there is a learning rate that <see cref="ScaleRates"/> can make smaller.</summary>
    public virtual bool CanScaleRates => false;

    /// <summary>Counts a step without an update.</summary>
    public abstract void Skip();

    /// <summary>Multiplies the learning rate over the whole run; what is remembered from step to step starts anew.</summary>
    /// <param name="factor">The factor of the rate that the options give.</param>
    public virtual void ScaleRates(double factor)
    {
    }

    /// <summary>Takes note of a validation metric.</summary>
    /// <param name="metric">The metric; more is better.</param>
    public virtual void Observe(double metric)
    {
    }
}
