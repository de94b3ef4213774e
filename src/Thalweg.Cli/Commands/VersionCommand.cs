using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Thalweg.Cli.Options;
using Thalweg.Cli.Printing;

namespace Thalweg.Cli.Commands;

/// <summary><c>thalweg version</c>: what runs here.</summary>
internal static class VersionCommand
{
    /// <summary>Version of the program.</summary>
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Makes the command.</summary>
    public static Command Make()
    {
        Option<bool> json = OptionFactory.Switch("--json", "Print one JSON document");
        Command command = new("version", "Shows version, run time, width of the vector lanes and number of threads") { json };
        command.SetAction(parsed => Run(parsed.GetValue(json)));
        return command;
    }

    private static int Run(bool json)
    {
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteString("version", Version);
                writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                writer.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
                writer.WriteNumber("laneBits", SimdVectors.Bits);
                writer.WriteNumber("threads", Threads.Count);
            });
            return ExitCode.Success;
        }

        string vectors = SimdVectors.Bits == 0 ? "one element at a time" : $"{SimdVectors.Bits} bits ({SimdVectors.Bits / 32} floats)";
        Console.Out.WriteLine($"thalweg {Version}");
        Console.Out.WriteLine($"runtime  {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        Console.Out.WriteLine($"lanes    {vectors}");
        Console.Out.WriteLine($"threads  {Threads.Count}");
        return ExitCode.Success;
    }
}
