using System.Globalization;
using Thalweg.Metrics;

namespace Thalweg.Cli.Printing;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    /// <summary>Accuracy in percent, R2 as a number.</summary>
    public static string Metric(Evaluation evaluation) => evaluation.Task.HasClasses
        ? Text($"{100 * evaluation.Accuracy:0.00} %")
        : Text($"{evaluation.R2:0.0000}");

    /// <summary>A metric, which may have the unit of the target: four decimals where they say something, six digits elsewhere. What is
    /// left of a rounded sum is 0.</summary>
    public static string Number(double value) => Math.Abs(value) is < 1e-12 or (>= 1e-3 and < 1e4) ? Text($"{value:0.0000}") : Text($"{value:g6}");

    /// <summary>The errors of a regression, in the unit of the target.</summary>
    public static string Error(Evaluation evaluation) =>
        Text($"root mean square {evaluation.RootMeanSquaredError:g6}, mean absolute {evaluation.MeanAbsoluteError:g6}");

    /// <summary>A loss.</summary>
    public static string Loss(double loss) => loss is >= 1e-4 and < 1e5 ? Text($"{loss:0.0000}") : Text($"{loss:0.00e+0}");

    /// <summary>A number with commas.</summary>
    public static string Count(double number) => Text($"{number:#,0}");

    /// <summary>A time.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 0.1 => Text($"{seconds:0.000} s"),
        < 60 => Text($"{seconds:0.0} s"),
        < 3600 => Text($"{(int)seconds / 60} min {(int)seconds % 60} s"),
        _ => Text($"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min"),
    };

    /// <summary>A word with its number: "1 row", "2 rows".</summary>
    public static string Plural(int count, string word) => Text($"{count:#,0} {word}{(count == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
