using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Initialization;

/// <summary>An encoder, which is a part of the network to be trained, with a linear decoder of its own:
/// <c>[batch, in] -> [batch, in]</c>.</summary>
internal sealed class Autoencoder : Module
{
    private readonly Dense _first;
    private readonly PretrainingOptions _options;
    private readonly Parameter? _decoder;
    private readonly Parameter _bias;
    private readonly ulong _place;

    /// <summary>Makes it around initialized modules, the first of which is a dense layer.</summary>
    /// <param name="encoder">The modules.</param>
    /// <param name="options">Settings.</param>
    /// <param name="place">Tells random streams of several autoencoders apart.</param>
    public Autoencoder(Module[] encoder, PretrainingOptions options, ulong place)
    {
        (_first, _options, _place) = ((Dense)encoder[0], options, place);
        for (int i = 0; i < encoder.Length; i++)
            AddModule($"encoder{i}", encoder[i]);

        DType dtype = _first.Weight.Value.DType;
        RandomStream stream = new(options.Seed, RandomPurpose.Initialization, place);
        _bias = AddParameter("bias", [_first.Inputs], ParameterRole.Bias, Initializer.Zeros);
        _bias.Initialize(ref stream, dtype);
        if (!options.TiedWeights)
        {
            _decoder = AddParameter("decoder", [_first.Outputs, _first.Inputs], ParameterRole.Weight, Initializer.XavierUniform());
            _decoder.Initialize(ref stream, dtype);
        }
    }

    /// <summary>Reconstructs a batch from its (corrupted) code.</summary>
    /// <param name="x"><c>[batch, in]</c>.</param>
    protected override Tensor ForwardCore(Tensor x)
    {
        double kept = 1 - _options.Corruption;
        RandomStream stream = new(_options.Seed, RandomPurpose.Corruption, (_place << 40) | (ulong)(ForwardContext.Step ?? 0));
        Tensor code = kept < 1 ? x.Dropout(_options.Corruption, stream).Multiply(kept) : x;
        foreach ((_, Module module) in Modules)
            code = module.Forward(code);

        return code.Linear(_decoder?.Value ?? _first.Weight.Value.Transpose(), _bias.Value);
    }
}
