using System.ComponentModel;
using System.Diagnostics;

namespace Thalweg.Cli.Printing;

/// <summary>Shows a page in the browser of the user.</summary>
internal static class PageOpener
{
    /// <summary>Opens a file with the program that the system has for it; a note where there is none.</summary>
    public static void Open(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            // xdg-open prints what its programs print, in the middle of our output; Windows and macOS print nothing.
            ProcessStartInfo start = OperatingSystem.IsWindows() ? new(full) { UseShellExecute = true }
                : new(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [full]) { RedirectStandardError = true, RedirectStandardOutput = true };
            using Process? process = Process.Start(start);
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            Console.Error.WriteLine($"note: cannot open a browser ({error.Message}); open {full} by hand");
        }
    }
}
