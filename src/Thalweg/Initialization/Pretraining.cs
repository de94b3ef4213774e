using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Initialization;

/// <summary>How <see cref="Pretraining"/> works; every value has a default.</summary>
public sealed record PretrainingOptions
{
    /// <summary>Passes over the data for each layer, 1 or more; default 5.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Samples per step, 1 or more; default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The optimizer, with a fresh state for each layer; default Adam with rate 1e-3.</summary>
    public Chain Optimizer { get; init; } = new Adam();

    /// <summary>Probability with which a number that goes into the encoder is set to 0, in [0, 1); above 0 it is a denoising
    /// autoencoder; default 0.</summary>
    public double Corruption { get; init; }

    /// <summary>Whether the decoder uses the encoder's weights, transposed; default true.</summary>
    public bool TiedWeights { get; init; } = true;

    /// <summary>Names decoder weights, order and corruption; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Refuses values out of range.</summary>
    internal void Check()
    {
        if (Epochs < 1 || BatchSize < 1 || !(Corruption is >= 0 and < 1))
        {
            throw new ThalwegException("[pretraining] expected 1 or more epochs and samples per step and a corruption in [0, 1), got " +
                $"{Epochs}, {BatchSize} and {Corruption}");
        }
    }
}

/// <summary>What pretraining reached at one layer.</summary>
/// <param name="Name">Full name of the weight.</param>
/// <param name="FirstLoss">Mean squared error of the reconstruction over the first epoch, per number.</param>
/// <param name="LastLoss">The same over the last epoch.</param>
/// <param name="Steps">Steps taken.</param>
public sealed record PretrainedLayer(string Name, double FirstLoss, double LastLoss, long Steps);

/// <summary>Unsupervised pretraining by autoencoders, layer by layer: each hidden layer first learns to describe what the layers below
/// it put out.</summary>
/// <remarks>
/// Formula: minimize |r - x|^2 with r = f(x W + b) W' + c for tied weights, x being the output of the layers below, which stay fixed.
/// Sources: Bengio and others, "Greedy layer-wise training of deep networks", NeurIPS 2006, section 4; Vincent and others, "Stacked
/// denoising autoencoders", JMLR 11, 2010, section 3.
/// </remarks>
public static class Pretraining
{
    /// <summary>Pretrains the dense layers of a network, all but the last one, from the input upwards.</summary>
    /// <param name="network">The network, initialized. Modules between two dense layers, such as normalizations and activations, belong to
    /// the encoder of the first.</param>
    /// <param name="training">Data to fit; its targets are not looked at.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellation">Ends it after the current step.</param>
    /// <returns>One entry per pretrained layer.</returns>
    /// <exception cref="ThalwegException">The network has no hidden dense layer, a setting is out of range, or a reconstruction error
    /// is not finite.</exception>
    public static IReadOnlyList<PretrainedLayer> ByAutoencoders(
        Sequential network, TrainingSet training, PretrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(training);
        options ??= new PretrainingOptions();
        options.Check();
        int[] places = [.. Enumerable.Range(0, network.Modules.Count).Where(i => network.Modules[i].Module is Dense)];
        if (places.Length < 2)
        {
            throw new ThalwegException("[pretraining] expected a network with a hidden dense layer, got none; a layer that gives the " +
                "outputs has nothing to reconstruct");
        }

        Module[] modules = [.. network.Modules.Select(m => m.Module)];
        List<PretrainedLayer> layers = [];
        for (int i = 0; i < places.Length - 1 && !cancellation.IsCancellationRequested; i++)
        {
            AutoencoderLoop loop = new(modules, (places[i], places[i + 1]), training, options);
            while (loop.Advance(cancellation))
            {
            }

            layers.Add(new PretrainedLayer($"{places[i]}.weight", loop.Loss.First, loop.Loss.Last, loop.Steps));
        }

        return layers;
    }
}
