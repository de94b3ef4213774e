using System.Globalization;

namespace Thalweg.Runs;

/// <summary>How often checkpoints are saved: every so many steps, epochs, or every so often.</summary>
public sealed record CheckpointInterval
{
    private static readonly (string Unit, double Seconds)[] s_times =
        [("s", 1), ("sec", 1), ("second", 1), ("min", 60), ("minute", 60), ("h", 3600), ("hour", 3600)];

    private CheckpointInterval()
    {
    }

    /// <summary>Steps from one checkpoint to the next, counted from the start of the run; 0 for none.</summary>
    public long Steps { get; private init; }

    /// <summary>Epochs from one checkpoint to the next, counted from the start of the run; 0 for none.</summary>
    public int Epochs { get; private init; }

    /// <summary>Time from one checkpoint to the next; zero for none.</summary>
    public TimeSpan Time { get; private init; }

    /// <summary>Reads an interval.</summary>
    /// <param name="text">As in <c>100steps</c>, <c>2epochs</c>, <c>30s</c>, <c>10min</c> or <c>2h</c>.</param>
    /// <exception cref="ThalwegException">It is not one.</exception>
    public static CheckpointInterval Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        int end = trimmed.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        string unit = trimmed[end..].Trim();
        string singular = unit.Length > 1 ? unit.TrimEnd('s') : unit;
        bool isNumber = double.TryParse(trimmed.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        if (isNumber && number > 0 && number <= int.MaxValue)
        {
            bool isWhole = number == Math.Floor(number);
            if (isWhole && singular == "step")
                return new CheckpointInterval { Steps = (long)number };
            if (isWhole && singular == "epoch")
                return new CheckpointInterval { Epochs = (int)number };
            if (Array.Find(s_times, item => item.Unit == singular) is { Unit: not null } time)
                return new CheckpointInterval { Time = TimeSpan.FromSeconds(number * time.Seconds) };
        }

        throw new ThalwegException(
            $"run.checkpoint_every: expected a number above 0 with steps, epochs, s, min or h, as in 100steps, 2epochs or 10min, got '{text}'");
    }
}
