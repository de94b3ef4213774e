using System.Diagnostics;
using System.Globalization;

namespace Thalweg.Bench;

/// <summary>Resident memory of this process, in bytes.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status", ClearReferences = "/proc/self/clear_refs";

    /// <summary>What lies in memory now.</summary>
    public static long Resident => Read("VmRSS") ?? Environment.WorkingSet;

    /// <summary>The most that lay in memory since <see cref="ResetPeak"/>, or since the start where that cannot be set back.</summary>
    public static long Peak
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return Read("VmHWM") ?? process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts a new peak at what lies in memory now.</summary>
    public static void ResetPeak()
    {
        if (File.Exists(ClearReferences))
            File.WriteAllText(ClearReferences, "5");
    }

    private static long? Read(string name)
    {
        if (!File.Exists(Status))
            return null;
        string? line = File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(name + ":", StringComparison.Ordinal));
        return line is null ? null : 1024 * long.Parse(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
