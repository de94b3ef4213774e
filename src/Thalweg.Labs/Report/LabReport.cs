namespace Thalweg.Labs;

/// <summary>Results as a site of pages that need nothing else.</summary>
public static class LabReport
{
    /// <summary>Folder of the site by default.</summary>
    public const string DefaultFolder = "labs-report";

    /// <summary>Name of the first page.</summary>
    public const string IndexName = "index.html";

    /// <summary>Writes the site.</summary>
    /// <param name="folder">Its folder; made if missing.</param>
    /// <param name="results">The results.</param>
    /// <param name="options">How the labs were run.</param>
    public static void Write(string folder, IReadOnlyList<LabResult> results, LabRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(folder);
    }
}
