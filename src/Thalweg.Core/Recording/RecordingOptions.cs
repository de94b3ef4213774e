namespace Thalweg;

/// <summary>What a <see cref="Recording"/> captures, and what it keeps; every value has a default.</summary>
public sealed record RecordingOptions
{
    /// <summary>Which operations to record, by name, layer or attributes; null (default): all.</summary>
    public Func<RecordedOp, bool>? Where { get; init; }

    /// <summary>Whether to note the gradients of a backward pass; default true.</summary>
    public bool Gradients { get; init; } = true;

    /// <summary>Whether to take the time of each operation, <see cref="RecordedOp.Began"/> and <see cref="RecordedOp.Elapsed"/>; default
    /// false.</summary>
    public bool Times { get; init; }

    /// <summary>Of which operations to copy inputs, output and output gradient, so that they can be read after the step scope has ended;
    /// null (default): of none.</summary>
    /// <remarks>A copy costs the memory of the tensors until the recording is cleared or collected: choose a few operations.</remarks>
    public Func<RecordedOp, bool>? Keep { get; init; }
}
