namespace Thalweg.Layers;

/// <summary>The state that a recurrent layer carries from one training step to the next, kept in buffers so that
/// checkpoints hold it.</summary>
/// <param name="hidden">Hidden state, <c>[layers, batch, units]</c>.</param>
/// <param name="memory">Memory of LSTM cells, of that shape; null for others.</param>
internal sealed class CarriedState(Tensor hidden, Tensor? memory)
{
    private readonly double[] _before = new double[hidden.Length * (memory is null ? 1 : 2)];

    /// <summary>Most sequences of a batch.</summary>
    public int Batch => hidden.Shape[1];

    /// <summary>The state at the beginning of a step.</summary>
    /// <param name="batch">Sequences of the step, the first of those that are carried.</param>
    /// <param name="dtype">Type of the network.</param>
    /// <param name="isRepeat">Whether the step has begun before.</param>
    public RecurrentState Begin(int batch, DType dtype, bool isRepeat)
    {
        Span<double> before = _before;
        if (!isRepeat)
        {
            hidden.AsSpan<double>().CopyTo(before);
            memory?.AsSpan<double>().CopyTo(before[(int)hidden.Length..]);
        }

        return new RecurrentState(
            First(before, batch, dtype), memory is null ? null : First(before[(int)hidden.Length..], batch, dtype));
    }

    /// <summary>Keeps the state at the end of a step.</summary>
    public void End(RecurrentState final)
    {
        Keep(final.Hidden, hidden);
        if (memory is not null)
            Keep(final.Memory!, memory);
    }

    /// <summary>Zeros.</summary>
    public void Clear()
    {
        hidden.AsSpan<double>().Clear();
        memory?.AsSpan<double>().Clear();
    }

    /// <summary>The first sequences of each layer.</summary>
    private Tensor First(ReadOnlySpan<double> all, int batch, DType dtype)
    {
        (int layers, int units) = (hidden.Shape[0], hidden.Shape[2]);
        Tensor state = Tensor.Zeros([layers, batch, units], DType.Float64);
        for (int layer = 0; layer < layers; layer++)
            all.Slice(layer * Batch * units, batch * units).CopyTo(state.AsSpan<double>()[(layer * batch * units)..]);

        return state.To(dtype);
    }

    private void Keep(Tensor final, Tensor buffer)
    {
        Tensor dense = final.Detach().To(DType.Float64).Contiguous();
        (int layers, int batch, int units) = (final.Shape[0], final.Shape[1], final.Shape[2]);
        for (int layer = 0; layer < layers; layer++)
        {
            dense.AsSpan<double>().Slice(layer * batch * units, batch * units)
                .CopyTo(buffer.AsSpan<double>()[(layer * Batch * units)..]);
        }
    }
}
