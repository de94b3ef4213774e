using System.CommandLine;
using Thalweg.Cli.Catalogues;
using Thalweg.Cli.Options;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg optimizers</c> and the commands of the other families: what there is, and what it computes.</summary>
internal static class CatalogueCommand
{
    /// <summary>Makes the command of a family.</summary>
    /// <param name="family">Its name.</param>
    public static Command Make(string family)
    {
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        json.Recursive = true;
        Command command = new(family, $"Lists the {family}; show NAME prints formula, defaults, variants, source and cost of one")
        {
            json,
            MakeShow(family, json),
        };
        command.SetAction(parsed =>
        {
            CataloguePrinter.List(Find(family), parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeShow(string family, Option<bool> json)
    {
        Argument<string> name = new("name")
        {
            HelpName = "NAME|TEXT",
            Description = "Name, or a text with settings such as 'adam(form=folded)'",
        };
        const string Summary = "Prints the exact formula that runs, defaults, variants by name, source with equation number, cost and use";
        Command command = new("show", Summary) { name };
        command.SetAction(parsed =>
        {
            string text = parsed.GetValue(name)!;
            CataloguePrinter.Show(Find(family), text, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static CatalogueFamily Find(string name) => CatalogueFamily.All.First(family => family.Name == name);
}
