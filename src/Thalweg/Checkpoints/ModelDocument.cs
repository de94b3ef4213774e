using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Thalweg.Data;

namespace Thalweg.Checkpoints;

/// <summary>What a model file says beside the weights: how to build the network, how to prepare its data, where it came from.</summary>
public sealed record ModelDocument
{
    /// <summary>The layers, in the form that they describe themselves in.</summary>
    public required JsonElement Architecture { get; init; }

    /// <summary>What is done to data before the network sees it: columns, scaling, classes.</summary>
    public required JsonElement Preprocessing { get; init; }

    /// <summary>Where the model came from.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>The loss it was trained with, as its text; null in files of versions that did not keep
    /// it.</summary>
    public string? Loss { get; init; }

    /// <summary>The data it was trained on and how they were divided; null where that is not known.</summary>
    public DataOrigin? Origin { get; init; }

    /// <summary>Temperature of calibrated probabilities; null where they are not.</summary>
    public double? Temperature { get; init; }
}

/// <summary>Where a model came from: enough to train it again, as far as it is known.</summary>
/// <remarks>Everything has a default that claims nothing: versions are those of this process, the rest is
/// <see cref="NotRecorded"/>. A file that lacks one, other than the seed and the
/// metrics, is refused as damaged.</remarks>
public sealed record Provenance
{
    /// <summary>What stands where nobody has said anything: <c>not recorded</c>.</summary>
    public const string NotRecorded = "not recorded";

    /// <summary>Version of Thalweg that trained it; default the version of this library.</summary>
    [JsonRequired]
    public string ThalwegVersion { get; init; } =
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? NotRecorded;

    /// <summary>The command line or another description of the run; default <see cref="NotRecorded"/>.</summary>
    [JsonRequired]
    public string CommandLine { get; init; } = NotRecorded;

    /// <summary>Seed of the run; with the command line it gives the same weights again. Null, the default, where it is not known.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The data: name or path, number of samples, split; default <see cref="NotRecorded"/>.</summary>
    [JsonRequired]
    public string Data { get; init; } = NotRecorded;

    /// <summary>What was measured, by name (`validation accuracy`); dimensionless or in the metric's own unit, NaN
    /// and infinities included.</summary>
    public SortedDictionary<string, double> Metrics { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Versions of the run time and of the libraries that were used, by name; default the run time of this process.</summary>
    [JsonRequired]
    public SortedDictionary<string, string> Libraries { get; init; } =
        new(StringComparer.Ordinal) { [".NET"] = Environment.Version.ToString() };
}
