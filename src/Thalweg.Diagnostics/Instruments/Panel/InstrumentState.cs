using Thalweg.Checkpoints;

namespace Thalweg.Diagnostics;

/// <summary>What an instrument keeps from step to step in one run: named tensors, saved with the panel.</summary>
public sealed class InstrumentState
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    internal IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>A tensor that was kept; null where there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    public Tensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Keeps the values of a tensor; they are copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The values, of Float32 or Float64.</param>
    public void Keep(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_tensors.TryGetValue(name, out Tensor? kept) && kept.Shape == values.Shape && kept.DType == values.DType)
            kept.Assign(values);
        else
            _tensors[name] = values.Detach().Clone();
    }

    /// <summary>Keeps numbers.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="values">The numbers.</param>
    public void Keep(string name, params double[] values) => _tensors[name] = Tensor.From(values, [values.Length]).Clone();

    /// <summary>Keeps a long vector, and gives it back.</summary>
    internal void KeepVector(string name, double[] vector, VectorPool pool)
    {
        if (Find(name) is { DType: DType.Float64 } kept && kept.Length == vector.Length)
            vector.CopyTo(kept.AsSpan<double>());
        else
            Keep(name, vector);

        pool.Return(vector);
    }

    /// <summary>Numbers that were kept; null where there are none of that name.</summary>
    /// <param name="name">Their name.</param>
    public double[]? Numbers(string name) => Find(name)?.ToArray<double>();

    /// <summary>Forgets what was kept under a name.</summary>
    /// <param name="name">The name.</param>
    public void Forget(string name) => _tensors.Remove(name);

    internal void AddTo(SafetensorsWriter writer, string prefix)
    {
        foreach ((string name, Tensor tensor) in _tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            int[] shape = tensor.Shape.ToArray();
            if (tensor.DType == DType.Float32)
                writer.Add<float>(prefix + name, shape, tensor.AsSpan<float>());
            else
                writer.Add<double>(prefix + name, shape, tensor.AsSpan<double>());
        }
    }

    internal void Restore(string name, SafetensorsEntry entry)
    {
        Shape shape = new(entry.Shape);
        _tensors[name] = entry.Type == SafetensorsType.F32
            ? Tensor.From(entry.AsSpan<float>(), shape).Clone()
            : Tensor.From(entry.AsSpan<double>(), shape).Clone();
    }
}
