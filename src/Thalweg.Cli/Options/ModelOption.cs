using System.CommandLine;

namespace Thalweg.Cli.Options;

/// <summary>The option that names a model.</summary>
internal static class ModelOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string?> Make()
    {
        Option<string?> option = OptionFactory.Text("--model", "FILE|DIR", "Model file, or the folder of a run");
        option.Required = true;
        return option;
    }
}
