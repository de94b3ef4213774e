using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Thalweg.Cli.Tests;

/// <summary>A fenced block of a document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Line">1-based line of the fence.</param>
/// <param name="Language">Word behind the fence; empty where there is none.</param>
/// <param name="Text">What is between the fences.</param>
public sealed record Snippet(string Document, int Line, string Language, string Text)
{
    /// <summary>File and line.</summary>
    public string Location => $"{Document}:{Line}";

    /// <summary>All blocks of the README and the pages in docs.</summary>
    public static IReadOnlyList<Snippet> All { get; } =
        [.. Documents().SelectMany(path => Read(Path.GetRelativePath(Root(), path), File.ReadAllLines(path)))];

    /// <summary>The blocks of a document.</summary>
    public static IEnumerable<Snippet> Read(string file, string[] lines)
    {
        for (int at = 0; at < lines.Length; at++)
        {
            if (!lines[at].StartsWith("```", StringComparison.Ordinal))
                continue;
            int end = Array.FindIndex(lines, at + 1, line => line.StartsWith("```", StringComparison.Ordinal));
            end.ShouldBeGreaterThan(at, $"{file}:{at + 1}: the block is not closed");
            yield return new Snippet(file, at + 1, lines[at][3..].Trim(), string.Join('\n', lines[(at + 1)..end]));
            at = end;
        }
    }

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Prepend(Path.Combine(Root(), "README.md"));

    /// <summary>The folder of the README.</summary>
    public static string Root()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Thalweg.slnx")))
            at = at.Parent ?? throw new DirectoryNotFoundException("no folder above the tests holds Thalweg.slnx");
        return at.FullName;
    }
}

/// <summary>Compiles a C# program as a console project with implicit usings would, by the compiler of the SDK, and runs it.</summary>
public sealed class SnippetProgram : IDisposable
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string s_runtime = RuntimeEnvironment.GetRuntimeDirectory();

    private readonly Shell _shell = new();

    /// <summary>Compiles and runs a program; what it prints.</summary>
    public string Run(string code)
    {
        File.WriteAllText(_shell.At("Program.cs"), code);
        File.WriteAllText(_shell.At("Usings.cs"), ImplicitUsings);
        string[] libraries = [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(IsOfLibrary)];
        string[] references = [.. libraries, .. Directory.EnumerateFiles(s_runtime, "*.dll").Where(IsManaged)];
        File.WriteAllLines(_shell.At("Program.rsp"),
        [
            "-nologo", "-nostdlib", "-langversion:latest", "-nullable:enable", "-target:exe", "-out:Program.dll", "Program.cs", "Usings.cs",
            .. references.Select(path => $"-r:\"{path}\""),
        ]);
        foreach (string path in libraries)
            File.Copy(path, _shell.At(Path.GetFileName(path)));
        string version = $"{Environment.Version.Major}.{Environment.Version.Minor}.0";
        File.WriteAllText(
            _shell.At("Program.runtimeconfig.json"),
            $$"""{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "{{version}}"} } }""");
        Start("exec", Compiler(), "-noconfig", "@Program.rsp");
        return Start("exec", "Program.dll");
    }

    public void Dispose() => _shell.Dispose();

    /// <summary>The compiler of the newest SDK beside the runtime; the test is skipped where there is none.</summary>
    private static string Compiler()
    {
        string sdks = Path.GetFullPath(Path.Combine(s_runtime, "..", "..", "..", "sdk"));
        string? compiler = !Directory.Exists(sdks) ? null : Directory.EnumerateDirectories(sdks)
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll")).Where(File.Exists).Max(StringComparer.Ordinal);
        Assert.SkipWhen(compiler is null, $"there is no .NET SDK in {sdks}, whose compiler this test uses");
        return compiler!;
    }

    private static bool IsOfLibrary(string path) =>
        Path.GetFileName(path) is "Thalweg.dll" or "Thalweg.Core.dll" or "Thalweg.Runs.dll" or "Thalweg.Tuning.dll" or "Thalweg.Diagnostics.dll"
            or "Thalweg.Doctor.dll"
            or "System.Numerics.Tensors.dll" or "CsvHelper.dll" or "MathNet.Numerics.dll" or "YamlDotNet.dll"
            or "Microsoft.Extensions.Logging.Abstractions.dll" or "Microsoft.Extensions.DependencyInjection.Abstractions.dll";

    private static bool IsManaged(string path) =>
        Path.GetFileName(path) is var name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll")
            && !name.Contains("Native", StringComparison.Ordinal);

    private string Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = _shell.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, output + error.Result);
        return output;
    }
}
