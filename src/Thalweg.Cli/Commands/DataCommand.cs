using System.CommandLine;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Data;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg data</c>: what data there is, what it holds, and its parts as files.</summary>
internal static class DataCommand
{
    /// <summary>Makes the command with its parts.</summary>
    public static Command Make() => new("data", "Lists built-in data, shows what data holds, and writes parts of it to files")
    {
        MakeList(),
        MakeShow(),
        DataExportCommand.Make(),
    };

    private static Command MakeList()
    {
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("list", "Lists the built-in data") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(writer =>
                {
                    writer.WriteObjects("data", BuiltInData.All, data =>
                    {
                        writer.WriteString("name", data.Name);
                        writer.WriteNumber("samples", data.DefaultCount);
                        writer.WriteString("summary", data.Summary);
                    });
                });
            }
            else
            {
                PlainTable.Write([.. BuiltInData.All.Select(data => new[] { data.Name, Figures.Count(data.DefaultCount), data.Summary })]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command MakeShow()
    {
        Argument<string> name = new("data") { HelpName = "NAME|PATH", Description = "Built-in data, file or folder" };
        Option<string?> target = OptionFactory.Text("--target", "COLUMN", "Column to learn [default: -1, the last]");
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        LayoutOptions layout = new();
        Command command = new("show", "Shows rows, columns, classes and missing values") { name, target };
        layout.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            DataSource source = DataSource.Open(parsed.GetValue(name)!, layout.Read(parsed) with { Target = parsed.GetValue(target) });
            DataPrinter.Print(source.Describe(), parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }
}
