using System.Globalization;

namespace Thalweg.Tuning;

/// <summary>Whole numbers of a range, each as likely as another: <c>int(1, 8)</c>.</summary>
/// <param name="Low">Lower end, in the unit of the parameter.</param>
/// <param name="High">Upper end, in the unit of the parameter, at least the lower.</param>
/// <remarks>Probability 1 / (high - low + 1).</remarks>
public sealed record IntDistribution(long Low, long High) : WholeDistribution(Low, High)
{
    /// <inheritdoc/>
    public override TrialValue FromUnit(double unit) =>
        Value(Low + (long)Math.Min(Math.Floor(Math.Clamp(unit, 0, 1) * Count!.Value), Count.Value - 1));

    /// <inheritdoc/>
    protected override double EdgeOf(double end) => (end - Low + 0.5) / Count!.Value;
}

/// <summary>Whole numbers of a range whose logarithms are equally likely, as befits widths and batches: <c>logint(16, 512)</c>.</summary>
/// <param name="Low">Lower end, in the unit of the parameter, 1 or more.</param>
/// <param name="High">Upper end, in the unit of the parameter, at least the lower.</param>
/// <remarks>Probability ln((k + 1/2) / (k - 1/2)) / ln((high + 1/2) / (low - 1/2)): a number has the share of the log scale that rounds to
/// it, as in Optuna.</remarks>
public sealed record LogIntDistribution(long Low, long High) : WholeDistribution(Low, High)
{
    /// <inheritdoc/>
    protected override string? Conflict => LogScale.Conflict(Low) ?? base.Conflict;

    /// <inheritdoc/>
    public override TrialValue FromUnit(double unit)
    {
        double value = (Low - 0.5) * Math.Exp(Math.Clamp(unit, 0, 1) * Math.Log((High + 0.5) / (Low - 0.5)));
        return Value(Math.Clamp((long)Math.Round(value, MidpointRounding.AwayFromZero), Low, High));
    }

    /// <inheritdoc/>
    protected override double EdgeOf(double end) => Math.Log(end / (Low - 0.5)) / Math.Log((High + 0.5) / (Low - 0.5));
}

/// <summary>A distribution of whole numbers between two ends, both possible.</summary>
/// <param name="Low">Lower end, in the unit of the parameter.</param>
/// <param name="High">Upper end, in the unit of the parameter, at least the lower.</param>
public abstract record WholeDistribution(long Low, long High) : Distribution
{
    /// <summary>Numbers beyond which a double no longer holds each whole number.</summary>
    private const long Largest = 1L << 53;

    /// <inheritdoc/>
    public override long? Count => High - Low + 1;

    /// <inheritdoc/>
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a whole number in [{Low}, {High}]");

    /// <inheritdoc/>
    protected override string? Conflict => Low > High
        ? string.Create(CultureInfo.InvariantCulture, $"expected low to be at most high, got low {Low} and high {High}; exchange them")
        : Math.Max(Math.Abs((double)Low), Math.Abs((double)High)) > Largest
            ? string.Create(CultureInfo.InvariantCulture, $"expected ends of at most 2^53, got {Low} and {High}; choose a smaller range")
            : null;

    /// <inheritdoc/>
    public override bool Contains(TrialValue value) => value.Number >= Low && value.Number <= High && value.Number == Math.Floor(value.Number);

    /// <inheritdoc/>
    public override (double Low, double High) CellOf(TrialValue value) =>
        (Math.Clamp(EdgeOf(value.Number - 0.5), 0, 1), Math.Clamp(EdgeOf(value.Number + 0.5), 0, 1));

    /// <inheritdoc/>
    public override double LogDensity(TrialValue value)
    {
        (double low, double high) = CellOf(value);
        return Contains(value) ? Math.Log(high - low) : double.NegativeInfinity;
    }

    /// <summary>The point of the unit interval that belongs to a point between two numbers.</summary>
    /// <param name="end">The point, a whole number and a half.</param>
    protected abstract double EdgeOf(double end);

    private protected static TrialValue Value(long number) => new(number.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Numbers at equal distances, each as likely as another: <c>steps(0, 0.5, 0.1)</c>.</summary>
public sealed record StepsDistribution : NumberDistribution
{
    /// <summary>Most steps that are told apart.</summary>
    private const double MostSteps = 1e9;

    /// <summary>Makes the distribution.</summary>
    /// <param name="low">Lower end, in the unit of the parameter: the first value.</param>
    /// <param name="high">Upper end, in the unit of the parameter; the last value is the last step that is not above it.</param>
    /// <param name="step">Distance of values, in the unit of the parameter, above 0.</param>
    /// <exception cref="ThalwegException">An end is not finite, or the step is not above 0.</exception>
    public StepsDistribution(double low, double high, double step)
        : base(low, high) => Step = step;

    /// <summary>Distance of values, in the unit of the parameter, above 0.</summary>
    public double Step { get; init => field = AboveZero(value); }

    /// <inheritdoc/>
    public override long? Count => 1 + (long)Math.Floor(((High - Low) / Step) + 1e-9);

    /// <inheritdoc/>
    public override string Expected => $"{base.Expected} in steps of {SettingsText.Number(Step)}";

    /// <inheritdoc/>
    protected override string? Conflict => base.Conflict ?? ((High - Low) / Step > MostSteps
        ? $"expected at most {MostSteps:E0} steps, got ({SettingsText.Number(High)} - {SettingsText.Number(Low)}) / "
            + $"{SettingsText.Number(Step)}; take a longer step, or uniform"
        : null);

    /// <inheritdoc/>
    public override TrialValue FromUnit(double unit) =>
        ValueAt((long)Math.Min(Math.Floor(Math.Clamp(unit, 0, 1) * Count!.Value), Count.Value - 1));

    /// <inheritdoc/>
    public override bool Contains(TrialValue value)
    {
        double step = Math.Round((value.Number - Low) / Step);
        return step >= 0 && step < Count!.Value && Math.Abs(value.Number - Low - (step * Step)) <= 1e-9 * Step;
    }

    /// <inheritdoc/>
    public override (double Low, double High) CellOf(TrialValue value)
    {
        double step = Math.Clamp(Math.Round((value.Number - Low) / Step), 0, Count!.Value - 1);
        return (step / Count.Value, (step + 1) / Count.Value);
    }

    /// <inheritdoc/>
    public override double LogDensity(TrialValue value) => Contains(value) ? -Math.Log(Count!.Value) : double.NegativeInfinity;

    /// <summary>A value without the digits that binary fractions add: 0.3, not 0.30000000000000004.</summary>
    private TrialValue ValueAt(long index)
    {
        double value = Low + (index * Step);
        double rounded = double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return new(Math.Abs(rounded - value) <= 1e-10 * Step ? rounded : value);
    }
}

/// <summary>One of some values without an order, each as likely as another: <c>choice(relu, gelu, silu)</c>.</summary>
/// <param name="Values">The values as texts that the recipe reads, at least one, no two alike.</param>
/// <remarks>A value may be settings with arguments, as in <c>choice(adam, sgd(0.1))</c>; one with other signs stands in quotation marks, as
/// in <c>choice('mlp:64', 'mlp:64,32')</c>.</remarks>
public sealed record ChoiceDistribution(params ValueList<string> Values) : Distribution
{
    /// <inheritdoc/>
    public override long? Count => Values.Count;

    /// <inheritdoc/>
    public override bool IsCategorical => true;

    /// <inheritdoc/>
    public override string Expected => $"one of {NearestName.Choices(Values)}";

    /// <inheritdoc/>
    protected override string? Conflict => Values.Count == 0
        ? "expected at least one value, got none; write it as in choice(relu, gelu)"
        : Values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"expected each value once, got '{twice.Key}' twice; leave one out"
            : null;

    /// <inheritdoc/>
    public override TrialValue FromUnit(double unit) =>
        new(Values[(int)Math.Min(Math.Floor(Math.Clamp(unit, 0, 1) * Values.Count), Values.Count - 1)]);

    /// <inheritdoc/>
    public override (double Low, double High) CellOf(TrialValue value)
    {
        int index = Math.Max(0, IndexOf(value));
        return (index / (double)Values.Count, (index + 1) / (double)Values.Count);
    }

    /// <inheritdoc/>
    public override bool Contains(TrialValue value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    public override double LogDensity(TrialValue value) => Contains(value) ? -Math.Log(Values.Count) : double.NegativeInfinity;

    /// <summary>Index of a value, from 0; -1 where it is none of them.</summary>
    /// <param name="value">The value.</param>
    public int IndexOf(TrialValue value)
    {
        for (int i = 0; i < Values.Count; i++)
        {
            if (value.IsSameAs(new TrialValue(Values[i])))
                return i;
        }

        return -1;
    }
}
