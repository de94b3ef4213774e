namespace Thalweg.Training;

/// <summary>The loop that all training runs through: epochs of steps, in each of which something may end it.</summary>
internal abstract class StepLoop
{
    private bool _isInEpoch;

    /// <summary>Epoch under way, or the next one, from 0.</summary>
    public int Epoch { get; private set; }

    /// <summary>Step of the epoch that comes next, from 0.</summary>
    public int StepInEpoch { get; private set; }

    /// <summary>Steps of the epoch under way.</summary>
    public int StepsInEpoch { get; private set; }

    /// <summary>Why the loop ended; null while it continues.</summary>
    public EndReason? Ended { get; private set; }

    /// <summary>Number of epochs.</summary>
    protected abstract int Epochs { get; }

    /// <summary>Whether no further step of the epoch would change anything.</summary>
    protected virtual bool IsDone => false;

    /// <summary>Takes the next step, and before it ends the epoch that is over and begins the next.</summary>
    /// <param name="cancellation">Ends the loop before the next step.</param>
    /// <returns>False where no step was taken because the loop has ended: see <see cref="Ended"/>.</returns>
    public bool Advance(CancellationToken cancellation)
    {
        while (Ended is null)
        {
            bool isEpochOver = _isInEpoch && (StepInEpoch >= StepsInEpoch || IsDone);
            if (isEpochOver)
            {
                _isInEpoch = false;
                Ended = EndEpoch();
                Epoch++;
            }
            else if (!_isInEpoch && Epoch >= Epochs)
            {
                Ended = EndReason.Completed;
            }
            else if (cancellation.IsCancellationRequested)
            {
                Ended = EndReason.Cancelled;
            }
            else if (IsStopRequested)
            {
                Ended = EndReason.Requested;
            }
            else if (!_isInEpoch)
            {
                (StepInEpoch, StepsInEpoch) = BeginEpoch();
                _isInEpoch = true;
            }
            else if (TakeStep())
            {
                StepInEpoch++;
                return true;
            }
            else
            {
                Ended = EndReason.NonFinite;
            }
        }

        return false;
    }

    /// <summary>Whether the loop is to end before the next step.</summary>
    protected virtual bool IsStopRequested => false;

    /// <summary>Begins the loop.</summary>
    /// <param name="epoch">The epoch that comes next, or is under way.</param>
    /// <param name="ended">A reason for which it has ended already, or null.</param>
    protected void Begin(int epoch, EndReason? ended = null) => (Epoch, Ended, _isInEpoch) = (epoch, ended, false);

    /// <summary>Begins <see cref="Epoch"/>, or continues with it: the step that comes next, and how many there are.</summary>
    protected abstract (int Next, int Count) BeginEpoch();

    /// <summary>Takes step <see cref="StepInEpoch"/>; false where its loss is not finite.</summary>
    protected abstract bool TakeStep();

    /// <summary>Ends <see cref="Epoch"/>; the reason if it was the last.</summary>
    protected abstract EndReason? EndEpoch();
}
