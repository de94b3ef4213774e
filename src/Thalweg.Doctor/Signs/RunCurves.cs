using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>What the curves of loss and metric of a run say.</summary>
/// <param name="signs">The run.</param>
internal readonly struct RunCurves(RunSigns signs)
{
    /// <summary>Number of epochs.</summary>
    public int Count => signs.Epochs.Count;

    /// <summary>Epochs with an evaluation.</summary>
    public IReadOnlyList<EpochReport> Evaluated => [.. signs.Epochs.Where(epoch => epoch.IsEvaluated)];

    /// <summary>Mean training loss of the first epoch.</summary>
    public double FirstTrainingLoss => signs.Epochs.Count == 0 ? double.NaN : signs.Epochs[0].Training.Loss;

    /// <summary>Mean training loss of the last epoch.</summary>
    public double LastTrainingLoss => signs.Epochs.Count == 0 ? double.NaN : signs.Epochs[^1].Training.Loss;

    /// <summary>Fall of the training loss over the last fifth of the run, as a share of the loss before.</summary>
    public double RecentFall
    {
        get
        {
            double[] steps = Smoothed();
            if (steps.Length < 10)
                return double.NaN;
            double before = steps[(int)(steps.Length * 0.8)], end = steps[^1];
            return before > 0 ? (before - end) / before : 0;
        }
    }

    /// <summary>Share of neighboring epochs in the second half between which the training loss rose.</summary>
    public double RisingShare
    {
        get
        {
            double[] losses = [.. signs.Epochs.Select(epoch => epoch.Training.Loss)];
            int first = losses.Length / 2, rises = 0;
            for (int i = first + 1; i < losses.Length; i++)
                rises += losses[i] > losses[i - 1] ? 1 : 0;
            return losses.Length - first < 2 ? double.NaN : (double)rises / (losses.Length - first - 1);
        }
    }

    /// <summary>Largest jump of the loss from one step to the next, as a multiple of the median loss of the steps before it, and its
    /// step.</summary>
    public (double Factor, int Step) LargestJump
    {
        get
        {
            List<double> losses = signs.StepLosses;
            (int seen, double factor, int step) = signs.Jump;
            for (int i = Math.Max(5, seen); i < losses.Count; i++)
            {
                double[] before = [.. losses.Skip(Math.Max(0, i - 20)).Take(Math.Min(20, i)).Order()];
                double usual = Math.Max(before[before.Length / 2], Math.Max(1e-6, 0.03 * (signs.Outcome?.TrivialLoss ?? 0))), now = double.IsFinite(losses[i]) ? losses[i] / usual : 1e9;
                if (now > factor)
                    (factor, step) = (now, i);
            }

            signs.Jump = (losses.Count, factor, step);
            return (factor, step);
        }
    }

    /// <summary>Rise of the validation loss from its best epoch to the last, as a share of the best.</summary>
    public double ValidationRise
    {
        get
        {
            double[] losses = [.. Evaluated.Select(epoch => epoch.Validation.Loss)];
            return losses.Length == 0 || losses.Min() <= 0 ? double.NaN : (losses[^1] - losses.Min()) / losses.Min();
        }
    }

    /// <summary>Number of evaluations since the lowest validation loss, as a share of all.</summary>
    public double SinceBest
    {
        get
        {
            double[] losses = [.. Evaluated.Select(epoch => epoch.Validation.Loss)];
            return losses.Length == 0 ? double.NaN : 1 - ((Array.IndexOf(losses, losses.Min()) + 1.0) / losses.Length);
        }
    }

    private double[] Smoothed()
    {
        List<double> losses = signs.StepLosses;
        int width = Math.Max(1, losses.Count / 20);
        return [.. losses.Chunk(width).Where(chunk => chunk.Length == width).Select(chunk => chunk.Average())];
    }
}
