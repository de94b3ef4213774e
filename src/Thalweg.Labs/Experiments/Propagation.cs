using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Labs;

/// <summary>What one layer of a network does to signals on their way forward and to gradients on their way back.</summary>
/// <param name="Activations">The layer's activations of the first samples, for a histogram.</param>
/// <param name="Square">Mean square of x W + b over samples and units.</param>
/// <param name="Variance">Variance of an activation over the samples, as a mean over the units.</param>
/// <param name="GradientSquare">Mean square of the derivative by x W + b.</param>
internal sealed record LayerSignal(double[] Activations, double Square, double Variance, double GradientSquare)
{
    /// <summary>The gradients of the first samples, for a histogram.</summary>
    public double[] Gradients { get; init; } = [];
}

/// <summary>A deep network of equal layers, into which noise is sent.</summary>
/// <param name="Depth">Layers.</param>
/// <param name="Width">Units of each.</param>
/// <param name="Activation">Function of each.</param>
/// <param name="Samples">Inputs of N(0, 1).</param>
internal sealed record DeepNetwork(int Depth, int Width, Activation Activation, int Samples)
{
    private const int ShownSamples = 50;

    /// <summary>What stands between x W + b and the activation of each layer, made from the width; default null, nothing.</summary>
    public Func<int, Module>? Normalization { get; init; }

    /// <summary>Whether each layer adds its result to its input; default false.</summary>
    public bool IsResidual { get; init; }

    /// <summary>Precision; default single.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>Sends noise forward and noise of N(0, 1) back, and measures both in each layer.</summary>
    /// <param name="initializer">How weights start.</param>
    /// <param name="seed">Names weights and noise.</param>
    /// <returns>The layers from the first to the last.</returns>
    public IReadOnlyList<LayerSignal> Measure(Initializer initializer, ulong seed)
    {
        Dense[] layers = [.. Enumerable.Range(0, Depth).Select(_ => new Dense(Width, Width, Activation.None, initializer))];
        Module[] norms = [.. layers.Select(_ => Normalization?.Invoke(Width)).OfType<Module>()];
        new Sequential([.. layers, .. norms]).Initialize(seed, DType);
        RandomStream random = new(seed, RandomPurpose.User);
        Tensor a = Tensor.Normal([Samples, Width], 0, 1, ref random, DType);
        Tensor[] before = new Tensor[Depth], after = new Tensor[Depth];
        for (int layer = 0; layer < Depth; layer++)
        {
            before[layer] = layers[layer].Forward(a);
            after[layer] = (norms.Length > 0 ? norms[layer].Forward(before[layer]) : before[layer]).Activate(Activation);
            a = IsResidual ? a + after[layer] : after[layer];
        }

        Tensor noise = Tensor.Normal(a.Shape, 0, 1, ref random, DType);
        Tensor[] gradients = Thalweg.Gradients.Of(a, noise, before, createGraph: false);
        return [.. Enumerable.Range(0, Depth).Select(layer => Read(before[layer], after[layer], gradients[layer]))];
    }

    /// <summary>Geometric mean of a quantity's growth from one layer to the next.</summary>
    public static double Growth(IReadOnlyList<LayerSignal> layers, Func<LayerSignal, double> quantity) =>
        Math.Pow(Floor(quantity(layers[^1])) / Floor(quantity(layers[0])), 1.0 / (layers.Count - 1));

    private static double Floor(double value) => Math.Max(value, 1e-38);

    private LayerSignal Read(Tensor before, Tensor after, Tensor gradient)
    {
        double[] activations = after.Detach().To(DType.Float64).ToArray<double>();
        double variance = 0;
        for (int unit = 0; unit < Width; unit++)
        {
            double sum = 0, square = 0;
            for (int sample = 0; sample < Samples; sample++)
                sum += activations[(sample * Width) + unit];
            for (int sample = 0; sample < Samples; sample++)
                square += Math.Pow(activations[(sample * Width) + unit] - (sum / Samples), 2);
            variance += square / Samples / Width;
        }

        double[] derivatives = gradient.Detach().To(DType.Float64).ToArray<double>();
        int shown = Math.Min(Samples, ShownSamples) * Width;
        return new LayerSignal(activations[..shown], MeanSquare(before.Detach().To(DType.Float64).ToArray<double>()), variance,
            MeanSquare(derivatives))
        {
            Gradients = derivatives[..shown],
        };
    }

    private static double MeanSquare(double[] values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value * value;
        return sum / values.Length;
    }
}
