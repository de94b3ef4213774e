using System.Text.Json;
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

    /// <summary>The loss it was trained with, as <see cref="Losses.LossText"/> writes it; null in files of versions that did not keep
    /// it.</summary>
    public string? Loss { get; init; }

    /// <summary>The data it was trained on and how they were divided; null where that is not known.</summary>
    public DataOrigin? Origin { get; init; }
}

/// <summary>Where a model came from: enough to train it again.</summary>
public sealed record Provenance
{
    /// <summary>Version of Thalweg that trained it.</summary>
    public required string ThalwegVersion { get; init; }

    /// <summary>The command line or another description of the run.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Seed of the run; with the command line it gives the same weights again.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The data: name or path, number of samples, split.</summary>
    public required string Data { get; init; }

    /// <summary>What was measured, by name (`validation accuracy`); dimensionless or in the metric's own unit, NaN and infinities
    /// included.</summary>
    public SortedDictionary<string, double> Metrics { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Versions of the run time and of the libraries that were used, by name.</summary>
    public SortedDictionary<string, string> Libraries { get; init; } = new(StringComparer.Ordinal);
}
