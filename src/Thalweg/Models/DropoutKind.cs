using Thalweg.Layers;

namespace Thalweg.Models;

/// <summary>What dropout in a <see cref="NetworkSpec"/> takes away.</summary>
public enum DropoutKind
{
    /// <summary>Single elements: <see cref="Layers.Dropout"/>.</summary>
    Standard,

    /// <summary>Whole channels: <see cref="ChannelDropout"/>.</summary>
    Channel,

    /// <summary>Elements, mean and variance kept, for SELU: <see cref="AlphaDropout"/>.</summary>
    Alpha,

    /// <summary>Nothing; elements get random factors: <see cref="GaussianDropout"/>.</summary>
    Gaussian,
}
