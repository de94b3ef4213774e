using System.CommandLine;
using Thalweg.Cli.Catalogues;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Models;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg activations</c> and its like: the values that an option takes, each with what it computes.</summary>
internal static class ChoicesCommand
{
    private const string After = "-after";

    /// <summary>The commands.</summary>
    public static IReadOnlyList<(string Name, Func<Command> Make)> All { get; } =
    [
        ("activations", () => Make("activations", "--activation", NetworkSpec.ActivationNames, Activation)),
        ("losses", () => Make("losses", "--loss", Settings.Names<Loss>(), Loss)),
        ("normalizations", () => Make("normalizations", "--norm", NormalizationText.Names, Normalization)),
    ];

    private static Command Make(
        string name, string option, IReadOnlyList<string> names, Func<XmlDocumentation, string, string> meaning)
    {
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new(name, $"Lists the {name}: the values of {option}") { json };
        command.SetAction(parsed =>
        {
            XmlDocumentation documentation = XmlDocumentation.Load();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(writer => writer.WriteObjects(name, names, value =>
                {
                    writer.WriteString("name", value);
                    writer.WriteString("summary", meaning(documentation, value));
                }));
                return ExitCode.Success;
            }

            foreach (string line in FilledText.Rows([.. names.Select(value => (value, meaning(documentation, value)))], FilledText.Columns))
                Console.Out.WriteLine(line);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Activation(XmlDocumentation documentation, string name) => name switch
    {
        "none" => "x itself.",
        "prelu" => documentation.Summary("T:Thalweg.Layers.PRelu"),
        "maxout" => documentation.Summary("T:Thalweg.Layers.Maxout"),
        _ => documentation.SummaryOfMethod($"M:Thalweg.Tensor.{ActivationNames.Parse(name)}"),
    };

    private static string Loss(XmlDocumentation documentation, string name) =>
        documentation.Summary($"T:{Settings.Parse<Loss>(name).GetType().FullName}");

    private static string Normalization(XmlDocumentation documentation, string name)
    {
        if (name == "none")
            return "No normalization.";
        bool isAfter = name.EndsWith(After, StringComparison.Ordinal);
        return isAfter
            ? $"The same as {name[..^After.Length]}, after the activation."
            : documentation.Summary($"T:{Settings.Parse<Normalization>(name).GetType().FullName}");
    }
}
