using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>What the data of a run hold: tells whether they are still the same.</summary>
public sealed record DataFingerprint
{
    /// <summary>The files that were read, ordered by path.</summary>
    public IReadOnlyList<FileFingerprint> Files { get; init; } = [];

    /// <summary>SHA-256 of the training and validation samples, where they do not come from files; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Samples { get; init; }

    /// <summary>The fingerprint of data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="known">A fingerprint from before: files of the same size and time are not read again.</param>
    internal static DataFingerprint Of(RunData data, DataFingerprint? known) => new()
    {
        Files = [.. data.Files.Select(file => FileFingerprint.Of(file, known?.Files.FirstOrDefault(old => old.Path == file.Path)))],
        Samples = data.Files.Count == 0 ? OfSamples(data.Split) : null,
    };

    /// <summary>What differs from another fingerprint, in one sentence; null where nothing does.</summary>
    /// <param name="other">The other, of the data as they are now.</param>
    internal string? DifferenceFrom(DataFingerprint other)
    {
        if (Samples != other.Samples)
            return "the samples hold other values";
        foreach (FileFingerprint file in Files)
        {
            FileFingerprint? now = other.Files.FirstOrDefault(candidate => candidate.Path == file.Path);
            if (now is null && other.Files.Any(candidate => candidate.Hash == file.Hash))
                continue;
            if (now is null)
                return $"{file.Path} was read then, and is not now";
            if (now.Hash != file.Hash)
                return $"{file.Path} had {file.Bytes} bytes with SHA-256 {file.Hash[..8]}..., and has {now.Bytes} with {now.Hash[..8]}...";
        }

        return null;
    }

    private static string? OfSamples(DataSplit split) =>
        split.Training.Stream is null && split.Training.Data.ContentHash() is { } training && split.Validation.Data.ContentHash() is { } validation
            ? Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(training + validation)))
            : null;
}

/// <summary>What a file holds.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="Modified">Time of its last change, in universal time.</param>
/// <param name="Hash">SHA-256 of its bytes, in hexadecimal digits.</param>
public sealed record FileFingerprint(string Path, long Bytes, DateTime Modified, string Hash)
{
    /// <summary>The fingerprint of a file that has just been read.</summary>
    internal static FileFingerprint Of(DataFile file, FileFingerprint? known)
    {
        if (known is not null && known.Bytes == file.Bytes && known.Modified == file.Modified)
            return known;
        try
        {
            using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            return DataFiles.Find(file.Path) is { } now && now != file
                ? throw new ThalwegException($"{file.Path}: the file was changed after it was read; put it back as it was and resume, or start again")
                : new FileFingerprint(file.Path, file.Bytes, file.Modified, hash);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ThalwegException(
                $"{file.Path}: the file was removed or made unreadable after it was read ({error.Message}); bring it back and resume", error);
        }
    }
}
