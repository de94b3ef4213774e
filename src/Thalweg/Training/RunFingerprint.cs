using System.Globalization;
using System.Text.RegularExpressions;
using Thalweg.Data;

namespace Thalweg.Training;

/// <summary>The options beside the optimizer that decide what a step computes, as texts: a saved run resumes only with equal
/// ones.</summary>
/// <remarks>Epochs and patience are not among them: they change when a run ends, not its steps. How often it is evaluated is: rules that
/// observe the metric, and the best weights, depend on it.</remarks>
internal static partial class RunFingerprint
{
    /// <summary>A run of a version that had no shards has one.</summary>
    private const string Shards = "shards";

    /// <summary>The options of a run by name.</summary>
    /// <param name="trainer">The run.</param>
    public static SortedDictionary<string, string> Of(Trainer trainer)
    {
        TrainerOptions options = trainer.Options;
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["batch"] = options.BatchSchedule?.ToString() ?? Number(trainer.BatchSize),
            ["batch gradient"] = SettingsText.Snake(options.BatchGradient.ToString()),
            ["epochs between evaluations"] = Number(options.EvaluateEvery),
            ["last batch"] = SettingsText.Snake(options.LastBatch.ToString()),
            ["loss"] = trainer.Loss.Name,
            ["loss text"] = trainer.Loss.ToString(),
            ["micro-batch"] = options.MicroBatchSize is { } size ? Number(size) : "none",
            ["monitor"] = options.Monitor.ToString(),
            ["sampler"] = trainer.Stream is { } stream ? stream.Name : options.Sampler.ToString(),
            [Shards] = Number(options.Shards),
            ["regularizers"] = options.Regularizers.Count == 0 ? "none" : string.Join(", ", options.Regularizers),
        };
    }

    /// <summary>Refuses to continue with other options than those of a saved run.</summary>
    /// <param name="saved">The options that were saved; empty in files of versions that did not.</param>
    /// <param name="trainer">The run that is to continue.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="ThalwegException">An option differs.</exception>
    public static void RefuseOther(SortedDictionary<string, string> saved, Trainer trainer, string path)
    {
        foreach ((string name, string given) in Of(trainer))
        {
            string? was = saved.GetValueOrDefault(name) ?? (saved.Count > 0 && name == Shards ? "1" : null);
            if (was is not null && !IsSame(was, given))
            {
                throw new ThalwegException(
                    $"{path}: expected a run with {name} {given}, got {name} {was}; resume with the options that it was started with");
            }
        }
    }

    /// <summary>Whether two texts say the same; files of older versions wrote empty parentheses, and steps as in at(3, 8).</summary>
    private static bool IsSame(string saved, string given) =>
        saved == given || Older(saved) == Older(given) || OlderSampler(saved) == given;

    private static string Older(string text) => OldSteps().Replace(text.Replace("()", "", StringComparison.Ordinal), "[$1]");

    /// <summary>The text of a sampler that versions before wrote as C# prints a record, such as
    /// <c>SequentialSampler { Streams = 8 }</c>.</summary>
    private static string OlderSampler(string text)
    {
        Match match = OldSampler().Match(text);
        if (!match.Success)
        {
            return text;
        }

        string[] settings = match.Groups[2].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IEnumerable<string> now = settings.Select(setting => setting.Split(" = ") is [var name, var value]
            ? $"{SettingsText.Snake(name)}={value.ToLowerInvariant()}" : setting);
        string written = $"{SettingsText.Snake(match.Groups[1].Value)}({string.Join(", ", now)})";
        return Settings.FormOf<Sampler>(SettingsText.Snake(match.Groups[1].Value)) is null
            ? text : Settings.Parse<Sampler>(written).ToString();
    }

    [GeneratedRegex(@"^(\w+)Sampler \{(.*)\}$")]
    private static partial Regex OldSampler();

    [GeneratedRegex(@"\bat\(([0-9, ]*)\)")]
    private static partial Regex OldSteps();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
