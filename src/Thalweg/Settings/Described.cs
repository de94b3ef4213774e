namespace Thalweg;

/// <summary>Settings of something that computes by a published formula: rules, schedules, optimizers and the like.</summary>
public abstract record Described : SettingsRecord
{
    /// <summary>The formula that runs, in the letters of the source (g gradient, u update, w weights, t step from 1).</summary>
    public abstract string Formula { get; }

    /// <summary>Where the formula comes from, with its number there.</summary>
    public abstract string Source { get; }

    /// <summary>When to use it, in a few words; empty where there is nothing to say.</summary>
    public virtual string Use => "";

    /// <summary>The text form, the formula and the source, a line each.</summary>
    public string Describe() => $"{this}{Environment.NewLine}  {Formula}{Environment.NewLine}  {Source}";
}
