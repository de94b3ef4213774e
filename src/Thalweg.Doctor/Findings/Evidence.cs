using System.Globalization;

namespace Thalweg.Diagnosis;

/// <summary>A number that speaks for a finding, with the threshold that it is compared with.</summary>
/// <param name="Quantity">What was measured, in snake case: a key of the texts, as in <c>zero_units</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="Threshold">From which value on it speaks for the finding.</param>
/// <param name="Source">Where the threshold comes from.</param>
public sealed record Evidence(string Quantity, double Value, double Threshold, string Source)
{
    /// <summary>Where no single paper gives the threshold: it was set on the calibration half of the planted faults.</summary>
    public const string Calibrated = "calibration half of the planted faults";

    private const double Most = 3;

    /// <summary>Whether values above the threshold speak for the finding; else those below.</summary>
    public bool IsAbove { get; init; } = true;

    /// <summary>How far the value lies beyond the threshold, in units in which one unit is a clear case; from -3 to 3, below 0 on the
    /// harmless side.</summary>
    public double Strength { get; init; }

    /// <summary>Path of the layer or name of the parameter; empty for the whole run.</summary>
    public string Layer { get; init; } = "";

    /// <summary>Name of the quantity in a language.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string Name(string language = DoctorTexts.English) => DoctorTexts.For(language)[$"quantity.{Quantity}"];

    /// <summary>In one line, as in <c>share of units that are 0: 0.94 (threshold 0.5)</c>.</summary>
    /// <param name="language">A language of <see cref="DoctorTexts.Languages"/>; default English.</param>
    public string Text(string language = DoctorTexts.English)
    {
        DoctorTexts texts = DoctorTexts.For(language);
        string name = Layer.Length == 0 ? Name(language) : $"{Name(language)} [{Layer}]";
        return texts.Format(IsAbove ? "words.evidence_above" : "words.evidence_below", name, Number(Value), Number(Threshold));
    }

    /// <summary>A value that speaks for the finding at or above a threshold.</summary>
    /// <param name="quantity">What was measured.</param>
    /// <param name="value">The value.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="scale">Distance from the threshold of a clear case, above 0.</param>
    /// <param name="source">Where the threshold comes from.</param>
    internal static Evidence Above(string quantity, double value, double threshold, double scale, string source = Calibrated) =>
        new(quantity, value, threshold, source) { Strength = Bounded((value - threshold) / scale) };

    /// <summary>A value that speaks for the finding at or below a threshold.</summary>
    /// <param name="quantity">What was measured.</param>
    /// <param name="value">The value.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="scale">Distance from the threshold of a clear case, above 0.</param>
    /// <param name="source">Where the threshold comes from.</param>
    internal static Evidence Below(string quantity, double value, double threshold, double scale, string source = Calibrated) =>
        new(quantity, value, threshold, source) { Strength = Bounded((threshold - value) / scale), IsAbove = false };

    /// <summary>As <see cref="Above"/>, by the factor between value and threshold.</summary>
    /// <param name="quantity">What was measured.</param>
    /// <param name="value">The value.</param>
    /// <param name="threshold">The threshold, above 0.</param>
    /// <param name="factor">Factor of a clear case, above 1.</param>
    /// <param name="source">Where the threshold comes from.</param>
    internal static Evidence TimesAbove(string quantity, double value, double threshold, double factor, string source = Calibrated) =>
        new(quantity, value, threshold, source) { Strength = Bounded(Math.Log(Math.Max(value, double.Epsilon) / threshold) / Math.Log(factor)) };

    /// <summary>As <see cref="Below"/>, by the factor between threshold and value.</summary>
    /// <param name="quantity">What was measured.</param>
    /// <param name="value">The value.</param>
    /// <param name="threshold">The threshold, above 0.</param>
    /// <param name="factor">Factor of a clear case, above 1.</param>
    /// <param name="source">Where the threshold comes from.</param>
    internal static Evidence TimesBelow(string quantity, double value, double threshold, double factor, string source = Calibrated) =>
        TimesAbove(quantity, value, threshold, factor, source) is var mirrored
            ? mirrored with { Strength = double.IsNaN(value) ? -Most : -mirrored.Strength, IsAbove = false } : mirrored;

    /// <summary>Something that is so or not.</summary>
    /// <param name="quantity">What.</param>
    /// <param name="isSo">Whether it is so.</param>
    /// <param name="source">Why it matters.</param>
    internal static Evidence Fact(string quantity, bool isSo, string source = Calibrated) =>
        new(quantity, isSo ? 1 : 0, 1, source) { Strength = isSo ? Most : -Most };

    private static double Bounded(double strength) => double.IsNaN(strength) ? -Most : Math.Clamp(strength, -Most, Most);

    private static string Number(double value) => value.ToString("g4", CultureInfo.InvariantCulture);
}
