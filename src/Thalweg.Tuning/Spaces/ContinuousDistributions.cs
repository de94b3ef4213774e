using System.Globalization;

namespace Thalweg.Tuning;

/// <summary>Numbers of a range, each as likely as another: <c>uniform(0, 0.5)</c>.</summary>
/// <remarks>Density 1 / (high - low). Values have as many decimals as tell a ten-millionth of the range, so that they are short in recipes
/// and do not hang on the last bit of a library's logarithm.</remarks>
public sealed record UniformDistribution : NumberDistribution
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="low">Lower end, in the unit of the parameter, finite.</param>
    /// <param name="high">Upper end, in the unit of the parameter, finite, at least the lower.</param>
    /// <exception cref="ThalwegException">An end is not finite: give numbers.</exception>
    public UniformDistribution(double low, double high)
        : base(low, high)
    {
    }

    /// <inheritdoc/>
    public override long? Count => Low == High ? 1 : null;

    /// <inheritdoc/>
    public override TrialValue FromUnit(double unit)
    {
        double value = Low + ((High - Low) * Math.Clamp(unit, 0, 1));
        int decimals = 7 - (int)Math.Floor(Math.Log10(Math.Max(High - Low, double.Epsilon)));
        return new(Math.Clamp(decimals is >= 0 and <= 15 ? Math.Round(value, decimals) : value, Low, High));
    }

    /// <inheritdoc/>
    public override (double Low, double High) CellOf(TrialValue value)
    {
        double unit = High > Low ? Math.Clamp((value.Number - Low) / (High - Low), 0, 1) : 0.5;
        return (unit, unit);
    }

    /// <inheritdoc/>
    public override double LogDensity(TrialValue value) => !Contains(value) ? double.NegativeInfinity
        : High > Low ? -Math.Log(High - Low)
        : 0;
}

/// <summary>Numbers of a range whose logarithms are equally likely, as befits rates and scales: <c>log(1e-5, 1)</c>.</summary>
/// <remarks>Density 1 / (x ln(high / low)); Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012, section 2.2.
/// Values are rounded as those of <see cref="UniformDistribution"/>.</remarks>
public sealed record LogDistribution : NumberDistribution
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="low">Lower end, in the unit of the parameter, above 0.</param>
    /// <param name="high">Upper end, in the unit of the parameter, finite, at least the lower.</param>
    /// <exception cref="ThalwegException">An end is not finite: give numbers.</exception>
    public LogDistribution(double low, double high)
        : base(low, high)
    {
    }

    /// <inheritdoc/>
    public override long? Count => Low == High ? 1 : null;

    /// <inheritdoc/>
    protected override string? Conflict => LogScale.Conflict(Low) ?? base.Conflict;

    /// <inheritdoc/>
    public override TrialValue FromUnit(double unit)
    {
        double width = Math.Log(High / Low), value = Low * Math.Exp(width * Math.Clamp(unit, 0, 1));
        int digits = (int)Math.Clamp(7 - Math.Floor(Math.Log10(Math.Max(width, 1e-9))), 7, 17);
        string text = value.ToString($"E{digits - 1}", CultureInfo.InvariantCulture);
        return new(Math.Clamp(double.Parse(text, CultureInfo.InvariantCulture), Low, High));
    }

    /// <inheritdoc/>
    public override (double Low, double High) CellOf(TrialValue value)
    {
        double unit = High > Low ? Math.Clamp(Math.Log(value.Number / Low) / Math.Log(High / Low), 0, 1) : 0.5;
        return (unit, unit);
    }

    /// <inheritdoc/>
    public override double LogDensity(TrialValue value) => !Contains(value) ? double.NegativeInfinity
        : High > Low ? -Math.Log(value.Number) - Math.Log(Math.Log(High / Low))
        : 0;
}

/// <summary>What distributions over logarithms share.</summary>
internal static class LogScale
{
    /// <summary>What is wrong with a lower end; null where nothing is.</summary>
    public static string? Conflict(double low) => low > 0
        ? null
        : $"expected low to be above 0, because it has a logarithm, got {SettingsText.Number(low)}; give the least value that is worth "
            + "trying, as in 1e-6";
}
