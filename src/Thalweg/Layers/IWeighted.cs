namespace Thalweg.Layers;

/// <summary>A layer whose output is linear in one weight, which a wrapper may compute from another.</summary>
internal interface IWeighted
{
    /// <summary>The parameter.</summary>
    Parameter Weight { get; }

    /// <summary>Axis of the weight that counts the outputs.</summary>
    int OutputAxis { get; }

    /// <summary>The layer with another weight of the same shape.</summary>
    Tensor Forward(Tensor x, Tensor weight);

    /// <summary>The layer as one, if it is.</summary>
    /// <exception cref="ThalwegException">It is not, or its outputs lie in groups.</exception>
    static IWeighted Of(Module module, string wrapper) => module is IWeighted weighted
        ? weighted
        : throw new ThalwegException(
            $"[{wrapper}] expected a dense or convolution layer, got {module.GetType().Name}; wrap the layers one by one");
}
