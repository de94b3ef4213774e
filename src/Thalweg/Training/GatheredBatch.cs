using Thalweg.Data;

namespace Thalweg.Training;

/// <summary>Some samples, gathered.</summary>
/// <param name="Features">Inputs <c>[samples, ...]</c>.</param>
/// <param name="Targets">Int32 classes <c>[samples]</c>, or numbers <c>[samples, 1]</c>.</param>
/// <param name="Weights">Weights <c>[samples]</c>; null where the data has none.</param>
internal readonly record struct GatheredBatch(Tensor Features, Tensor Targets, Tensor? Weights)
{
    /// <summary>Inputs and targets, where weights do not matter.</summary>
    public void Deconstruct(out Tensor features, out Tensor targets) => (features, targets) = (Features, Targets);
}

/// <summary>Memory for the targets and weights of some samples.</summary>
/// <param name="data">Where the samples come from.</param>
/// <param name="size">Most samples.</param>
/// <param name="dtype">Type of numbers to learn, and of weights.</param>
internal sealed class TargetMemory(Dataset data, int size, DType dtype)
{
    private readonly Tensor _targets =
        data.Task == TaskKind.Classification ? Tensor.Zeros([size], DType.Int32) : Tensor.Zeros([size, 1], dtype);

    private readonly Tensor? _weights = data.HasWeights ? Tensor.Zeros([size], dtype) : null;

    /// <summary>Fills the memory from its start.</summary>
    public void Fill(ReadOnlySpan<int> samples)
    {
        if (dtype == DType.Float32)
        {
            Fill<float>(samples);
        }
        else
        {
            Fill<double>(samples);
        }
    }

    /// <summary>Targets of the first samples.</summary>
    public Tensor First(int count) => First(_targets, count);

    /// <summary>Weights of the first samples; null where the data has none.</summary>
    public Tensor? FirstWeights(int count) => _weights is null ? null : First(_weights, count);

    private static Tensor First(Tensor all, int count) =>
        count == all.Shape[0] ? all : all.Window(0, all.Shape.With(0, count), "batch");

    private void Fill<T>(ReadOnlySpan<int> samples)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (data.Task == TaskKind.Classification)
        {
            data.GatherLabels(samples, _targets.AsSpan<int>());
        }
        else
        {
            data.GatherTargets(samples, _targets.AsSpan<T>());
        }

        if (_weights is not null)
        {
            data.GatherWeights(samples, _weights.AsSpan<T>());
        }
    }
}
