namespace Thalweg;

/// <content>Selu.</content>
public sealed partial class Tensor
{
    /// <summary>lambda elu(x, alpha) with the fixed point at mean 0, variance 1. Source: Klambauer and others, NIPS 2017, eq. (2)
    /// and section 2.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Selu() => Elu(1.6732632423543772).Multiply(1.0507009873554805);
}
