using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>Attaches instruments to a run: an observer for <see cref="TrainerOptions.Observers"/>.</summary>
/// <remarks>
/// <code>
/// InstrumentPanel panel = new();
/// new Trainer(network, data.Training, data.Validation, new TrainerOptions { Observers = [panel] }).Fit();
/// foreach (InstrumentReading reading in panel.Readings) { Console.WriteLine(reading); }
/// </code>
/// Weights are equal to the bit to those without it, and readings are equal for any number of threads. After a resume they go on as in a
/// run that was not interrupted where <see cref="Save"/> and <see cref="Load"/> carry the panel's state over. It belongs to one run. An
/// instrument that fails is switched off, with the reason in its readings; training continues.
/// </remarks>
public sealed class InstrumentPanel : ITrainingObserver
{
    private readonly InstrumentPanelOptions _options;
    private readonly InstrumentSlot[] _slots;
    private readonly List<InstrumentReading> _readings = [];
    private readonly PanelClock _clock = new();
    private PanelDocument? _loaded;
    private InstrumentRun? _run;
    private Recording? _recording;
    private Tensor? _before;
    private StepStart _step;
    private long _keptAt = -1;
    private bool _isMeasured, _hasBefore, _isAnyDue;
    private (PlannedInstrument Schedule, InstrumentSlot[] Slots)[] _groups = [];

    /// <summary>Makes a panel for one run.</summary>
    /// <param name="options">What to measure; default the set of <see cref="InstrumentSets.Default"/> at 5 % of the work of
    /// training.</param>
    public InstrumentPanel(InstrumentPanelOptions? options = null)
    {
        _options = options ?? new InstrumentPanelOptions();
        _slots = [.. _options.Instruments.Select(instrument => new InstrumentSlot(instrument))];
    }

    /// <summary>The readings so far, in the order in which they were taken.</summary>
    public IReadOnlyList<InstrumentReading> Readings => _readings;

    /// <summary>Which instrument measures how often; null before the first step.</summary>
    public InstrumentPlan? Plan { get; private set; }

    /// <summary>Counted work of all measurements so far.</summary>
    public InstrumentWork Spent { get; private set; }

    /// <summary>Writes what instruments keep from step to step, so that a resumed run is measured as if it had not been interrupted; call
    /// it where the run itself is saved.</summary>
    /// <param name="path">A file; it is replaced as a whole, or stays as it was.</param>
    /// <exception cref="ThalwegException">The file cannot be written.</exception>
    public void Save(string path) => PanelDocument.Write(path, _slots, Plan, (_before, _keptAt));

    /// <summary>Takes over what <see cref="Save"/> wrote; call it before the run continues.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ThalwegException">The file is missing or damaged, or is that of other instruments: make the panel with those
    /// that it
    /// names.</exception>
    public void Load(string path)
    {
        _loaded = PanelDocument.Read(path, _slots);
        (_before, _keptAt) = _loaded.Kept;
    }

    /// <inheritdoc/>
    public void RunStarted(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        EndRecording();
        if (trainer.Step > 0 || !_slots.Any(slot => slot.Needs(InstrumentNeeds.Data)))
        {
            return;
        }

        InstrumentData data = new(trainer);
        foreach (InstrumentSlot slot in _slots.Where(slot => slot.Needs(InstrumentNeeds.Data)))
        {
            Measure(slot, trainer, moment => slot.Instrument.MeasureData(moment, data));
        }
    }

    /// <inheritdoc/>
    public void StepStarted(Trainer trainer, in StepStart step)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        (_step, _isMeasured, _hasBefore) = (step, false, false);
        EndRecording();
        Turn(step.Step);
        bool isPassDue = Plan is null;
        for (int i = 0; _isAnyDue && i < _slots.Length; i++)
        {
            isPassDue |= _slots[i].IsDue(InstrumentNeeds.Pass);
        }

        if (!isPassDue)
        {
            return;
        }

        if (trainer.Options.Shards > 1)
        {
            ComputeAgain(trainer);
            return;
        }

        _clock.Begin();
        _recording = Recording.Start(new RecordingOptions { Times = _slots.Any(slot => slot.Needs(InstrumentNeeds.Times)) });
    }

    /// <inheritdoc/>
    public void PassEnded(Trainer trainer, in MicroBatchObjective pass)
    {
        if (_recording is not { } recording)
        {
            return;
        }

        // Of several micro-batches or gradients of a step the first is looked at.
        EndRecording();
        _clock.EndPass();
        MeasurePass(trainer, new NetworkPass(recording, pass, trainer) { Clock = _clock });
    }

    /// <inheritdoc/>
    public void GradientReady(Trainer trainer, in StepGradientReport gradient)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        EndRecording();
        bool needsBefore = false, isDue = false;
        for (int i = 0; _isAnyDue && i < _slots.Length; i++)
        {
            needsBefore |= _slots[i].IsDue(InstrumentNeeds.Update);
            isDue |= _slots[i].IsDue(InstrumentNeeds.Gradient);
        }

        if (isDue)
        {
            MeasureGradients(trainer, gradient.Loss);
        }

        if (needsBefore)
        {
            Keep(trainer.Parameters.Values);
        }

        _clock.BeginUpdate();
    }

    /// <inheritdoc/>
    public void StepEnded(Trainer trainer, in StepReport step)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        EndRecording();
        _clock.EndStep();
        if (_hasBefore)
        {
            MeasureUpdates(trainer, step);
        }

        for (int i = 0; _isAnyDue && i < _slots.Length; i++)
        {
            _slots[i].EndStep();
        }
    }

    /// <inheritdoc/>
    public void EpochEnded(Trainer trainer, EpochReport epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        foreach (InstrumentSlot slot in _slots.Where(slot => slot.Needs(InstrumentNeeds.Epoch)))
        {
            Measure(slot, trainer, moment =>
            {
                (moment.Epoch, moment.Step) = (epoch.Epoch, Math.Max(0, trainer.Step - 1));
                slot.Instrument.MeasureEpoch(moment, epoch);
            });
        }
    }

    /// <inheritdoc/>
    public void RunEnded(Trainer trainer, TrainingReport report) => EndRecording();

    private void MeasureGradients(Trainer trainer, double loss)
    {
        foreach (InstrumentSlot slot in _slots.Where(slot => slot.IsDue(InstrumentNeeds.Gradient)))
        {
            using StepScope scope = StepScope.Begin();
            Measure(slot, trainer, slot.Instrument.MeasureGradient, loss);
        }
    }

    private void MeasureUpdates(Trainer trainer, StepReport report)
    {
        foreach (InstrumentSlot slot in _slots.Where(slot => slot.IsDue(InstrumentNeeds.Update)))
        {
            using StepScope scope = StepScope.Begin();
            Measure(slot, trainer, moment => slot.Instrument.MeasureUpdate(moment, _before!, report), report.Loss);
        }
    }

    private void MeasurePass(Trainer trainer, NetworkPass pass)
    {
        if (_isMeasured)
        {
            return;
        }

        _isMeasured = true;
        if (Plan is null)
        {
            MakePlan(trainer, pass);
        }

        // What is found of the pass for one instrument serves the others too.
        using StepScope scope = StepScope.Begin();
        foreach (InstrumentSlot slot in _slots.Where(slot => slot.IsDue(InstrumentNeeds.Pass)))
        {
            Measure(slot, trainer, moment => slot.Instrument.MeasurePass(moment, pass), pass.Objective.Loss);
        }
    }

    private void MakePlan(Trainer trainer, NetworkPass pass)
    {
        InstrumentRun run = _run = new InstrumentRun(trainer, pass);
        foreach (InstrumentSlot slot in _slots)
        {
            slot.Check(run);
            if (slot.Reason is { } reason)
            {
                Write(new InstrumentReading(slot.Instrument.Name, InstrumentReading.Off, double.NaN)
                {
                    Step = _step.Step,
                    Epoch = _step.Epoch,
                    Note = reason,
                });
            }
        }

        Plan = _loaded?.PlanFor(_options, run) ?? InstrumentPlan.Make(_options, run, [.. _slots.Select(slot => slot.Reason)]);
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i].Planned = Plan.Instruments[i];
        }

        _groups = [.. Enumerable.Range(0, _slots.Length).Where(i => _slots[i].Reason is null)
            .GroupBy(i => (Plan.Instruments[i].Instrument.When, Plan.Instruments[i].Thinning))
            .Select(group => (Plan.Instruments[group.First()], group.Select(i => _slots[i]).ToArray()))];
        Turn(_step.Step);
    }

    /// <summary>Finds out what is due; once for all instruments of one schedule, so that a step at which nothing is due costs next to
    /// nothing.</summary>
    private void Turn(long step)
    {
        // A step that was given up has not ended.
        for (int i = 0; _isAnyDue && i < _slots.Length; i++)
            _slots[i].EndStep();

        _isAnyDue = false;
        foreach ((PlannedInstrument schedule, InstrumentSlot[] slots) in _groups)
        {
            (bool isDue, bool wasDue) = (schedule.IsDueAt(step), schedule.IsDueAt(step - 1));
            _isAnyDue |= isDue || wasDue;
            for (int i = 0; (isDue || wasDue) && i < slots.Length; i++)
                slots[i].Turn(isDue, wasDue);
        }
    }

    /// <summary>Computes a step again whose shards are computed on threads of their own.</summary>
    private void ComputeAgain(Trainer trainer)
    {
        TrainingProbe probe = _run?.Probe(_step.Samples.Length) ?? trainer.NewProbe(_step.Samples.Length);
        probe.Begin(_step.Samples.Span, _step.Step);
        Tensor[] leaves = [.. trainer.Parameters.Named.Select(parameter => parameter.Value)];
        using Recording recording = Recording.Start(new RecordingOptions { Times = _slots.Any(slot => slot.Needs(InstrumentNeeds.Times)) });
        probe.Objective.Visit(pass =>
        {
            if (_isMeasured)
            {
                return;
            }

            Tensor[] gradients = Gradients.Of(pass.Objective, leaves);
            recording.Stop();
            MeasurePass(trainer, new NetworkPass(recording, pass, trainer) { ParameterGradients = gradients });
        });
    }

    private void Measure(InstrumentSlot slot, Trainer trainer, Action<InstrumentMoment> measure, double loss = double.NaN)
    {
        if (slot.Reason is not null)
        {
            return;
        }

        InstrumentMoment moment = slot.MomentOf(trainer, _run, Write);
        (moment.Step, moment.Epoch, moment.Samples, moment.Loss) = (_step.Step, _step.Epoch, _step.Samples, loss);
        (moment.IsDue, moment.IsNextStep) = (slot.IsDueNow, slot.IsDueNext);
        moment.PreviousWeights = _keptAt >= 0 && _keptAt == _step.Step - 1 ? _before : null;
        try
        {
            measure(moment);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            slot.Reason = failure.Message;
            Write(new InstrumentReading(slot.Instrument.Name, InstrumentReading.Off, double.NaN)
            {
                Step = _step.Step,
                Epoch = _step.Epoch,
                Note = $"failed: {failure.Message}",
            });
        }

        Spent += slot.TakeWork();
    }

    private void Write(InstrumentReading reading)
    {
        if (_options.KeepReadings)
        {
            _readings.Add(reading);
        }

        _options.Sink?.Invoke(reading);
    }

    private void Keep(Tensor weights)
    {
        if (_before is null || _before.Length != weights.Length)
        {
            _before = weights.Detach().Clone();
        }
        else
        {
            _before.Assign(weights);
        }

        (_hasBefore, _keptAt) = (true, _step.Step);
    }

    private void EndRecording()
    {
        _recording?.Dispose();
        _recording = null;
    }
}
