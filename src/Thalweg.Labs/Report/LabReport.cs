using System.Text;
using Thalweg.Checkpoints;
using Thalweg.Labs.Report;

namespace Thalweg.Labs;

/// <summary>Results as a site of pages, each of which needs no other file: English and Chinese, and it opens from the disk.</summary>
public static class LabReport
{
    /// <summary>Folder of the site by default.</summary>
    public const string DefaultFolder = "labs-report";

    /// <summary>Name of the first page.</summary>
    public const string IndexName = "index.html";

    /// <summary>Writes the site: a first page, a page for each lab, one for the pictures of the sources, and the playground
    /// where this build has it.</summary>
    /// <param name="folder">Its folder; made if missing.</param>
    /// <param name="results">What the labs found, each of a lab of <see cref="LabCatalogue"/>.</param>
    /// <param name="options">How they were run.</param>
    /// <exception cref="ThalwegException">The folder cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<LabResult> results, LabRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(results);
        Write(folder, [.. results.Select(result => (LabCatalogue.Of(result.Lab), result))], options);
    }

    /// <summary>Writes the site, with labs of the caller's own as well.</summary>
    /// <param name="folder">Its folder; made if missing.</param>
    /// <param name="results">The labs with what they found.</param>
    /// <param name="options">How they were run.</param>
    /// <exception cref="ThalwegException">The folder cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<(Lab Lab, LabResult Result)> results, LabRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException($"[lab] expected a folder that can be written, got {folder}: {error.Message}; choose another",
                error);
        }

        Save(IndexName, IndexPage.Make(results, options));
        if (SourcesPage.Make(results) is { } sources)
            Save(SourcesPage.FileName, sources);
        foreach ((Lab lab, LabResult result) in results)
            Save(LabPage.NameOf(lab.Name), LabPage.Make(lab, result));
        if (LabPlayground.IsAvailable)
            LabPlayground.Write(Path.Combine(folder, LabPlayground.FileName));

        void Save(string name, string page) =>
            AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(page)));
    }
}
