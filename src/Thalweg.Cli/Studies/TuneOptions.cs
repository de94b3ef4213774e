using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Cli.Studies;

/// <summary>The options that decide what a study tries.</summary>
internal sealed class TuneOptions
{
    private readonly Option<string[]> _search = new("--search")
    {
        Description = "Setting and its distribution, as in 'training.optimizer.learning_rate=log(1e-5, 1)'; may be given several times "
            + "[default: the section search of the recipe file, else a space that is proposed and printed]",
        HelpName = "PATH=DISTRIBUTION",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string[]> _goals = new("--goal")
    {
        Description = "What is sought: metric, loss, parameters, epochs, seconds, latency or a metric by name, as in macro_f1 or "
            + "min(mean_absolute_error); may be given several times, the first one decides [default: metric]",
        HelpName = "NAME",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _sampler = OptionFactory.Text(
        "--sampler", "NAME", $"What proposes trials, also with settings: {string.Join(", ", Settings.Names<Sampler>())} [default: auto]");

    private readonly Option<string?> _pruner = OptionFactory.Text(
        "--pruner", "NAME", $"What pauses trials, also with settings: {string.Join(", ", Settings.Names<Pruner>())} [default: none]");

    private readonly Option<string?> _order = OptionFactory.Text(
        "--order", "lag(K)|rounds(K)", "Which results a trial is proposed from: those of trials K places earlier, or of earlier rounds of K; so "
            + "the trials do not depend on the number of workers [default: lag(8)]");

    private readonly Option<int?> _trials = OptionFactory.Whole("--trials", "N", 1, "Trials [default: 60]");
    private readonly Option<int?> _epochs = OptionFactory.Whole("--epoch-budget", "N", 1, "Epochs of all trials together [default: no limit]");

    private readonly Option<int?> _finalists = OptionFactory.Whole(
        "--finalists", "N", 0, "Best trials that are trained again and judged on rows that the search never scored [default: 3]");

    private readonly Option<int?> _repeats = OptionFactory.Whole(
        "--finalist-runs", "N", 2, "Trainings of each of them, with other seeds and other rows [default: 5]");

    private readonly Option<string[]> _startFrom = new("--start-from")
    {
        Description = "Folder of a run whose settings are tried first; may be given several times",
        HelpName = "RUN",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>All options.</summary>
    public IEnumerable<Option> All =>
        [_search, _sampler, _pruner, _goals, _trials, _epochs, _order, _finalists, _repeats, _startFrom];

    /// <summary>The first option that is given; null where none is.</summary>
    public string? Given(ParseResult parsed) => All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What the options ask for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The recipe file, which may have a section <c>search</c>; null for none.</param>
    /// <param name="old">What was asked for before, where a study is extended; null for a new one.</param>
    public StudyRequest Read(ParseResult parsed, string? file, StudyDefinition? old = null)
    {
        string[] search = parsed.GetValue(_search) ?? [], goals = parsed.GetValue(_goals) ?? [];
        return new StudyRequest
        {
            Space = search.Length > 0 ? SearchSpace.Parse(search) : file is not null ? SearchSpace.Load(file) ?? old?.Space : old?.Space,
            Goals = goals.Length > 0 ? goals : [.. old?.Goals.Select(StudyGoals.TextOf) ?? []],
            Sampler = parsed.GetValue(_sampler) ?? old?.Sampler.ToString(),
            Pruner = parsed.GetValue(_pruner) ?? old?.Pruner.ToString(),
            Order = parsed.GetValue(_order) ?? old?.Order.ToString(),
            Trials = parsed.GetValue(_trials) ?? old?.Trials,
            MaxEpochs = parsed.GetValue(_epochs) ?? old?.MaxEpochs,
            Finalists = parsed.GetValue(_finalists) ?? old?.Finalists,
            Repeats = parsed.GetValue(_repeats) ?? old?.Repeats,
            Seed = old?.Seed,
            StartFrom = parsed.GetValue(_startFrom) ?? [],
        };
    }

    /// <summary>Reads a time such as <c>90s</c>.</summary>
    public static TimeSpan? Time(string? text) => text is null ? null : DurationText.Read("--time-budget", text);
}
