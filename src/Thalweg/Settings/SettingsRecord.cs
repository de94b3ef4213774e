using System.Runtime.CompilerServices;

namespace Thalweg;

/// <summary>A record of settings with a text form, <c>name(value, key=value, ...)</c>, that reads back to an equal record.</summary>
/// <remarks>
/// The parameters of the constructor and the properties that can be set are the settings; nothing else is to be written. To be read and
/// printed a record joins its kind by <see cref="Settings.Register{TRecord}"/>. The checks below refuse a value in one line; they stand in
/// an <c>init</c>: <c>public double Rate { get; init => field = AboveZero(value); }</c>.
/// </remarks>
public abstract record SettingsRecord
{
    /// <summary>What is wrong with the settings taken together, in one line with a remedy; null (default) where nothing is.</summary>
    protected virtual string? Conflict => null;

    /// <summary>The text form, which <see cref="Settings.Parse{TKind}"/> reads back to an equal record; that of a record that is not
    /// registered has <c>...</c> in place of its settings.</summary>
    public sealed override string ToString() => TextOfParts ?? Settings.Write(this).ToString();

    /// <summary>The text of a record that is made of others and stands in no registry: what runs are compared by; null (default)
    /// for all others.</summary>
    internal virtual string? TextOfParts => null;

    /// <summary>Refuses settings that contradict each other.</summary>
    /// <exception cref="ThalwegException">They do; the message says how.</exception>
    public void RefuseConflict()
    {
        if (Conflict is { } line)
            throw new ThalwegException($"[{Settings.NameOf(GetType())}] {line}");
    }

    /// <summary>Refuses a number outside [0, 1), whatever the step.</summary>
    /// <param name="value">Number or schedule.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected Hyperparameter BelowOne(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( >= 0, < 1) ? value : throw Refused(name, "in [0, 1)", value);

    /// <summary>Refuses a number below 0 or without end, whatever the step.</summary>
    /// <param name="value">Number or schedule.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected Hyperparameter NonNegative(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( >= 0, < double.PositiveInfinity) ? value : throw Refused(name, "a finite number of at least 0", value);

    /// <summary>Refuses a number of 0 or less or without end, whatever the step.</summary>
    /// <param name="value">Number or schedule.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected Hyperparameter Positive(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( > 0, < double.PositiveInfinity) ? value : throw Refused(name, "a finite number above 0", value);

    /// <summary>Refuses a number that is not finite, whatever the step.</summary>
    /// <param name="value">Number or schedule.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected Hyperparameter Finite(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( > double.NegativeInfinity, < double.PositiveInfinity) ? value : throw Refused(name, "a finite number", value);

    /// <summary>Refuses a number that is not finite.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double Finite(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) ? value : throw Refused(name, "a finite number", value);

    /// <summary>Refuses a number below 0 or without end.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double AtLeastZero(double value, [CallerMemberName] string name = "") => AtLeastNumber(0, value, name);

    /// <summary>Refuses a number below a limit or without end.</summary>
    /// <param name="minimum">The limit.</param>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double AtLeastNumber(double minimum, double value, [CallerMemberName] string name = "") =>
        value >= minimum && double.IsFinite(value) ? value : throw Refused(
            name, $"a finite number of at least {SettingsText.Number(minimum)}", value);

    /// <summary>Refuses a number above 0 or without end.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double AtMostZero(double value, [CallerMemberName] string name = "") =>
        value <= 0 && double.IsFinite(value) ? value : throw Refused(name, "a finite number of at most 0", value);

    /// <summary>Refuses a number of 0 or less or without end.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double AboveZero(double value, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Refused(name, "a finite number above 0", value);

    /// <summary>Refuses a number outside [low, high], or outside [low, high) where the upper end is left out.</summary>
    /// <param name="value">The number.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="isHighIncluded">Whether the upper end is allowed; default yes.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double Within(double value, double low, double high, bool isHighIncluded = true, [CallerMemberName] string name = "") =>
        value >= low && (isHighIncluded ? value <= high : value < high)
            ? value
            : throw Refused(
                name, $"in [{SettingsText.Number(low)}, {SettingsText.Number(high)}{(isHighIncluded ? ']' : ')')}", value);

    /// <summary>Refuses an order of a norm of 0 or less; infinity is allowed.</summary>
    /// <param name="value">The order.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected double NormOrder(double value, [CallerMemberName] string name = "") =>
        value > 0 ? value : throw Refused(name, "a number above 0, or infinity", value);

    /// <summary>Refuses a whole number below a limit.</summary>
    /// <param name="minimum">The limit.</param>
    /// <param name="value">The number.</param>
    /// <param name="name">Name of the property; filled in by the compiler.</param>
    protected int AtLeast(int minimum, int value, [CallerMemberName] string name = "") =>
        value >= minimum ? value : throw Refused(name, $"a whole number of at least {minimum}", value);

    /// <summary>The error for a value that is out of range.</summary>
    /// <param name="name">Name of the property.</param>
    /// <param name="expected">The range in words.</param>
    /// <param name="found">The value.</param>
    protected ThalwegException Refused(string name, string expected, Hyperparameter found) => new(
        $"[{Settings.NameOf(GetType())}] expected {SettingsText.Snake(name)} to be {expected}, got {found}; choose a value in that range");
}
