namespace Thalweg.Layers;

/// <summary>Batch normalization of images <c>[batch, channels, height, width]</c>; see <see cref="BatchNorm"/>.</summary>
/// <remarks>Input and output <c>[batch, channels, height, width]</c>. Source: Ioffe, Szegedy, ICML 2015, section 3.2.</remarks>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="channels">Number of channels, 1 or more.</param>
    /// <param name="options">Epsilon, momentum and the forms in use; default those of PyTorch.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public BatchNorm2d(int channels, BatchNormOptions? options = null)
        : base("batch_norm2d", channels, options ?? new BatchNormOptions())
    {
    }

    /// <inheritdoc/>
    private protected override string Expected => $"[batch, {Features}, height, width]";

    /// <inheritdoc/>
    private protected override bool Fits(int rank) => rank == 4;
}
