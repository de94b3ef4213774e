using System.CommandLine;
using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Cli.Catalogues;
using Thalweg.Cli.Options;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg docs</c>: the pages of the catalogues, for those who work on Thalweg itself.</summary>
internal static class DocsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<string?> output = OptionFactory.Text("--out", "DIR", "Folder of the pages");
        output.Required = true;
        Command command = new("docs", "Writes the pages of the catalogues in Markdown") { output };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            foreach (CatalogueFamily family in CatalogueFamily.All)
            {
                AtomicFile.Write(Path.Combine(folder, $"{family.Page}.md"),
                    stream => stream.Write(Encoding.UTF8.GetBytes(CataloguePage.Make(family))));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
