namespace Thalweg.Tuning.Tests.Studies;

/// <summary>A folder that is deleted at the end of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Location { get; } = Directory.CreateTempSubdirectory("thalweg-").FullName;

    public string At(string path) => Path.Combine(Location, path);

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
