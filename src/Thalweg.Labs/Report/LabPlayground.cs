using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Labs.Playground;

namespace Thalweg.Labs;

/// <summary>The playground: a page on which optimizers race and deep networks start, computed by these libraries in the browser.</summary>
public static class LabPlayground
{
    /// <summary>Name of the page beside those of a report.</summary>
    public const string FileName = "playground.html";

    /// <summary>Whether this build contains the libraries for browsers; see <c>docs/playground.md</c>.</summary>
    public static bool IsAvailable => PlaygroundPage.IsBuilt;

    /// <summary>Writes the page, which needs no other file and opens from the disk.</summary>
    /// <param name="path">Its file; the folder is made if missing.</param>
    /// <exception cref="ThalwegException">This build has no libraries for browsers: build with <c>-p:Playground=true</c>. Or the file
    /// cannot be written: choose another.</exception>
    public static void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsAvailable)
        {
            throw new ThalwegException("[playground] expected a build that contains the libraries for browsers, got one without; build "
                + "with dotnet build src/Thalweg.Cli -p:Playground=true");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(PlaygroundPage.Make())));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"[playground] expected a file that can be written, got {path}: {error.Message}; choose another",
                error);
        }
    }
}
