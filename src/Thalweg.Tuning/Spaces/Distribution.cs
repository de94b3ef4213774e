namespace Thalweg.Tuning;

/// <summary>The values that a parameter may have, and how likely each is before anything is known.</summary>
/// <remarks>
/// Each distribution maps the unit interval to its values so that uniform numbers give values that follow it; samplers work in the unit
/// interval. A value of a distribution with finitely many stands for a cell of the interval. A custom distribution derives from this record
/// and is read from texts once it is registered by <see cref="Settings.Register{TRecord}"/>.
/// </remarks>
public abstract record Distribution : SettingsRecord
{
    /// <summary>How many values there are; null where they are a continuum.</summary>
    public abstract long? Count { get; }

    /// <summary>Whether the values have no order, so that no two are nearer than others; default false.</summary>
    public virtual bool IsCategorical => false;

    /// <summary>The value at a point of the unit interval.</summary>
    /// <param name="unit">The point, dimensionless, in [0, 1]; numbers outside are taken as the nearer end.</param>
    public abstract TrialValue FromUnit(double unit);

    /// <summary>The points of the unit interval that give a value: two equal ends for a value of a continuum.</summary>
    /// <param name="value">A value of this distribution.</param>
    public abstract (double Low, double High) CellOf(TrialValue value);

    /// <summary>Whether a value is one of this distribution.</summary>
    /// <param name="value">The value.</param>
    public abstract bool Contains(TrialValue value);

    /// <summary>Logarithm of the density at a value, or of its probability where there are finitely many.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The logarithm; negative infinity for a value that is not one of this distribution.</returns>
    public abstract double LogDensity(TrialValue value);

    /// <summary>The values in words, for messages, as in <c>a number in [0, 1]</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Reads a distribution, as in <c>log(1e-5, 1)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ThalwegException">No distribution has the name, or its ends cannot be: the message says what can.</exception>
    public static Distribution Parse(string text) => Settings.Parse<Distribution>(text);

    /// <summary>The middle of the cell of a value.</summary>
    /// <param name="value">A value of this distribution.</param>
    /// <returns>A point of the unit interval that gives the value.</returns>
    public double ToUnit(TrialValue value)
    {
        (double low, double high) = CellOf(value);
        return 0.5 * (low + high);
    }
}

/// <summary>A distribution of numbers between two ends, both possible.</summary>
public abstract record NumberDistribution : Distribution
{
    private protected NumberDistribution(double low, double high) => (Low, High) = (low, high);

    /// <summary>Lower end, in the unit of the parameter.</summary>
    public double Low { get; init => field = Finite(value); }

    /// <summary>Upper end, in the unit of the parameter, at least the lower.</summary>
    public double High { get; init => field = Finite(value); }

    /// <inheritdoc/>
    public override string Expected => $"a number in [{SettingsText.Number(Low)}, {SettingsText.Number(High)}]";

    /// <inheritdoc/>
    protected override string? Conflict => Low <= High
        ? null
        : $"expected low to be at most high, got low {SettingsText.Number(Low)} and high {SettingsText.Number(High)}; exchange them";

    /// <inheritdoc/>
    public override bool Contains(TrialValue value) => value.Number >= Low && value.Number <= High;
}
