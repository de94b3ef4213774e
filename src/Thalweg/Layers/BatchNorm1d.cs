namespace Thalweg.Layers;

/// <summary>Batch normalization of features <c>[batch, features]</c> or signals
/// <c>[batch, channels, length]</c>; see <see cref="BatchNorm"/>.</summary>
/// <remarks>Input and output <c>[batch, features]</c> or <c>[batch, channels, length]</c>. Source: Ioffe, Szegedy, ICML 2015, algorithms
/// 1 and 2.</remarks>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">Number of features, 1 or more.</param>
    /// <param name="epsilon">Added to the variance; above 0; default 1e-5.</param>
    /// <param name="momentum">Weight of the new batch in the moving averages, in (0, 1]; default 0.1.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public BatchNorm1d(int features, double epsilon = 1e-5, double momentum = 0.1)
        : this(features, new BatchNormOptions { Epsilon = epsilon, Momentum = momentum })
    {
    }

    /// <summary>Makes the layer in one of the published forms.</summary>
    /// <param name="features">Number of features, 1 or more.</param>
    /// <param name="options">Epsilon, momentum and the forms in use.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public BatchNorm1d(int features, BatchNormOptions options)
        : base("batch_norm", features, options)
    {
    }

    /// <inheritdoc/>
    private protected override string Expected => $"[batch, {Features}] or [batch, {Features}, length]";

    /// <inheritdoc/>
    private protected override bool Fits(int rank) => rank is 2 or 3;
}
