using Thalweg.Checkpoints;
using Thalweg.Models;
using Thalweg.Optimizers;

namespace Thalweg.Training;

/// <summary>Skips failed steps, or goes back to before them; see <see cref="RecoveryOptions"/>.</summary>
internal sealed class StepRecovery
{
    private const double Decay = 0.98;
    private const int LeastObserved = 50;

    private readonly Trainer _trainer;
    private readonly RecoveryOptions _options;
    private readonly List<(string Name, Tensor Copy)> _point = [];
    private RecoveryState _state = new();

    public StepRecovery(Trainer trainer, RecoveryOptions options)
    {
        (_trainer, _options) = (trainer, options);
        if (options.RollsBack && !trainer.Method.CanScaleRates)
        {
            throw new ThalwegException($"[recovery] expected an optimizer with a learning rate, which a rollback makes smaller, got "
                + $"{trainer.Method.Text}; take another optimizer, or skip failed steps");
        }
    }

    /// <summary>What a checkpoint keeps beside the tensors.</summary>
    public RecoveryState State => _state;

    /// <summary>The tensors of the rollback point; none where there is none yet.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> PointTensors => _state.PointStep is null ? [] : _point;

    private double Mean => _state.MeanLoss / (1 - Math.Pow(Decay, Math.Max(1, _state.Observed)));

    /// <summary>Takes a rollback point where one is due.</summary>
    public void BeforeStep()
    {
        long step = _trainer.Step;
        if (_options.RollsBack && (step % _options.PointEvery == 0 || _state.PointStep is null) && _state.PointStep != step)
        {
            TakePoint(step);
        }
    }

    /// <summary>Whether the loss of a step is a spike.</summary>
    public bool IsSpike(double loss) =>
        _options.SpikeFactor is { } factor && _state.Observed >= LeastObserved && loss > factor * Mean;

    /// <summary>Takes note of the loss of a good step.</summary>
    public void Observe(double loss)
    {
        if (_options.SpikeFactor is not null)
        {
            _state = _state with { MeanLoss = (Decay * _state.MeanLoss) + ((1 - Decay) * loss), Observed = _state.Observed + 1 };
        }
    }

    /// <summary>Does something about a failure; null where nothing can be done.</summary>
    /// <param name="at">Epoch and step that failed, from 0.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="isUpdated">Whether the step made its update.</param>
    public RecoveryReport? Recover((int Epoch, long Step) at, double loss, bool isUpdated)
    {
        bool isFinite = double.IsFinite(loss);
        NonFiniteAction action = isFinite && isUpdated ? NonFiniteAction.Rollback : _options.OnNonFinite;
        bool canSkip = action != NonFiniteAction.Skip || _trainer.Parameters.FirstNonFinite() is null;
        if (action == NonFiniteAction.Stop || _state.Count >= _options.Maximum || !canSkip)
        {
            return null;
        }

        if (!isUpdated)
        {
            _trainer.Method.Skip();
        }

        _state = _state with { Count = _state.Count + 1 };
        string what = isFinite ? FormattableString.Invariant($"a loss of {loss:g4}, {loss / Mean:0.#} times its moving mean")
            : "a loss or weights that are not finite";
        string done = action == NonFiniteAction.Skip ? "its update was left out" : RollBack();
        return new RecoveryReport(at.Epoch, at.Step, action, loss,
            $"step {at.Step} had {what}: {done} ({_state.Count} of at most {_options.Maximum} recoveries)");
    }

    /// <summary>Takes over what a checkpoint kept.</summary>
    public void Restore(RecoveryState? state, SafetensorsFile file, string source)
    {
        _state = state ?? new RecoveryState();
        _trainer.Method.ScaleRates(_state.RateScale);
        if (_state.PointStep is null)
        {
            return;
        }

        AllocatePoint();
        foreach ((string name, Tensor copy) in _point)
        {
            ModuleState.Fill(file, TrainingFile.Point(name), copy, source);
        }
    }

    private IEnumerable<(string Name, Tensor Tensor)> Current() =>
        ModuleState.Tensors(_trainer.Module).Select(item => (TrainingFile.Weight(item.Name), item.Tensor))
            .Concat(_trainer.Method.Slots.Select(slot => (TrainingFile.Slot("all", slot.Name), slot.Values)));

    private void AllocatePoint()
    {
        if (_point.Count == 0)
        {
            _point.AddRange(Current().Select(item => (item.Name, item.Tensor.Clone())));
        }
    }

    private void TakePoint(long step)
    {
        // A point in weights that are not finite would be no way back.
        if (_trainer.Parameters.FirstNonFinite() is not null)
        {
            return;
        }

        AllocatePoint();
        foreach (((_, Tensor copy), (_, Tensor tensor)) in _point.Zip(Current()))
        {
            copy.Assign(tensor);
        }

        _state = _state with { PointStep = step };
    }

    private string RollBack()
    {
        _state = _state with { RateScale = _state.RateScale * _options.RateFactor };
        long step = _trainer.Step;
        _trainer.Method.ScaleRates(_state.RateScale);
        int weights = 0;
        foreach (((_, Tensor tensor), (_, Tensor copy)) in ModuleState.Tensors(_trainer.Module).Zip(_point))
        {
            tensor.Assign(copy);
            weights++;
        }

        _trainer.Method.Restore(
            step, [.. _trainer.Method.Slots.Zip(_point.Skip(weights), (slot, item) => new StateSlot(slot.Name, item.Copy))]);
        return FormattableString.Invariant(
            $"weights and optimizer are those of step {_state.PointStep} again, and the learning rate is {_state.RateScale:g4} of its schedule");
    }
}
