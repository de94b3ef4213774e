namespace Thalweg.Training;

/// <summary>Some samples on their way into the network: what a regularizer may change before the forward pass.</summary>
/// <param name="Features">Inputs <c>[samples, ...]</c>, in memory of their own that may be overwritten.</param>
/// <param name="Labels">The true targets: Int32 <c>[samples]</c>, or numbers <c>[samples, 1]</c>; scores are taken against them.</param>
internal record struct SampleBatch(Tensor Features, Tensor Labels)
{
    /// <summary>What the loss compares the outputs with; at first the true targets.</summary>
    public Tensor Targets { get; set; } = Labels;

    /// <summary>Number of samples.</summary>
    public readonly int Count => Features.Shape[0];

    /// <summary>Classes of the task, or 1 for a number to learn.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Whether the targets are classes.</summary>
    public readonly bool HasClasses => Labels.DType == DType.Int32;
}
