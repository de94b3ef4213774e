using System.Text.Json;

namespace Thalweg.Checkpoints;

/// <summary>What a file of a network says beside the weights.</summary>
internal sealed record ModuleDocument
{
    /// <summary>The layers, in the form that they describe themselves in.</summary>
    public required JsonElement Architecture { get; init; }
}
