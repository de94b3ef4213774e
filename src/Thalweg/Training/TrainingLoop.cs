using System.Diagnostics;
using Thalweg.Data;
using Thalweg.Metrics;

namespace Thalweg.Training;

/// <summary>The loop of a <see cref="Trainer"/>: its steps on the training data, the evaluation of its epochs, and its end, with whoever
/// observes them.</summary>
internal sealed class TrainingLoop : StepLoop
{
    private readonly Trainer _trainer;
    private readonly Dataset _training;
    private readonly Dataset? _validation;
    private readonly BatchPlan _plan;
    private readonly InferenceWeights _deployed;
    private readonly ObserverList _observers;
    private readonly BufferCopy _buffers;
    private readonly Action? _beforeUpdate;
    private readonly Action<MicroBatchObjective>? _passEnded;
    private readonly int[] _order;
    private readonly List<EpochReport> _epochs = [];
    private Stopwatch _clock = new();
    private StepStart _step;
    private string? _failure;
    private volatile string? _stopReason;
    private double _epochSeconds, _loss;
    private long _epochStarted;
    private int _samplesSeen;
    private bool _isRunning, _isSpecified;

    public TrainingLoop(Trainer trainer, Dataset training, Dataset? validation, BatchPlan plan)
    {
        (_trainer, _training, _validation, _plan) = (trainer, training, validation, plan);
        TrainerOptions options = trainer.Options;
        _order = training.Window is null ? new int[options.Sampler.CountIn(training)] : Dataset.AllRows(plan.LargestSize);
        _deployed = new InferenceWeights(
            trainer.Module, trainer.Parameters, trainer.Method, training,
            Math.Min(options.MicroBatchSize ?? training.Count, plan.LargestSize));
        if (_deployed.Measures && training.Window is not null)
        {
            throw new ThalwegException("[train] expected training data that can be gone through for the statistics of batch normalization, got "
                + "a stream; use moving averages and an optimizer without averaged weights, or collect the samples");
        }

        _buffers = new BufferCopy(trainer.Module);
        _observers = new ObserverList(trainer, options.Observers);
        _beforeUpdate = _observers.Any ? TellGradient : null;
        _passEnded = _observers.Any ? TellPass : null;
    }

    /// <summary>The result of the run that ended last; null before.</summary>
    public TrainingReport? Report { get; private set; }

    /// <summary>Time of training in the epoch under way so far, in seconds.</summary>
    public double EpochSeconds
    {
        get => _epochSeconds + (_epochStarted == 0 ? 0 : Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds);
        set => _epochSeconds = value;
    }

    protected override int Epochs => _trainer.Options.Epochs;

    protected override bool IsDone => _trainer.Method.Ended is not null || (StepInEpoch > 0 && Limit is not null)
        || (_trainer.Window is { } window && _plan.StepsIn(Epoch) == BatchPlan.Open
            && !window.HasNext(_plan.SizeIn(Epoch), _trainer.Options.LastBatch == LastBatch.Dropped));

    protected override bool IsStopRequested => _stopReason is not null;

    /// <summary>Step of the run at which the epoch under way began, where epochs end where a stream does.</summary>
    public long EpochStart { get; set; }

    /// <summary>Which limit of the run is reached; null for none.</summary>
    private EndReason? Limit => _trainer.Options switch
    {
        { MaxSteps: { } steps } when _trainer.Step >= steps => EndReason.StepLimit,
        { MaxTime: { } time } when _clock.Elapsed >= time => EndReason.TimeLimit,
        _ => null,
    };

    private int EpochOfLastStep => _trainer.Window is not null ? _trainer.CompletedEpochs - 1 : _trainer.Step == 0 ? -1 : _plan.Locate(_trainer.Step - 1).Epoch;

    /// <summary>Asks for the end of the run before its next step.</summary>
    public void RequestStop(string reason) => _stopReason = reason;

    /// <summary>Begins a run, or continues with it.</summary>
    public void Begin()
    {
        if (_isRunning)
        {
            throw new ThalwegException(
                "[train] expected a run that is not under way, got a call of Fit or Steps within one; end the first, or make " +
                "another trainer");
        }

        (_isRunning, _isSpecified, _failure, _clock, Report) = (true, false, null, Stopwatch.StartNew(), null);

        // A run that had ended when it was saved has no further epoch.
        Begin(
            _trainer.CompletedEpochs,
            _trainer.Stopping.IsDue ? EndReason.EarlyStopping
            : _trainer.Method.Ended is not null && _trainer.CompletedEpochs > EpochOfLastStep ? EndReason.Converged
            : _trainer.Step >= _trainer.Options.MaxSteps && _trainer.CompletedEpochs > EpochOfLastStep ? EndReason.StepLimit : null);
    }

    /// <summary>Takes the next step; false where the run has ended, after which <see cref="Report"/> has the result.</summary>
    public bool Next(CancellationToken cancellation)
    {
        bool isTaken = false;
        try
        {
            if (!_isSpecified)
            {
                _isSpecified = true;
                _observers.RunStarted();
            }

            isTaken = Advance(cancellation);
            if (isTaken && (_observers.Any || _trainer.HasStepHandlers))
            {
                StepReport report = StepReport();
                _observers.StepEnded(report);
                _trainer.Tell(report);
            }

            if (!isTaken)
            {
                Finish(Ended!.Value);
            }
        }
        catch (Exception failure) when (_isRunning)
        {
            End(EndReason.Failed, failure.Message);
            throw;
        }

        return isTaken;
    }

    /// <summary>Where the run stands after the last step.</summary>
    public StepReport StepReport() => new(
        _step.Epoch, _step.Step, _step.StepInEpoch, _step.StepsPerEpoch, _samplesSeen, _loss, _trainer.Objective.EpochLoss)
    {
        LearningRate = _trainer.Method.LearningRate,
        Updates = _trainer.Method.Updates,
        Gradients = _trainer.Method.Gradients,
    };

    /// <summary>Leaves a run that its caller continues with no further; nothing where it has ended.</summary>
    public void Leave()
    {
        if (_isRunning)
        {
            Finish(EndReason.Cancelled);
        }
    }

    /// <summary>Takes one step on the given samples.</summary>
    /// <param name="samples">Training samples, at most a batch.</param>
    /// <returns>Mean loss before the update; the update is left out where it is not finite.</returns>
    public double TakeStep(ReadOnlySpan<int> samples) => TakeStep(samples, null);

    /// <summary>Begins the epoch, or continues where it was left.</summary>
    protected override (int Next, int Count) BeginEpoch()
    {
        FillOrder();
        int steps = _plan.StepsIn(Epoch);
        (int at, int within) = _trainer.Position;
        int first = at == Epoch ? within : at > Epoch ? steps : 0;
        if (first == 0)
        {
            _trainer.Objective.ResetScore();
            _trainer.Module.ResetState();
            _trainer.Window?.BeginEpoch();
            _epochSeconds = 0;
        }

        _observers.EpochStarted(Epoch);
        _epochStarted = Stopwatch.GetTimestamp();
        return (first, steps);
    }

    protected override bool TakeStep()
    {
        bool isStream = _trainer.Window is not null;
        (int start, int count) = isStream ? (0, _trainer.Window!.Take(_plan.SizeIn(Epoch))) : _plan.Samples(Epoch, StepInEpoch);
        (int after, int following) = !isStream && StepInEpoch + 1 < StepsInEpoch ? _plan.Samples(Epoch, StepInEpoch + 1) : (0, 0);
        _step = new StepStart(Epoch, _trainer.Step, StepInEpoch, StepsInEpoch == BatchPlan.Open ? 0 : StepsInEpoch, _order.AsMemory(start, count));
        _observers.StepStarted(_step);
        _trainer.Objective.Announce(_order.AsMemory(after, following));
        _trainer.Recovery?.BeforeStep();
        _loss = TakeStep(_step.Samples.Span, _beforeUpdate);
        Recover();
        _samplesSeen = isStream ? (StepInEpoch == 0 ? count : _samplesSeen + count) : start + count;
        return _failure is null;
    }

    /// <summary>Ends the epoch, after an evaluation where one is due.</summary>
    protected override EndReason? EndEpoch()
    {
        StopClock();
        bool isLast = Epoch + 1 == Epochs && StepInEpoch >= StepsInEpoch;
        EndReason? ended = _trainer.Method.Ended is not null ? EndReason.Converged : isLast ? null : Limit;
        double rate = _trainer.Method.LearningRate;
        Evaluation validation = Evaluation.None(_training.Task);
        bool isBest = false;
        bool isDue = (Epoch + 1) % _trainer.Options.EvaluateEvery == 0 || Epoch + 1 == Epochs || ended is not null;
        bool isGood = !isDue || (_validation is null ? IsFinite() : Evaluate(_validation, out validation, out isBest));
        if (!isGood && RecoverFromEvaluation())
        {
            isGood = _validation is null ? IsFinite() : Evaluate(_validation, out validation, out isBest);
        }

        if (!isGood)
        {
            return EndReason.NonFinite;
        }

        EpochReport report = new(Epoch, _trainer.Objective.Score, validation, isBest, rate, _epochSeconds);
        _trainer.CompletedEpochs = Epoch + 1;
        EpochStart = _trainer.Step;
        _epochs.Add(report);
        _observers.EpochEnded(report);
        _trainer.Tell(report);
        return ended ?? (_trainer.Stopping.IsDue ? EndReason.EarlyStopping : isLast ? null : Limit);
    }

    private double TakeStep(ReadOnlySpan<int> samples, Action? beforeUpdate)
    {
        TrainingObjective objective = _trainer.Objective;
        _buffers.Take();
        objective.Begin(samples, _trainer.Step);
        double loss;
        try
        {
            objective.PassEnded = beforeUpdate is null ? null : _passEnded;
            loss = _trainer.Method.Take(objective, beforeUpdate);
        }
        catch (Exception failure)
        {
            objective.PassEnded = null;

            // The step can be taken again: neither weights nor statistics nor scores know of it.
            objective.Abandon();
            _trainer.Method.Abandon();
            _buffers.Restore();
            if (failure is OutOfMemoryException && StepMemoryProbe.Find(_trainer, samples, _buffers) is { } advice)
            {
                _trainer.Window?.Return(samples.Length);
                throw new ThalwegException(StepMemoryProbe.Explain(failure, samples.Length, advice), failure);
            }

            _trainer.Window?.Return(samples.Length);
            throw;
        }

        objective.PassEnded = null;
        if (!double.IsFinite(loss))
        {
            _failure = objective.Explain();
        }

        return loss;
    }

    /// <summary>Does something about a step that failed, where that is asked for.</summary>
    private void Recover()
    {
        if (_trainer.Recovery is not { } recovery)
        {
            return;
        }

        bool isUpdated = _failure is null;
        if (isUpdated && !recovery.IsSpike(_loss))
        {
            recovery.Observe(_loss);
            return;
        }

        if (!isUpdated)
        {
            _trainer.Objective.Abandon();
            _buffers.Restore();
        }

        if (recovery.Recover((_step.Epoch, _step.Step), _loss, isUpdated) is { } report)
        {
            _failure = null;
            _trainer.Tell(report);
        }
    }

    /// <summary>Rolls back from weights whose evaluation is not finite; false where that is not asked for.</summary>
    private bool RecoverFromEvaluation()
    {
        if (_trainer.Options.Recovery.OnNonFinite != NonFiniteAction.Rollback
            || _trainer.Recovery?.Recover((Epoch, _trainer.Step), double.NaN, isUpdated: true) is not { } report)
        {
            return false;
        }

        _failure = null;
        _trainer.Tell(report);
        return true;
    }

    private void TellGradient() => _observers.GradientReady(
        new StepGradientReport(_step.Epoch, _step.Step, _trainer.Objective.StepLoss, _trainer.Parameters));

    private void TellPass(MicroBatchObjective pass) => _observers.PassEnded(pass);

    /// <summary>Writes the order of the epoch.</summary>
    private void FillOrder()
    {
        if (_trainer.Window is not null)
        {
            return;
        }

        TrainerOptions options = _trainer.Options;
        options.Sampler.Fill(new SamplerContext(_training, options.Seed, Epoch, _plan.SizeIn(Epoch)), _order);
        int wrong = _order.AsSpan().IndexOfAnyExceptInRange(0, _training.Count - 1);
        if (wrong >= 0)
        {
            throw new ThalwegException($"[train] expected samples from 0 to {_training.Count - 1} of the sampler {options.Sampler}, got "
                + $"{_order[wrong]} at place {wrong} of epoch {Epoch}; correct the sampler");
        }
    }

    private bool IsFinite(double loss = 0)
    {
        bool isFinite = _trainer.Parameters.FirstNonFinite() is null && double.IsFinite(loss);
        _failure = isFinite ? _failure : _trainer.Objective.Explain();
        return isFinite;
    }

    /// <summary>Evaluates the network on the validation data; false where it is not finite.</summary>
    private bool Evaluate(Dataset data, out Evaluation validation, out bool isBest)
    {
        isBest = false;
        _deployed.Enter();
        try
        {
            validation = _trainer.Evaluator.Evaluate(data);
            if (!IsFinite(validation.Loss))
            {
                return false;
            }

            Metric monitor = _trainer.Options.Monitor;
            double figure = validation.ValueOf(monitor), watched = monitor.LessIsBetter ? -figure : figure;
            _trainer.Method.Observe(watched);
            isBest = _trainer.Stopping.Observe(Epoch, watched, validation.Loss);
            if (isBest)
            {
                _trainer.BestWeights.Capture();
            }

            return true;
        }
        finally
        {
            _deployed.Leave();
        }
    }

    /// <summary>Ends the run: puts the weights to keep into the network, and reports the result.</summary>
    private void Finish(EndReason reason)
    {
        _trainer.Tell(reason);
        int kept = -1, best = _trainer.Stopping.BestEpoch;
        bool isKept = reason != EndReason.Cancelled;
        if (reason == EndReason.NonFinite || (isKept && _trainer.Options.RestoreBest && best >= 0))
        {
            _trainer.RestoreBest();
            kept = best;
        }
        else if (isKept)
        {
            _deployed.Enter();
            kept = _trainer.Position.Step == 0 || reason != EndReason.Requested ? _trainer.CompletedEpochs - 1 : -1;
        }

        string? note = reason switch
        {
            EndReason.Converged => _trainer.Method.Ended,
            EndReason.Requested => _stopReason,
            _ => null,
        };
        End(reason, _failure, note, kept);
    }

    private void End(EndReason reason, string? failure, string? note = null, int kept = -1)
    {
        StopClock();
        if (reason is not (EndReason.Cancelled or EndReason.Failed))
        {
            _trainer.Window?.Close();
        }

        (_isRunning, _stopReason) = (false, null);
        _trainer.Module.SetTraining(false);
        Report = new TrainingReport(
            reason, _epochs, _trainer.Stopping.BestEpoch, _trainer.Step, _clock.Elapsed.TotalSeconds, failure)
        {
            KeptEpoch = kept,
            Note = note,
        };

        // What ended the run is thrown already, and says more than what followed from it.
        if (_observers.RunEnded(Report) is { } late && reason != EndReason.Failed)
        {
            throw late;
        }
    }

    private void StopClock() => (_epochSeconds, _epochStarted) = (EpochSeconds, 0);
}
