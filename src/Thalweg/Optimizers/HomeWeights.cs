namespace Thalweg.Optimizers;

/// <summary>The weights that an update starts from, while gradients are taken elsewhere: they come back to the bit.</summary>
/// <param name="length">Length of the flat vector.</param>
/// <param name="dtype">Element type.</param>
/// <param name="gradients">Gradients that an update takes.</param>
internal sealed class HomeWeights(int length, DType dtype, int gradients)
{
    private readonly Tensor _home = Tensor.Zeros([length], dtype).Clone();
    private int _moves;

    /// <summary>Begins with a gradient: puts the weights where the update starts, from where a rule moves them.</summary>
    public void Begin<T>(int gradient, Span<T> parameters)
        where T : unmanaged
    {
        if (gradient != _moves)
        {
            throw new ThalwegException($"[optimizer] expected evaluation {_moves} of {gradients}, got {gradient}; call MoveTo " +
                "for each gradient in order, then Step");
        }

        if (gradient == 0)
            parameters.CopyTo(_home.AsSpan<T>());
        else
            _home.AsSpan<T>().CopyTo(parameters);
        _moves++;
    }

    /// <summary>Puts the weights back, after all gradients of an update.</summary>
    public void End<T>(Span<T> parameters)
        where T : unmanaged
    {
        if (_moves != gradients)
        {
            throw new ThalwegException(
                $"[optimizer] expected {gradients} gradients taken after MoveTo, got {_moves}: this chain takes them elsewhere " +
                "than at the weights; call MoveTo before each");
        }

        _home.AsSpan<T>().CopyTo(parameters);
        _moves = 0;
    }

    /// <summary>Puts the weights back, after all gradients of an update.</summary>
    public void End(Tensor parameters)
    {
        if (dtype == DType.Float32)
            End(parameters.AsSpan<float>());
        else
            End(parameters.AsSpan<double>());
    }

    /// <summary>Puts the weights back, whatever was taken.</summary>
    public void Abandon(Tensor parameters)
    {
        if (_moves > 0)
            parameters.Assign(_home);
        _moves = 0;
    }
}
