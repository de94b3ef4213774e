namespace Thalweg.Training;

/// <summary>Tells the observers of a run what happens; an exception of one of them names it.</summary>
/// <param name="trainer">The run.</param>
/// <param name="observers">The observers, called in their order.</param>
internal sealed class ObserverList(Trainer trainer, IReadOnlyList<ITrainingObserver> observers)
{
    private readonly ITrainingObserver[] _all = [.. observers];

    /// <summary>Whether there is one to call.</summary>
    public bool Any => _all.Length > 0;

    public void RunStarted()
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].RunStarted(trainer);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(RunStarted), failure);
        }
    }

    public void EpochStarted(int epoch)
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].EpochStarted(trainer, epoch);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(EpochStarted), failure);
        }
    }

    public void StepStarted(in StepStart step)
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].StepStarted(trainer, step);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(StepStarted), failure);
        }
    }

    public void PassEnded(in MicroBatchObjective pass)
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].PassEnded(trainer, pass);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(PassEnded), failure);
        }
    }

    public void GradientReady(in StepGradientReport gradient)
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].GradientReady(trainer, gradient);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(GradientReady), failure);
        }
    }

    public void StepEnded(in StepReport step)
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].StepEnded(trainer, step);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(StepEnded), failure);
        }
    }

    public void EpochEnded(EpochReport epoch)
    {
        int at = 0;
        try
        {
            for (; at < _all.Length; at++)
            {
                _all[at].EpochEnded(trainer, epoch);
            }
        }
        catch (Exception failure)
        {
            throw Named(at, nameof(EpochEnded), failure);
        }
    }

    /// <summary>Tells all, also where one fails; the first failure, or null.</summary>
    public ThalwegException? RunEnded(TrainingReport report)
    {
        ThalwegException? first = null;
        for (int at = 0; at < _all.Length; at++)
        {
            try
            {
                _all[at].RunEnded(trainer, report);
            }
            catch (Exception failure)
            {
                first ??= Named(at, nameof(RunEnded), failure);
            }
        }

        return first;
    }

    private ThalwegException Named(int at, string method, Exception failure) => new(
        $"[train] observer {_all[at].GetType()} failed in {method} at step {trainer.Step}: {failure.Message}; fix it, or leave it out " +
        "of the trainer's observers",
        failure);
}
