using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Thalweg.Checkpoints;
using Thalweg.Diagnostics;
using Thalweg.Runs;
using Thalweg.Tuning;

namespace Thalweg.Labs;

/// <summary>Keeps results in a folder, each under the digest of all that decides it: the code of the lab and of the libraries, options,
/// data.</summary>
/// <param name="folder">The folder; made if missing.</param>
internal sealed class LabCache(string folder)
{
    private static readonly Lazy<string> s_libraries = new(Libraries);

    /// <summary>The kept result of a run; null where there is none, or its file is damaged.</summary>
    public LabResult? Find(Lab lab, LabRunOptions options)
    {
        string path = PathOf(lab, options);
        if (!File.Exists(path))
            return null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, LabJson.Default.LabResult);
        }
        catch (JsonException)
        {
            // What cannot be read is measured again.
            return null;
        }
    }

    /// <summary>Keeps the result of a run.</summary>
    public void Keep(Lab lab, LabRunOptions options, LabResult result)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(PathOf(lab, options), stream => JsonSerializer.Serialize(stream, result, LabJson.Default.LabResult));
    }

    private string PathOf(Lab lab, LabRunOptions options) => Path.Combine(folder, $"{lab.Name}-{Digest(lab, options)[..32]}.json");

    private static string Digest(Lab lab, LabRunOptions options)
    {
        StringBuilder text = new();
        text.AppendLine(s_libraries.Value).AppendLine(lab.GetType().Module.ModuleVersionId.ToString()).AppendLine(lab.Code);
        if (lab.GetType().Assembly == typeof(Lab).Assembly)
            text.Replace(lab.GetType().Module.ModuleVersionId.ToString(), "");
        text.AppendLine($"{options.Mode} {options.SeedCount}");
        foreach (LabOption option in lab.Options)
            text.AppendLine($"{option.Name}={options.Settings.GetValueOrDefault(option.Name, option.Default)}");
        if (options.Mode == LabMode.Full && options.DataDirectory is { } data)
            text.AppendLine(FingerprintOf(data));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Builds are deterministic: the same code has the same version, wherever it was built.</summary>
    private static string Libraries()
    {
        StringBuilder text = new();
        foreach (Type type in (Type[])[typeof(Tensor), typeof(Settings), typeof(Recipe), typeof(InitializationAudit), typeof(Comparison)])
            text.AppendLine(type.Module.ModuleVersionId.ToString());
        Assembly labs = typeof(Lab).Assembly;
        foreach (string name in labs.GetManifestResourceNames().Where(name => name.StartsWith("shared/", StringComparison.Ordinal)).Order())
        {
            using Stream stream = labs.GetManifestResourceStream(name)!;
            text.AppendLine($"{name} {Convert.ToHexStringLower(SHA256.HashData(stream))}");
        }

        return text.ToString();
    }

    /// <summary>Names, sizes and times of the files: to read them all would take longer than most labs.</summary>
    private static string FingerprintOf(string data) => string.Join('\n', new DirectoryInfo(data)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .OrderBy(file => file.FullName, StringComparer.Ordinal)
        .Select(file => $"{Path.GetRelativePath(data, file.FullName)} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
}
