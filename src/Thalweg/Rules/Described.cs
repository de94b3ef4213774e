using System.Runtime.CompilerServices;
using Thalweg.Schedules;

namespace Thalweg.Rules;

/// <summary>What rules, schedules and named optimizers share: a text form that reads back, the formula that runs, and its source.</summary>
public abstract record Described
{
    /// <summary>The formula that runs, in the letters of the source (g gradient, u update, w weights, t step from 1).</summary>
    public abstract string Formula { get; }

    /// <summary>Where the formula comes from, with its number there.</summary>
    public abstract string Source { get; }

    /// <summary>When to use it, in a few words; empty where there is nothing to say.</summary>
    public virtual string Use => "";

    /// <summary>What is wrong with the parameters taken together, in one line, or null.</summary>
    internal virtual string? Conflict => null;

    /// <summary>The text form, the formula and the source, a line each.</summary>
    public string Describe() => $"{this}{Environment.NewLine}  {Formula}{Environment.NewLine}  {Source}";

    /// <summary>The text form, which <see cref="RuleText"/> reads back to an equal object.</summary>
    public sealed override string ToString() => TextForms.Print(this);

    /// <summary>Refuses parameters that contradict each other.</summary>
    internal void RefuseConflict()
    {
        if (Conflict is { } line)
            throw new ThalwegException($"[{TextForms.NameOf(GetType())}] {line}");
    }

    private protected Hyperparameter Fraction(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( >= 0, < 1) ? value : throw Refused(name, "in [0, 1)", value);

    private protected Hyperparameter NonNegative(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( >= 0, < double.PositiveInfinity) ? value : throw Refused(name, "a finite number of at least 0", value);

    private protected Hyperparameter Positive(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( > 0, < double.PositiveInfinity) ? value : throw Refused(name, "a finite number above 0", value);

    private protected Hyperparameter Finite(Hyperparameter value, [CallerMemberName] string name = "") =>
        value.Bounds is ( > double.NegativeInfinity, < double.PositiveInfinity) ? value : throw Refused(name, "a finite number", value);

    private protected double Finite(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) ? value : throw Refused(name, "a finite number", value);

    private protected double AtLeastZero(double value, [CallerMemberName] string name = "") => AtLeastNumber(0, value, name);

    private protected double AtLeastNumber(double minimum, double value, [CallerMemberName] string name = "") =>
        value >= minimum && double.IsFinite(value) ? value : throw Refused(
            name, $"a finite number of at least {TextForm.Number(minimum)}", value);

    private protected double AtMostZero(double value, [CallerMemberName] string name = "") =>
        value <= 0 && double.IsFinite(value) ? value : throw Refused(name, "a finite number of at most 0", value);

    private protected double AboveZero(double value, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Refused(name, "a finite number above 0", value);

    private protected double NormOrder(double value, [CallerMemberName] string name = "") =>
        value > 0 ? value : throw Refused(name, "a number above 0, or infinity", value);

    private protected int AtLeast(int minimum, int value, [CallerMemberName] string name = "") =>
        value >= minimum ? value : throw Refused(name, $"a whole number of at least {minimum}", value);

    private protected ThalwegException Refused(string name, string expected, Hyperparameter found) =>
        new($"[{TextForms.NameOf(GetType())}] expected {TextForm.Snake(name)} to be {expected}, got {found}; choose a value in that range");
}
