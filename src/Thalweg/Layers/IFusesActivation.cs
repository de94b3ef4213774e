namespace Thalweg.Layers;

/// <summary>
/// A layer that can apply the activation function that follows it as it writes its results: less memory, fewer visits, the same bits.
/// </summary>
/// <remarks><see cref="Sequential"/> hands an <see cref="ActivationLayer"/> to the layer before it where that layer says so.</remarks>
internal interface IFusesActivation
{
    /// <summary>Whether the layer applies a function so, as it is set up.</summary>
    /// <param name="activation">The function that follows.</param>
    bool Fuses(Activation activation);

    /// <summary>activation(forward(x)).</summary>
    /// <param name="x">Input of the layer.</param>
    /// <param name="activation">A function that it fuses.</param>
    Tensor Forward(Tensor x, Activation activation);
}
