namespace Thalweg.Regularizers;

/// <summary>Mixup: the network learns on the lines between samples.</summary>
/// <remarks>Formula: x = s x_i + (1-s) x_j, t = s t_i + (1-s) t_j, s ~ Beta(alpha, alpha). Source: Zhang et al., Mixup: beyond empirical
/// risk minimization (2018), section 2.</remarks>
public sealed record Mixup : MixingRegularizer
{
    /// <summary>Makes the regularizer.</summary>
    /// <param name="alpha">Both shapes of the Beta distribution of the shares, above 0; customary 0.1 to 0.4.</param>
    /// <exception cref="ThalwegException">The shape is not above 0: give a positive number.</exception>
    public Mixup(double alpha)
        : base(alpha)
    {
    }

    /// <inheritdoc/>
    public override string Formula => "x = s x_i + (1-s) x_j, t = s t_i + (1-s) t_j, s ~ Beta(alpha, alpha)";

    /// <inheritdoc/>
    public override string Source => "Zhang et al.: Mixup: beyond empirical risk minimization, 2018, section 2";

    /// <inheritdoc/>
    public override string Use => "classes with few samples each, images and tables alike, and noisy labels";

    private protected override double Mix<T>(
        Tensor features, ReadOnlySpan<T> others, ReadOnlySpan<int> partners, double share, ref RandomStream stream)
    {
        Blend(features.AsSpan<T>(), others, partners, share);
        return share;
    }
}
