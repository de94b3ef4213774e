using System.CommandLine;
using Thalweg.Runs;

namespace Thalweg.Cli.Options;

/// <summary>The options by which a run is found again.</summary>
internal sealed class LabelOptions
{
    private readonly Option<string?> _name = OptionFactory.Text("--name", "NAME", "Name of the run, for thalweg runs");

    private readonly Option<string[]> _tags = new("--tag")
    {
        Description = "Tag of the run, for thalweg runs; can be given several times",
        HelpName = "TAG",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _note = OptionFactory.Text("--note", "TEXT", "Remark that is kept with the run");

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [_name, _tags, _note];

    /// <summary>Options of a run with what the command line gives.</summary>
    public RunOptions Apply(ParseResult parsed, RunOptions options) => options with
    {
        Name = parsed.GetValue(_name),
        Tags = parsed.GetValue(_tags) ?? [],
        Note = parsed.GetValue(_note),
    };
}
