using Thalweg.Runs;
using Thalweg.Training;

namespace Thalweg.Tuning;

/// <summary>The first goal after each epoch of a trial, and where the pruner pauses it.</summary>
/// <remarks>The pruner is asked about each epoch of this job in order, also about those before an interruption: a trial that was killed
/// pauses where it would have paused.</remarks>
internal sealed class TrialCurve
{
    private readonly StudyJob _job;
    private readonly SearchGoal _goal;
    private readonly List<EpochReport> _epochs = [];
    private readonly List<double> _values = [];

    /// <param name="job">The job.</param>
    /// <param name="goal">The first goal.</param>
    /// <param name="record">What the folder of the trial holds; null for nothing.</param>
    public TrialCurve(StudyJob job, SearchGoal goal, RunRecord? record)
    {
        (_job, _goal) = (job, goal);
        Epochs = record?.Settings.Training.Epochs ?? int.MaxValue;
        foreach (EpochReport epoch in record?.Epochs ?? [])
        {
            if (Add(epoch))
                return;
        }
    }

    /// <summary>Epochs of the whole training: after the last one there is nothing to pause.</summary>
    public int Epochs { get; set; }

    public IReadOnlyList<double> Values => _values;

    public bool IsPaused { get; private set; }

    /// <summary>Adds an epoch.</summary>
    /// <returns>Whether the trial is to be paused now.</returns>
    public bool Add(EpochReport epoch)
    {
        // A resumed run reports only epochs that come after its checkpoint, but the record may hold some of them too.
        if (IsPaused || epoch.Epoch < _values.Count)
            return IsPaused;
        _epochs.Add(epoch);
        _values.Add(epoch.IsEvaluated ? StudyGoals.ValueOf(_goal, epoch.Validation) : double.NaN);
        return IsPaused = _values.Count > _job.Curve.Count && _values.Count < Epochs && _job.ShouldPause(_values);
    }

    /// <summary>The report of a trial that is paused: its figures so far.</summary>
    /// <param name="definition">The study.</param>
    /// <param name="parameters">Number of weights of the network.</param>
    public TrialReport Pause(StudyDefinition definition, long parameters)
    {
        EpochReport? best = Best();
        double seconds = _epochs.Sum(epoch => epoch.Seconds);
        return new TrialReport(
            TrialStatus.Pruned,
            [
                .. definition.Goals.Select(goal => goal.Metric switch
                {
                    StudyGoals.Parameters => parameters,
                    StudyGoals.Epochs => _values.Count,
                    StudyGoals.Seconds => seconds,
                    StudyGoals.Latency => double.NaN,
                    _ => StudyGoals.ValueOf(goal, best?.Validation),
                }),
            ],
            [.. _values])
        { Seconds = seconds };
    }

    /// <summary>The epoch with the best value of the goal; null where none has one.</summary>
    private EpochReport? Best() => _epochs.Zip(_values).Where(item => double.IsFinite(item.Second))
        .OrderBy(item => _goal.Maximize ? -item.Second : item.Second).Select(item => item.First).FirstOrDefault();
}
