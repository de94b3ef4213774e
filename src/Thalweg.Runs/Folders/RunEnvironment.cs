using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Thalweg.Runs;

/// <summary>On what a run ran. Of the environment variables only some are kept, because others may hold secrets.</summary>
public sealed record RunEnvironment
{
    /// <summary>The variables that may be kept: those that change the speed of Thalweg, and none that holds a name, a path or a
    /// key.</summary>
    private static readonly string[] s_variables =
    [
        "DOTNET_EnableAVX2", "DOTNET_EnableAVX512", "DOTNET_EnableHWIntrinsic", "DOTNET_TieredCompilation", "DOTNET_TieredPGO",
        "DOTNET_gcServer", "THALWEG_THREADS",
    ];

    /// <summary>Version of Thalweg.</summary>
    public required string Version { get; init; }

    /// <summary>The .NET run time.</summary>
    public required string Runtime { get; init; }

    /// <summary>Operating system and kind of processor, as in <c>linux-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }

    /// <summary>Processors that the run could use.</summary>
    public required int Processors { get; init; }

    /// <summary>Threads of the kernels.</summary>
    public required int Threads { get; init; }

    /// <summary>Width of the vectors in bits; 0 where it computed one element at a time.</summary>
    public required int VectorBits { get; init; }

    /// <summary>Those variables of the environment that change how Thalweg runs.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The environment of this process.</summary>
    /// <param name="threads">Threads that the recipe asks for; null for those of the process.</param>
    public static RunEnvironment Current(int? threads = null) => new()
    {
        Version = typeof(Recipe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        Runtime = RuntimeInformation.FrameworkDescription,
        Platform = RuntimeInformation.RuntimeIdentifier,
        Host = System.Environment.MachineName,
        Processors = System.Environment.ProcessorCount,
        Threads = threads ?? Thalweg.Threads.Current,
        VectorBits = SimdVectors.Bits,
        Variables = Allowed(System.Environment.GetEnvironmentVariables()),
    };

    /// <summary>The variables that may be kept.</summary>
    internal static IReadOnlyDictionary<string, string> Allowed(IDictionary variables) => s_variables
        .Where(name => variables[name] is string { Length: > 0 })
        .ToDictionary(name => name, name => (string)variables[name]!);
}
