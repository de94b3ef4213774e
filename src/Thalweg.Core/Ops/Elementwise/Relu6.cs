namespace Thalweg;

/// <content>Relu6.</content>
public sealed partial class Tensor
{
    /// <summary>x cut to [0, 6]; derivative 0 outside and at the ends. Source: Krizhevsky, "Convolutional deep belief networks
    /// on CIFAR-10", 2010.</summary>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Relu6() => Hardtanh(0, 6);
}
