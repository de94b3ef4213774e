using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Metrics;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Regularizers;
using Thalweg.Rules;

namespace Thalweg.Fuzz.Targets;

/// <summary>Settings of every kind: rules, optimizers, minimizers, schedules, regularizers, initializers, losses, metrics, layers.</summary>
internal sealed class SettingsTarget() : TextFormTarget("settings")
{
    private static readonly Func<string, SettingsRecord>[] s_parsers =
    [
        Settings.Parse<Rule>, Settings.Parse<NamedOptimizer>, Settings.Parse<Minimizer>, Settings.Parse<Schedule>, Settings.Parse<Regularizer>,
        Settings.Parse<Initializer>, Settings.Parse<Loss>, Settings.Parse<Metric>, Settings.Parse<LayerSettings>,
    ];

    private static readonly string[] s_arguments = ["", "(1)", "(0.1)", "(0.1, 10)", "(1, 1)", "(2, 3, 4)", "(adam)", "([dense(4), output])", "(10, [1, 2], 0.5)"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Texts() => Settings.Names<SettingsRecord>()
        .SelectMany(name => s_arguments.Select(arguments => name + arguments))
        .SelectMany(text => s_parsers.Select(parse => Printed(parse, text))).OfType<string>().Distinct();

    /// <inheritdoc/>
    protected override void Parse(string text, FuzzInput input)
    {
        SettingsRecord record = s_parsers[(int)(input.Choice % (ulong)s_parsers.Length)](text);
        _ = record.ToString();
        _ = Settings.CanReadBack(record);
    }

    private static string? Printed(Func<string, SettingsRecord> parse, string text)
    {
        try
        {
            return parse(text).ToString();
        }
        catch (ThalwegException)
        {
            return null;
        }
    }
}
