namespace Thalweg.Training;

/// <summary>Finds out, after a step that ran out of memory, how many samples at once would fit.</summary>
internal static class StepMemoryProbe
{
    /// <summary>The largest of half, a quarter, ... of the samples whose gradient can be computed; 0 where not even one fits, null where the
    /// samples cannot be taken again.</summary>
    /// <param name="trainer">The run; its step is given up.</param>
    /// <param name="samples">Samples of the step.</param>
    /// <param name="buffers">Buffers of the network from before the step, which they keep.</param>
    public static int? Find(Trainer trainer, ReadOnlySpan<int> samples, BufferCopy buffers)
    {
        if (trainer.Window is not null || trainer.Module.IsStateful)
        {
            return null;
        }

        int most = Math.Min(samples.Length, trainer.Options.MicroBatchSize ?? samples.Length);
        for (int count = most / 2; count > 0; count /= 2)
        {
            trainer.Objective.ReleaseMemory();
            GC.Collect();
            if (Fits(trainer, samples[..count]))
            {
                trainer.Objective.ReleaseMemory();
                buffers.Restore();
                return count;
            }
        }

        buffers.Restore();
        return 0;
    }

    /// <summary>One line: what did not fit, and what does.</summary>
    /// <param name="failure">The error, which names the tensor.</param>
    /// <param name="count">Samples of the step.</param>
    /// <param name="fitting">Samples that fit at once.</param>
    public static string Explain(Exception failure, int count, int fitting) =>
        $"[train] a step of {count} samples does not fit into memory: {failure.Message}; "
        + (fitting > 0
            ? $"{fitting} samples at once do: set training.micro_batch_size to {fitting} for the same gradients in pieces, "
                + $"or training.batch_size to {fitting}"
            : "not even one sample does: use a smaller network or smaller samples");

    private static bool Fits(Trainer trainer, ReadOnlySpan<int> samples)
    {
        try
        {
            trainer.Objective.Begin(samples, trainer.Step);
            trainer.Objective.Gradient();
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
        finally
        {
            trainer.Objective.Abandon();
        }
    }
}
