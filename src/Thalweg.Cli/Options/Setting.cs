using System.CommandLine;
using System.Globalization;
using Thalweg.Cli.Runs;

namespace Thalweg.Cli.Options;

/// <summary>One option of training and its place in the settings: from the command line, and back to one that gives the same run.</summary>
internal abstract class Setting
{
    /// <summary>The option.</summary>
    public abstract Option Option { get; }

    /// <summary>The settings with what the command line says, where it says something.</summary>
    public TrainSettings Apply(ParseResult parsed, TrainSettings settings) => IsGiven(parsed) ? Set(parsed, settings) : settings;

    /// <summary>Whether the command line has the option.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(Option) is { Implicit: false };

    /// <summary>The value as a word of the command line; null where the option is left out, empty for a switch.</summary>
    public abstract string? Text(TrainSettings settings);

    protected abstract TrainSettings Set(ParseResult parsed, TrainSettings settings);
}

/// <summary>An option with a value.</summary>
/// <param name="option">The option.</param>
/// <param name="get">Reads the value from the settings.</param>
/// <param name="set">The settings with a value.</param>
/// <param name="write">A value as the option reads it; the usual form where nothing is given.</param>
internal sealed class ValueSetting<T>(
    Option<T?> option, Func<TrainSettings, T?> get, Func<TrainSettings, T, TrainSettings> set, Func<T, string>? write = null) : Setting
{
    public override Option Option => option;

    public override string? Text(TrainSettings settings) =>
        get(settings) is { } value ? write?.Invoke(value) ?? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    protected override TrainSettings Set(ParseResult parsed, TrainSettings settings) => set(settings, parsed.GetValue(option)!);
}

/// <summary>An option without a value.</summary>
internal sealed class SwitchSetting(Option<bool> option, Func<TrainSettings, bool> get, Func<TrainSettings, TrainSettings> set) : Setting
{
    public override Option Option => option;

    public override string? Text(TrainSettings settings) => get(settings) ? "" : null;

    protected override TrainSettings Set(ParseResult parsed, TrainSettings settings) => parsed.GetValue(option) ? set(settings) : settings;
}
