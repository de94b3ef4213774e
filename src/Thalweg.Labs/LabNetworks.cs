using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Metrics;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Labs;

/// <summary>Networks of labs, and how long they train.</summary>
internal static class LabNetworks
{
    /// <summary>Far more epochs than any experiment takes: the number of steps ends it.</summary>
    private const int NoEnd = 1_000_000;

    /// <summary>Dense layers in a row.</summary>
    /// <param name="activation">Activation of all but the last.</param>
    /// <param name="sizes">Inputs, hidden units, outputs.</param>
    public static Sequential Mlp(Activation activation, params int[] sizes) => new(
    [
        .. Enumerable.Range(1, sizes.Length - 1)
            .Select(i => (Module)new Dense(sizes[i - 1], sizes[i], i < sizes.Length - 1 ? activation : Activation.None)),
    ]);

    /// <summary>Options of a run of so many updates, without early stopping.</summary>
    /// <param name="chain">The optimizer.</param>
    /// <param name="batch">Samples of a batch; <see cref="TrainerOptions.FullBatch"/> for all.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Seed of weights and order.</param>
    public static TrainerOptions Steps(Chain chain, int batch, long steps, ulong seed) => new()
    {
        Optimizer = chain, BatchSize = batch, Epochs = NoEnd, MaxSteps = steps, Seed = seed, Patience = 0, RestoreBest = false,
    };

    /// <summary>Loss and accuracy on samples.</summary>
    public static Evaluation Evaluate(Module network, Dataset data) => new Evaluator(network, null).Evaluate(data);

    /// <summary>Trains until a loss on samples is reached.</summary>
    /// <param name="context">Counts the updates.</param>
    /// <param name="trainer">The run; its options bound the updates.</param>
    /// <param name="data">The samples that the loss is taken on.</param>
    /// <param name="target">The loss.</param>
    /// <param name="every">Updates from one evaluation to the next.</param>
    /// <returns>Updates until then; all updates of the run where the loss is not reached.</returns>
    public static long UpdatesTo(this LabContext context, Trainer trainer, Dataset data, double target, int every)
    {
        long reached = trainer.TotalSteps;
        context.Fit(trainer, step =>
        {
            if (step.Updates % every == 0 && Evaluate(trainer.Module, data).Loss <= target)
            {
                reached = step.Updates;
                trainer.RequestStop("the loss is reached");
            }
        });
        return reached;
    }
}
