using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thalweg.Runs;

/// <summary>The process that has a run under way.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Started">When it started, in the terms of its machine: tells it from a later process of the same number.</param>
/// <param name="Host">Name of its machine.</param>
public sealed record RunOwner(int Process, string Started, string Host)
{
    /// <summary>This process.</summary>
    public static RunOwner Current => new(Environment.ProcessId, RunLock.StartOf(Environment.ProcessId) ?? "", Environment.MachineName);

    /// <summary>Whether the process is known to have ended; false for one on another machine, of which nobody can tell.</summary>
    [JsonIgnore]
    public bool IsDead => Host == Environment.MachineName && RunLock.StartOf(Process) != Started;
}

/// <summary>Keeps a second process out of the folder of a run: the file <c>run.lock</c>, which names its owner.</summary>
/// <remarks>A lock whose owner is dead (killed, or from before a restart of the machine) is taken over without a word. Of an owner on another
/// machine nobody can tell, so that lock must be deleted by hand. The file is looked at and replaced under an exclusive handle, so that of
/// two processes only one takes it over.</remarks>
public sealed class RunLock : IDisposable
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "run.lock";

    private const int Attempts = 100, Pause = 20;

    private static readonly HashSet<string> s_held = new(StringComparer.Ordinal);

    private readonly string _path;
    private readonly RunOwner _owner;

    private RunLock(string path, RunOwner owner) => (_path, _owner) = (path, owner);

    /// <summary>Takes the lock of a folder.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <exception cref="ThalwegException">Another process has the run under way, or the file cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.GetFullPath(Path.Combine(folder, FileName));
        RunOwner own = RunOwner.Current;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // Read back by its name: whoever had the lock may have deleted the file that was written.
            if (TryWrite(path, folder, own) && Read(path) == own)
            {
                lock (s_held)
                    return s_held.Add(path) ? new RunLock(path, own) : throw Held(folder, own);
            }

            Thread.Sleep(Pause);
        }

        throw new ThalwegException($"{path}: expected the lock of the run to be free or held, found it in use by another program for "
            + $"{Attempts * Pause / 1000} s; try again");
    }

    /// <summary>The process that has a run under way.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <returns>Its owner; null where there is none, or it is dead.</returns>
    public static RunOwner? OwnerOf(string folder) =>
        Read(Path.Combine(folder, FileName)) is { IsDead: false } owner ? owner : null;

    /// <summary>Refuses a folder in which another process has a run under way.</summary>
    /// <exception cref="ThalwegException">One has.</exception>
    internal static void RefuseOwned(string folder)
    {
        bool isHeldHere;
        lock (s_held)
            isHeldHere = s_held.Contains(Path.GetFullPath(Path.Combine(folder, FileName)));
        if (OwnerOf(folder) is { } owner && (isHeldHere || owner.Process != Environment.ProcessId))
            throw Held(folder, owner);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (s_held)
            s_held.Remove(_path);
        try
        {
            if (Read(_path) == _owner)
                File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It names a process that will be dead.
        }
    }

    private static bool TryWrite(string path, string folder, RunOwner own)
    {
        try
        {
            using FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (Parse(stream) is { IsDead: false } owner && owner != own)
                throw Held(folder, owner);
            stream.SetLength(0);
            JsonSerializer.Serialize(stream, own, LockJson.Default.RunOwner);
            return true;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ThalwegException($"{path}: cannot write the lock of the run ({error.Message}); choose another folder", error);
        }
        catch (IOException error) when (!IsBusy(error))
        {
            throw new ThalwegException($"{path}: cannot write the lock of the run ({error.Message}); make room, or choose another folder", error);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether another process has the file open: on Unix EWOULDBLOCK (11, or 35 on macOS), on Windows a sharing violation.</summary>
    private static bool IsBusy(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;

    private static RunOwner? Read(string path)
    {
        for (int attempt = 0; attempt < Attempts && File.Exists(path); attempt++)
        {
            try
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                return Parse(stream);
            }
            catch (IOException)
            {
                Thread.Sleep(1);
            }
        }

        return null;
    }

    private static RunOwner? Parse(FileStream stream)
    {
        try
        {
            return stream.Length == 0 ? null : JsonSerializer.Deserialize(stream, LockJson.Default.RunOwner);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>When a process started; null where there is none. Not by the clock of the machine, which can jump, where it can be
    /// avoided.</summary>
    internal static string? StartOf(int process)
    {
        if (OperatingSystem.IsLinux())
            return LinuxStartOf(process);
        try
        {
            using Process found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Start of the machine and ticks since then; null also for a process that is dead and was not yet waited for.</summary>
    private static string? LinuxStartOf(int process)
    {
        const int State = 0, Start = 19;
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));

            // Behind the name in parentheses, which may hold blanks.
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[State] is "Z" or "X" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {fields[Start]}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static ThalwegException Held(string folder, RunOwner owner)
    {
        string other = owner.Host == Environment.MachineName
            ? "wait for it, end it, or choose another folder"
            : $"where it no longer runs there, delete {FileName}";
        return new ThalwegException($"{folder}: process {owner.Process} on {owner.Host} has a run under way in this folder; {other}");
    }
}

/// <summary>The JSON code of the lock, generated at build.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunOwner))]
internal sealed partial class LockJson : JsonSerializerContext;
