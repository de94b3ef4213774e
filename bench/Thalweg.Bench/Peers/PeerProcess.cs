using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Thalweg.Bench.Peers;

/// <summary>A running peer: the script in a process of its own, warm, and asked for rounds over its standard input.</summary>
internal sealed class PeerProcess : IDisposable
{
    /// <summary>Names another Python than the system's.</summary>
    public const string PythonVariable = "THALWEG_PYTHON";

    private const string Script = "bench/peers/torch_peer.py";
    private const string Remedy = "install PyTorch with: apt-get install python3-torch libopenblas0-pthread";
    private const string Ready = "ready ";
    private readonly Process _process;

    private PeerProcess(Process process, int threads)
    {
        _process = process;
        Threads = threads;
        string line = ReadLine();
        if (!line.StartsWith(Ready, StringComparison.Ordinal))
        {
            Dispose();
            throw new ThalwegException($"[peer] expected `{Ready.Trim()}`, got '{line}'; run {Script} by itself to see why");
        }

        Description = line[Ready.Length..];
    }

    /// <summary>Threads of the peer.</summary>
    public int Threads { get; }

    /// <summary>Version and settings, in the peer's own words.</summary>
    public string Description { get; }

    /// <summary>Starts the peer and waits until it is warm.</summary>
    /// <param name="name">The case.</param>
    /// <param name="threads">Threads that it may use.</param>
    /// <param name="options">What the command line says for the case.</param>
    /// <exception cref="ThalwegException">Python, PyTorch, the script or the data are missing.</exception>
    public static PeerProcess Start(string name, int threads, PeerOptions options)
    {
        ProcessStartInfo start = new(Python()) { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments = [Find(Script), "--serve", "--case", name, "--threads", Text(threads), "--batch", Text(options.Batch)];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        if (options.DataFolder is not null)
        {
            start.ArgumentList.Add("--data");
            start.ArgumentList.Add(options.DataFolder);
        }

        try
        {
            return new PeerProcess(Process.Start(start)!, threads);
        }
        catch (Win32Exception exception)
        {
            throw new ThalwegException($"[peer] cannot start '{start.FileName}' ({exception.Message}); {Remedy}", exception);
        }
    }

    /// <summary>Gives the peer other work, where its case takes such lines.</summary>
    /// <param name="work">The work in the words of the script.</param>
    /// <returns>What the peer says about it.</returns>
    public string Load(string work)
    {
        const string Loaded = "loaded ";
        _process.StandardInput.WriteLine($"load {work}");
        _process.StandardInput.Flush();
        string line = ReadLine();
        return line.StartsWith(Loaded, StringComparison.Ordinal)
            ? line[Loaded.Length..]
            : throw new ThalwegException($"[peer] expected `{Loaded.Trim()}`, got '{line}'; run {Script} by itself to see why");
    }

    /// <summary>Lets the peer take training steps.</summary>
    /// <param name="steps">How many, at least 1.</param>
    /// <returns>Seconds per step.</returns>
    public double SecondsPerStep(int steps)
    {
        _process.StandardInput.WriteLine($"run {Text(steps)}");
        _process.StandardInput.Flush();
        string line = ReadLine();
        return double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? seconds
            : throw new ThalwegException($"[peer] expected seconds per step, got '{line}'; run {Script} by itself to see why");
    }

    /// <summary>Resident memory at the peer's peak, over what it held before the network was made, in bytes.</summary>
    public long PeakBytes()
    {
        _process.StandardInput.WriteLine("memory");
        _process.StandardInput.Flush();
        string line = ReadLine();
        return long.TryParse(line, NumberStyles.Integer, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw new ThalwegException($"[peer] expected a number of bytes, got '{line}'; run {Script} by itself to see why");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // Closing its input ends the script; one that hangs is ended.
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>The Python to use: the one that <see cref="PythonVariable"/> names, else the system's.</summary>
    internal static string Python()
    {
        const string SystemPython = "/usr/bin/python3";
        string? chosen = Environment.GetEnvironmentVariable(PythonVariable);
        return !string.IsNullOrEmpty(chosen) ? chosen : File.Exists(SystemPython) ? SystemPython : "python3";
    }

    /// <summary>The full path of a script of the repository.</summary>
    internal static string Find(string script)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, script);
            if (File.Exists(path))
                return path;
        }

        throw new ThalwegException($"[peer] cannot find {script} above {AppContext.BaseDirectory}; run from a clone of the repository");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string ReadLine()
    {
        const string Error = "error: ";
        string line = _process.StandardOutput.ReadLine()
            ?? throw new ThalwegException($"[peer] the peer ended before it answered; {Remedy}, or run {Script} by itself to see why");
        return line.StartsWith(Error, StringComparison.Ordinal) ? throw new ThalwegException($"[peer] {line[Error.Length..]}") : line;
    }
}
