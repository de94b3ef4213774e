using System.CommandLine;
using Thalweg.Runs;
using Thalweg.Storage;

namespace Thalweg.Cli.Options;

/// <summary>The options that say which runs, and in which order.</summary>
internal sealed class RunQueryOptions
{
    private readonly Option<string?> _where = OptionFactory.Text(
        "--where", "FILTER", "Settings and figures compared by = != < <= > >= ~ (contains), joined by and, or, not, parentheses");

    private readonly Option<string?> _index = IndexOption.Make();
    private readonly Option<string?> _sort;
    private readonly Option<bool> _ascending = OptionFactory.Switch("--ascending", "Smallest first");

    /// <param name="sort">Name of the option that sorts.</param>
    /// <param name="description">What it does.</param>
    public RunQueryOptions(string sort = "--sort", string description = "Setting or figure to sort by, largest first [default: started]") =>
        _sort = OptionFactory.Text(sort, "FIELD", description);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_where, _sort, _ascending, _index])
            command.Options.Add(option);
    }

    /// <summary>Whether a filter is given.</summary>
    public bool HasFilter(ParseResult parsed) => parsed.GetValue(_where) is not null;

    /// <summary>Opens the index.</summary>
    public IRunIndex Open(ParseResult parsed) => RunIndexes.Open(parsed.GetValue(_index));

    /// <summary>The query that the command line gives.</summary>
    /// <exception cref="ThalwegException">The filter does not read, or a field is not known.</exception>
    public RunQuery Read(ParseResult parsed, RunFields fields) => new()
    {
        Where = parsed.GetValue(_where) is { } text ? RunFilter.Parse(text, fields) : null,
        OrderBy = parsed.GetValue(_sort) is { } name ? fields.Find(name) : null,
        Descending = !parsed.GetValue(_ascending),
    };

    /// <summary>The names of fields, those of the options of train among them.</summary>
    public static RunFields Fields(IRunIndex index) => new(index.MetricNames(), TrainOptions.Make()
        .DistinctBy(setting => setting.Option.Name)
        .Select(setting => KeyValuePair.Create(setting.Option.Name.TrimStart('-'), setting.Path)));
}
