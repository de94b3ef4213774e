using System.Globalization;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>Figures of the page as people read them.</summary>
internal static class PageText
{
    public const string None = "–";

    /// <summary>Accuracy in percent, any other metric as it is.</summary>
    public static string Metric(string name, double value) => double.IsNaN(value) ? None
        : name == "accuracy" ? Share(value) : Figure(value);

    /// <summary>A probability that is a round number.</summary>
    public static string Level(double value) => Text($"{100 * value:0.#} %");

    /// <summary>Name of a metric in words.</summary>
    public static string Name(string metric) => metric == "r2" ? "R2" : metric.Replace('_', ' ');

    /// <summary>The figure of a task: see <see cref="Evaluation.Metric"/>.</summary>
    public static string Metric(Evaluation evaluation) => Metric(evaluation.MetricName, evaluation.Metric);

    /// <summary>A figure with as many digits as tell something.</summary>
    public static string Figure(double value) => Math.Abs(value) switch
    {
        double.NaN => None,
        0 or (>= 1e-3 and < 100) => Text($"{value:0.0000}"),
        >= 100 and < 1e4 => Text($"{value:#,0.00}"),
        >= 1e4 and < 1e9 => Text($"{value:#,0}"),
        _ => Text($"{value:g3}"),
    };

    /// <summary>A share in percent.</summary>
    public static string Share(double value) => double.IsNaN(value) ? None : Text($"{100 * value:0.00} %");

    /// <summary>A number with commas.</summary>
    public static string Count(long number) => Text($"{number:#,0}");

    /// <summary>A word with its number: "1 row", "2 rows".</summary>
    public static string Plural(long count, string word) => Text($"{count:#,0} {word}{(count == 1 ? "" : "s")}");

    /// <summary>Where a figure probably lies.</summary>
    public static string Interval(string name, MetricInterval? interval) =>
        interval is null ? None : $"{Metric(name, interval.Low)} to {Metric(name, interval.High)}";

    /// <summary>A time of training.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 60 => Text($"{seconds:0.0} s"),
        < 3600 => Text($"{(int)seconds / 60} min {(int)seconds % 60} s"),
        _ => Text($"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min"),
    };

    /// <summary>A time of day.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Why a run ended, after "ended".</summary>
    public static string Reason(EndReason reason) => reason switch
    {
        EndReason.Completed => "after its last epoch",
        EndReason.EarlyStopping => "by early stopping",
        EndReason.Converged => "because the minimizer converged",
        EndReason.Cancelled => "because it was interrupted",
        EndReason.NonFinite => "because the loss became NaN or infinite",
        EndReason.Requested => "because an observer asked for it",
        EndReason.StepLimit => "at its limit of steps",
        EndReason.TimeLimit => "at its limit of time",
        _ => "by an error",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
