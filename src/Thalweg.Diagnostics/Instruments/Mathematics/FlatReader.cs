namespace Thalweg.Diagnostics;

/// <summary>Reads single elements of a tensor that lies in memory one after another.</summary>
internal readonly ref struct FlatReader
{
    private readonly ReadOnlySpan<float> _floats;
    private readonly ReadOnlySpan<double> _doubles;

    public FlatReader(Tensor values)
    {
        if (values.DType == DType.Float32)
            _floats = values.AsSpan<float>();
        else
            _doubles = values.AsSpan<double>();
    }

    public double this[long index] => _floats.IsEmpty ? _doubles[(int)index] : _floats[(int)index];
}
