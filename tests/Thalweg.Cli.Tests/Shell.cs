using System.Diagnostics;
using System.Text.Json;

namespace Thalweg.Cli.Tests;

/// <summary>What the command answered.</summary>
public sealed record Answer(int Code, string Output, string Error)
{
    /// <summary>The output as JSON, an element per line.</summary>
    public JsonElement[] Lines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The last line of the output as JSON.</summary>
    public JsonElement Result => Lines[^1];

    /// <summary>Demands success.</summary>
    public Answer Succeeded()
    {
        Code.ShouldBe(0, Error + Output);
        Error.ShouldBeEmpty();
        return this;
    }
}

/// <summary>A folder of its own for one test, in which the real command runs as a process.</summary>
public sealed class Shell : IDisposable
{
    /// <summary>The command that was built with the tests, or a published one, which starts three times as fast.</summary>
    private static readonly string s_program = Environment.GetEnvironmentVariable("THALWEG_TEST_COMMAND") is { Length: > 0 } published
        ? Path.GetFullPath(published) : Path.Combine(AppContext.BaseDirectory, "Thalweg.Cli.dll");

    /// <summary>Path of the folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("thalweg-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A path inside the folder.</summary>
    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Runs the command to its end.</summary>
    public Answer Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts the command.</summary>
    public Process Start(params string[] arguments) => Start(arguments, []);

    /// <summary>Starts the command with variables of the environment.</summary>
    public Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = Info(arguments);
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts the command so that its standard input can be written.</summary>
    public Process StartWithInput(string[] arguments)
    {
        ProcessStartInfo start = Info(arguments);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private ProcessStartInfo Info(string[] arguments)
    {
        bool isLibrary = s_program.EndsWith(".dll", StringComparison.Ordinal);
        ProcessStartInfo start = new(
            isLibrary ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet" : s_program,
            isLibrary ? ["exec", s_program, .. arguments] : arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["THALWEG_THREADS"] = "1";

        // The user's own index stays as it is.
        start.Environment["THALWEG_INDEX"] = "none";
        start.Environment.Remove("THALWEG_DEBUG");
        return start;
    }

    /// <summary>Demands one line on the error output that says all of this, exit code 2, no output, and an unchanged folder.</summary>
    public void Refuses(string[] arguments, params string[] parts)
    {
        string[] before = Files();
        Answer answer = Run(arguments);
        answer.Code.ShouldBe(2, answer.Error + answer.Output);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldStartWith("thalweg: ");
        answer.Error.TrimEnd('\n').ShouldNotContain('\n');
        foreach (string part in parts)
            answer.Error.ShouldContain(part);
        Files().ShouldBe(before);
    }

    private string[] Files() =>
        [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
