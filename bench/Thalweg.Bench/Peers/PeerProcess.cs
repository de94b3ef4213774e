using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Thalweg.Bench.Peers;

/// <summary>A running peer: a process of its own, warm, and asked for rounds over its standard input.</summary>
internal sealed partial class PeerProcess : IDisposable
{
    private const string Ready = "ready ";
    private readonly Process _process;
    private readonly PeerProgram _program;

    private PeerProcess(Process process, PeerProgram program, PeerSetting setting)
    {
        (_process, _program, Setting) = (process, program, setting);
        try
        {
            string line = ReadLine();
            Description = line.StartsWith(Ready, StringComparison.Ordinal) ? line[Ready.Length..] : throw Unexpected("`ready`", line);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether a process can be stopped while it is not its turn.</summary>
    public static bool CanPause => !OperatingSystem.IsWindows();

    /// <summary>How the peer runs.</summary>
    public PeerSetting Setting { get; }

    /// <summary>Version and settings, in the peer's own words.</summary>
    public string Description { get; }

    /// <summary>Starts this machine's PyTorch, with threads that wait quietly, and waits until it is warm.</summary>
    /// <param name="name">The case.</param>
    /// <param name="threads">Threads that it may use.</param>
    /// <param name="options">What the command line says for the case.</param>
    /// <exception cref="ThalwegException">Python, PyTorch, the script or the data are missing.</exception>
    public static PeerProcess Start(string name, int threads, PeerOptions options) =>
        Start(PeerProgram.PyTorch(), new PeerSetting(threads, WaitPolicy.Passive), ["--case", name, .. options.Arguments()]);

    /// <summary>Starts a peer and waits until it is warm.</summary>
    /// <param name="program">The program.</param>
    /// <param name="setting">Its threads.</param>
    /// <param name="work">What it is to do, in the words of the protocol.</param>
    /// <exception cref="ThalwegException">The program or what it needs is missing.</exception>
    public static PeerProcess Start(PeerProgram program, PeerSetting setting, IEnumerable<string> work)
    {
        string threads = Text(setting.Threads);
        ProcessStartInfo start = new(program.File, [.. program.Arguments, "--serve", "--threads", threads, .. work])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string variable in (string[])["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
            start.Environment[variable] = threads;
        if (setting.Waiting == WaitPolicy.Unset)
            start.Environment.Remove(PeerSetting.WaitVariable);
        else
            start.Environment[PeerSetting.WaitVariable] = setting.Waiting.ToString().ToUpperInvariant();
        try
        {
            return new PeerProcess(Process.Start(start)!, program, setting);
        }
        catch (Win32Exception exception)
        {
            throw new ThalwegException($"[peer] cannot start '{program.File}' ({exception.Message}); {program.Remedy}", exception);
        }
    }

    /// <summary>Gives the peer other work, where its case takes such lines.</summary>
    /// <param name="work">The work in the words of the protocol.</param>
    /// <returns>What the peer says about it.</returns>
    public string Load(string work)
    {
        const string Loaded = "loaded ";
        string line = Ask($"load {work}");
        return line.StartsWith(Loaded, StringComparison.Ordinal) ? line[Loaded.Length..] : throw Unexpected("`loaded`", line);
    }

    /// <summary>Lets the peer take steps.</summary>
    /// <param name="steps">How many, at least 1.</param>
    /// <returns>Seconds per step.</returns>
    public double SecondsPerStep(int steps)
    {
        string line = Ask($"run {Text(steps)}");
        return double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? seconds
            : throw Unexpected("seconds per step", line);
    }

    /// <summary>Resident memory at the peer's peak, over what it held before the network was made, in bytes.</summary>
    public long PeakBytes()
    {
        string line = Ask("memory");
        return long.TryParse(line, NumberStyles.Integer, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw Unexpected("a number of bytes", line);
    }

    /// <summary>Stops the process until <see cref="Resume"/>: threads that spin while they wait would take a processor from whoever is measured.</summary>
    public void Pause() => Signal(OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>Lets the process run on.</summary>
    public void Resume() => Signal(OperatingSystem.IsMacOS() ? 19 : 18);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // Closing its input ends the peer; one that hangs is ended.
            Resume();
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void Signal(int signal)
    {
        if (CanPause && !_process.HasExited)
            _ = Kill(_process.Id, signal);
    }

    private string Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The peer has ended; reading says so.
        }

        return ReadLine();
    }

    private ThalwegException Unexpected(string expected, string found) =>
        new($"[peer] expected {expected} from {_program.Name}, got '{found}'; run it by itself to see why");

    private string ReadLine()
    {
        const string Error = "error: ";
        string line = _process.StandardOutput.ReadLine()
            ?? throw new ThalwegException($"[peer] {_program.Name} ended before it answered; {_program.Remedy}, or run it by itself to see why");
        return line.StartsWith(Error, StringComparison.Ordinal) ? throw new ThalwegException($"[peer] {line[Error.Length..]}") : line;
    }
}
