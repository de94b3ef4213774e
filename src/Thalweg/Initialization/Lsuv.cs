using Thalweg.Data;
using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Initialization;

/// <summary>How <see cref="Lsuv"/> works; every value has a default.</summary>
public sealed record LsuvOptions
{
    /// <summary>Distance of the variance from 1 that is good enough, above 0; default 0.1, as in the paper.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Trials for each layer, 1 or more; default 10.</summary>
    public int MaxTrials { get; init; } = 10;

    /// <summary>Whether weights are made orthonormal first; default true, as in the paper.</summary>
    public bool Orthonormal { get; init; } = true;

    /// <summary>Seed of the orthonormal weights; default 1.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What <see cref="Lsuv"/> did to one layer.</summary>
/// <param name="Name">Full name of the weight.</param>
/// <param name="VarianceBefore">Variance of x W + b over batch and units before scaling.</param>
/// <param name="VarianceAfter">The same after it.</param>
/// <param name="Trials">Times that the weight was scaled.</param>
public sealed record LsuvLayer(string Name, double VarianceBefore, double VarianceAfter, int Trials);

/// <summary>Layer-sequential unit-variance initialization: orthonormal weights, each layer then scaled until its output on a batch
/// has variance 1.</summary>
/// <remarks>Formula: W = W / sqrt(Var(x W + b)), layer by layer from the input, until |Var - 1| &lt; tolerance; the variance is that before
/// the activation.
/// Source: Mishkin, Matas, "All you need is a good init", ICLR 2016, algorithm 1.</remarks>
public static class Lsuv
{
    /// <summary>Scales the weights on some hundreds of training samples, chosen by the seed.</summary>
    /// <param name="module">The network, initialized.</param>
    /// <param name="training">Data to fit.</param>
    /// <param name="options">Settings; default those of the paper.</param>
    /// <returns>One entry per layer, from the input to the output.</returns>
    /// <exception cref="ThalwegException">A setting is out of range, the network has no such layer, or a layer's output does not
    /// vary at all.</exception>
    public static IReadOnlyList<LsuvLayer> Apply(Module module, TrainingSet training, LsuvOptions? options = null) =>
        Apply(module, ProbeScope.Batch(module, training, (options ?? new LsuvOptions()).Seed).Features, options);

    /// <summary>Scales the weights of dense layers and convolutions, in the order in which the network uses them.</summary>
    /// <param name="module">The network, initialized; running statistics of its normalizations stay as they are.</param>
    /// <param name="batch">A batch of inputs as in training; some hundreds of samples give the variance to a few percent.</param>
    /// <param name="options">Settings; default those of the paper.</param>
    /// <returns>One entry per layer, from the input to the output.</returns>
    /// <exception cref="ThalwegException">A setting is out of range, the network has no such layer, or a layer's output does not
    /// vary at all.</exception>
    public static IReadOnlyList<LsuvLayer> Apply(Module module, Tensor batch, LsuvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(batch);
        options ??= new LsuvOptions();
        if (!(options.Tolerance > 0) || options.MaxTrials < 1)
        {
            throw new ThalwegException(
                $"[lsuv] expected a tolerance above 0 and 1 or more trials, got {options.Tolerance} and {options.MaxTrials}");
        }

        List<string> names = Names(module, batch);
        if (options.Orthonormal)
            MakeOrthonormal(module, names, options.Seed);

        return [.. names.Select(name => Scale(module, batch, name, options))];
    }

    private static LsuvLayer Scale(Module module, Tensor batch, string name, LsuvOptions options)
    {
        double before = VarianceOf(module, batch, name), variance = before;
        int trials = 0;
        while (Math.Abs(variance - 1) >= options.Tolerance && trials < options.MaxTrials)
        {
            if (!(variance > 0) || !double.IsFinite(variance))
            {
                throw new ThalwegException($"[lsuv] expected the output of '{name}' to vary over the batch, got a variance of " +
                    $"{variance}; look at the inputs, or at weights of zeros");
            }

            Tensor weight = module.NamedParameters().First(p => p.Name == name).Parameter.Value;
            weight.Assign(weight.Detach().Multiply(1 / Math.Sqrt(variance)));
            trials++;
            variance = VarianceOf(module, batch, name);
        }

        return new LsuvLayer(name, before, variance, trials);
    }

    private static List<string> Names(Module module, Tensor batch)
    {
        using ForwardScope rehearsal = ProbeScope.Begin();
        using StepScope scope = StepScope.Begin();
        List<string> names = [.. Layers(module, batch).Select(layer => layer.Name).Distinct()];
        return names.Count > 0
            ? names
            : throw new ThalwegException(
                "[lsuv] expected a network with dense layers or convolutions, got none; there is nothing to scale");
    }

    private static void MakeOrthonormal(Module module, List<string> names, ulong seed)
    {
        ulong index = 0;
        foreach ((string name, Parameter parameter) in module.NamedParameters())
        {
            RandomStream stream = new(seed, RandomPurpose.Initialization, index++);
            if (names.Contains(name))
                parameter.Fill(parameter.Value, Initializer.Orthogonal(), ref stream);
        }
    }

    private static double VarianceOf(Module module, Tensor batch, string name)
    {
        using ForwardScope rehearsal = ProbeScope.Begin();
        using StepScope scope = StepScope.Begin();
        Tensor z = Layers(module, batch).First(layer => layer.Name == name).BeforeActivation().Detach()
            .To(DType.Float64);
        double mean = z.Mean().Item();
        return z.Square().Mean().Item() - (mean * mean);
    }

    private static IReadOnlyList<RecordedLayer> Layers(Module module, Tensor batch)
    {
        using Recording recording = Recording.Start(new RecordingOptions { Gradients = false });
        return RecordedLayer.Of(module, recording, module.Forward(batch));
    }
}
