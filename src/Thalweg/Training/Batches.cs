using Thalweg.Data;

namespace Thalweg.Training;

/// <summary>Memory for one batch, filled again for each step.</summary>
internal sealed class Batches
{
    private readonly Dataset _data;
    private readonly Shape _sample;
    private readonly Tensor _features, _targets;

    public Batches(Dataset data, int batchSize, DType dtype)
    {
        _data = data;
        Shape full = new([batchSize, .. data.FeatureShape]);
        _sample = full;
        _features = Tensor.Zeros(full, dtype);
        _targets = data.Task == TaskKind.Classification ? Tensor.Zeros([batchSize], DType.Int32) : Tensor.Zeros([batchSize, 1], dtype);
    }

    /// <summary>Fills the memory with the given samples; the tensors are good until the next call.</summary>
    public (Tensor Features, Tensor Targets) Take(ReadOnlySpan<int> samples)
    {
        Fill(samples);
        return samples.Length == _sample[0]
            ? (_features, _targets)
            : (_features.Window(0, _sample.With(0, samples.Length), "batch"), _targets.Window(0, _targets.Shape.With(0, samples.Length), "batch"));
    }

    private void Fill(ReadOnlySpan<int> samples)
    {
        if (_features.DType == DType.Float32)
        {
            _data.Gather(samples, _features.AsSpan<float>());
        }
        else
        {
            _data.Gather(samples, _features.AsSpan<double>());
        }

        if (_data.Task == TaskKind.Classification)
        {
            _data.GatherLabels(samples, _targets.AsSpan<int>());
        }
        else if (_targets.DType == DType.Float32)
        {
            _data.GatherTargets(samples, _targets.AsSpan<float>());
        }
        else
        {
            _data.GatherTargets(samples, _targets.AsSpan<double>());
        }
    }
}
