using System.Diagnostics;

namespace Thalweg.Bench;

/// <summary>This program in a process of its own, so that one measurement leaves nothing behind for the next.</summary>
internal static class SelfProcess
{
    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its command and what belongs to it.</param>
    /// <param name="isCaptured">Whether its output can be read here.</param>
    public static Process Start(IEnumerable<string> arguments, bool isCaptured)
    {
        string host = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] program = isHost ? ["exec", typeof(SelfProcess).Assembly.Location] : [];
        return Process.Start(new ProcessStartInfo(host, [.. program, .. arguments]) { RedirectStandardOutput = isCaptured })!;
    }
}
