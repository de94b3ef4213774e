using System.Globalization;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Numbers of reports as people read them, the same in all languages.</summary>
internal static class ReportNumbers
{
    public const string None = "–";

    /// <summary>Four digits.</summary>
    public static string Figure(double value) => double.IsNaN(value) ? None
        : double.IsInfinity(value) ? value > 0 ? "∞" : "-∞"
        : Math.Abs(value) is 0 or (>= 1e-3 and < 1e6) ? Math.Round(value, Digits(value)).ToString("#,0.######", CultureInfo.InvariantCulture)
        : value.ToString("0.##e+0", CultureInfo.InvariantCulture);

    /// <summary>A share in percent.</summary>
    public static string Share(double value) =>
        double.IsNaN(value) ? None : string.Create(CultureInfo.InvariantCulture, $"{100 * value:0} %");

    /// <summary>A whole number.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A text of the run without its secrets.</summary>
    public static string Safe(string text) => SecretText.Mask(text) ?? "";

    /// <summary>A word at the head of a column or section.</summary>
    public static string Title(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>A number in markup.</summary>
    public static string Plain(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Decimals that leave four digits in all.</summary>
    private static int Digits(double value) =>
        value == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
}
