namespace Thalweg.Bench.Peers;

/// <summary>A program that speaks the protocol of <c>bench/peers/torch_peer.py</c>, and how to start it.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="File">The file to start.</param>
/// <param name="Arguments">What comes before the arguments of the protocol.</param>
/// <param name="Remedy">How to install it.</param>
internal sealed record PeerProgram(string Name, string File, IReadOnlyList<string> Arguments, string Remedy)
{
    /// <summary>Names another Python than the system's.</summary>
    public const string PythonVariable = "THALWEG_PYTHON";

    /// <summary>Names where the TorchSharp peer is: the root of a Debian 13 that <c>bench/peers/debian13.sh</c> set up, its dll, or a program.</summary>
    public const string TorchSharpVariable = "THALWEG_TORCHSHARP";

    private const string Script = "bench/peers/torch_peer.py", RootScript = "bench/peers/debian13.sh";
    private const string Dll = "bench/peers/TorchSharp/bin/Release/net10.0/torchsharp-peer.dll";

    private const string TorchSharpRemedy = "build it with `dotnet build -c Release bench/peers/TorchSharp`, or set up a root of Debian 13 by "
        + RootScript + " and name it by " + TorchSharpVariable;

    /// <summary>PyTorch of this machine's Python.</summary>
    public static PeerProgram PyTorch() =>
        new("pytorch", Python(), [FindFile(Script)], "install PyTorch with: apt-get install python3-torch libopenblas0-pthread");

    /// <summary>The TorchSharp peer, or null where there is none.</summary>
    /// <param name="place">What <see cref="TorchSharpVariable"/> says, or null.</param>
    /// <exception cref="ThalwegException">The place does not exist.</exception>
    public static PeerProgram? TorchSharp(string? place)
    {
        const string Name = "torchsharp";
        if (string.IsNullOrEmpty(place))
            return TryFindFile(Dll) is { } built ? new(Name, "dotnet", [built], TorchSharpRemedy) : null;

        if (Directory.Exists(place))
            return new(Name, FindFile(RootScript), ["--run", place], TorchSharpRemedy);

        if (!System.IO.File.Exists(place))
        {
            throw new ThalwegException(
                $"[peer] expected a root, a dll or a program at {TorchSharpVariable}, got '{place}', which is not there; {TorchSharpRemedy}");
        }

        return place.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new(Name, "dotnet", [place], TorchSharpRemedy)
            : new(Name, place, [], TorchSharpRemedy);
    }

    /// <summary>All that this machine may have, the newest first; says of one that is not there how to have it.</summary>
    /// <param name="output">Where that is said.</param>
    public static IReadOnlyList<PeerProgram> FindAll(TextWriter output)
    {
        PeerProgram? newest = TorchSharp(Environment.GetEnvironmentVariable(TorchSharpVariable));
        if (newest is not null)
            return [newest, PyTorch()];

        output.WriteLine($"torchsharp: not found; {TorchSharpRemedy}");
        return [PyTorch()];
    }

    /// <summary>The Python to use: the one that <see cref="PythonVariable"/> names, else the system's.</summary>
    internal static string Python()
    {
        const string SystemPython = "/usr/bin/python3";
        string? chosen = Environment.GetEnvironmentVariable(PythonVariable);
        return !string.IsNullOrEmpty(chosen) ? chosen : System.IO.File.Exists(SystemPython) ? SystemPython : "python3";
    }

    /// <summary>The full path of a file of the repository.</summary>
    /// <exception cref="ThalwegException">This program does not run from a clone.</exception>
    internal static string FindFile(string file) => TryFindFile(file)
        ?? throw new ThalwegException($"[peer] cannot find {file} above {AppContext.BaseDirectory}; run from a clone of the repository");

    private static string? TryFindFile(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, file);
            if (System.IO.File.Exists(path))
                return path;
        }

        return null;
    }
}
