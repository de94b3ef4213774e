using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Builds modules from their descriptions, as model files hold them.</summary>
public static class LayerRegistry
{
    private static readonly ConcurrentDictionary<string, Func<JsonObject, Module>> s_builders = new()
    {
        ["sequential"] = d => new Sequential([.. Layers(d).Select(Build)]),
        ["dense"] = d => new Dense(
            Read<int>(d, "inputs"),
            Read<int>(d, "outputs"),
            ActivationNames.Parse(Read<string>(d, "activation")),
            Settings.Parse<Initializer>(Read<string>(d, "initializer")),
            Read<bool>(d, "bias")),
        ["activation"] = d => new ActivationLayer(ActivationNames.Parse(Read<string>(d, "activation"))),
        ["function"] = FunctionLayer.Build,
        ["prelu"] = d => new PRelu(Read<int>(d, "channels"), Read<double>(d, "slope")),
        ["maxout"] = d => new Maxout(
            Read<int>(d, "inputs"),
            Read<int>(d, "outputs"),
            Read<int>(d, "pieces"),
            Settings.Parse<Initializer>(Read<string>(d, "initializer"))),
        ["dropout"] = Dropout.Build,
        ["flatten"] = _ => new Flatten(),
        ["batch_norm"] = d => new BatchNorm1d(Read<int>(d, "features"), BatchNorm.Read(d)),
        ["batch_norm2d"] = d => new BatchNorm2d(Read<int>(d, "features"), BatchNorm.Read(d)),
        ["layer_norm"] = d => new LayerNorm(new Shape(SampleNorm.ReadSizes(d)), Read<double>(d, "epsilon"), Read<bool>(d, "affine")),
        ["rms_norm"] = d => new RmsNorm(new Shape(SampleNorm.ReadSizes(d)), Read<double>(d, "epsilon"), Read<bool>(d, "affine")),
        ["group_norm"] = d =>
            new GroupNorm(Read<int>(d, "groups"), Read<int>(d, "channels"), Read<double>(d, "epsilon"), Read<bool>(d, "affine")),
        ["instance_norm"] = d => new InstanceNorm(Read<int>(d, "channels"), Read<double>(d, "epsilon"), Read<bool>(d, "affine")),
        [Conv1d.Type] = Conv1d.Build,
        [Conv2d.Type] = Conv2d.Build,
        [ConvTranspose1d.Type] = ConvTranspose1d.Build,
        [ConvTranspose2d.Type] = ConvTranspose2d.Build,
        ["max_pool1d"] = d => new MaxPool1d(PoolingLayer.Read(d)),
        ["max_pool2d"] = d => new MaxPool2d(PoolingLayer.Read(d)),
        ["avg_pool1d"] = d => new AvgPool1d(PoolingLayer.Read(d)),
        ["avg_pool2d"] = d => new AvgPool2d(PoolingLayer.Read(d)),
        ["adaptive_avg_pool1d"] = d => new AdaptiveAvgPool1d(Read<int>(d, "size")),
        ["adaptive_max_pool1d"] = d => new AdaptiveMaxPool1d(Read<int>(d, "size")),
        ["adaptive_avg_pool2d"] = d => new AdaptiveAvgPool2d(PairText.Read(d, "size")),
        ["adaptive_max_pool2d"] = d => new AdaptiveMaxPool2d(PairText.Read(d, "size")),
        ["residual"] = Residual.Build,
        ["checkpointed"] = d => new Recomputed(Build(d["module"] as JsonObject ?? throw new ThalwegException(
            "[architecture] expected a description 'module', got something else; the model file is damaged or newer"))),
        [Rnn.Type] = Rnn.Build,
        [Lstm.Type] = Lstm.Build,
        [Gru.Type] = Gru.Build,
        ["embedding"] = Embedding.Build,
        ["multi_head_attention"] = MultiHeadAttention.Build,
        ["transformer_block"] = TransformerBlock.Build,
        ["transformer_encoder"] = TransformerEncoder.Build,
        ["sinusoidal_positions"] = d => new SinusoidalPositions(Read<int>(d, "width")),
        ["learned_positions"] = d => new LearnedPositions(Read<int>(d, "maximum_length"), Read<int>(d, "width")),
        ["rotary_positions"] = d => new RotaryPositions(Read<int>(d, "head_width"), Read<double>(d, "base")),
        ["channel_dropout"] = d => new ChannelDropout(Read<double>(d, "probability")),
        ["stochastic_depth"] = d => new StochasticDepth(Read<double>(d, "probability")),
        ["alpha_dropout"] = d => new AlphaDropout(Read<double>(d, "probability")),
        ["gaussian_dropout"] = d => new GaussianDropout(Read<double>(d, "probability")),
        ["gaussian_noise"] = d => new GaussianNoise(Read<double>(d, "deviation")),
        ["weight_norm"] = d => new WeightNorm(Part(d, "module")),
        ["spectral_norm"] = d => new SpectralNorm(Part(d, "module"), Read<int>(d, "iterations")),
        ["dense_block"] = d => new DenseBlock(Read<int>(d, "axis"), [.. Layers(d).Select(Build)]),
        ["siamese"] = d => new Siamese(Part(d, "module")),
        ["mean"] = d => new Mean(Read<int>(d, "axis")),
    };

    /// <summary>Adds a custom type.</summary>
    /// <param name="type">Value of <c>type</c> in the description that the module's <see cref="Module.Describe"/> gives.</param>
    /// <param name="build">Makes the module from its description.</param>
    public static void Register(string type, Func<JsonObject, Module> build) => s_builders[type] = build;

    /// <summary>Builds a module, without weights.</summary>
    /// <param name="description">What <see cref="Module.Describe"/> gave.</param>
    /// <exception cref="ThalwegException">The type is unknown, or a property is missing or of the wrong kind.</exception>
    public static Module Build(JsonObject description)
    {
        string type = Read<string>(description, "type");
        return s_builders.TryGetValue(type, out Func<JsonObject, Module>? build)
            ? build(description)
            : throw new ThalwegException(
                $"[architecture] expected one of the layer types {string.Join(", ", s_builders.Keys.Order())}, got '{type}'; register it " +
                "with LayerRegistry");
    }

    /// <summary>A property of a description.</summary>
    /// <typeparam name="T">bool, int, double or string.</typeparam>
    /// <param name="description">The description.</param>
    /// <param name="name">Name of the property.</param>
    /// <exception cref="ThalwegException">It is missing, of another kind, or a number beyond double precision.</exception>
    public static T Read<T>(JsonObject description, string name) =>
        description.TryGetPropertyValue(name, out JsonNode? node) && node is JsonValue value && value.TryGetValue(out T? result)
            && result is not (double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity))
            ? result
            : throw new ThalwegException($"[architecture] expected a {typeof(T).Name} '{name}', got {node?.ToJsonString() ?? "nothing"}; " +
                "the model file is damaged or newer");

    /// <summary>The module that a property describes.</summary>
    /// <exception cref="ThalwegException">The property is missing or of another kind.</exception>
    internal static Module Part(JsonObject description, string name) => description[name] is JsonObject part
        ? Build(part)
        : throw new ThalwegException(
            $"[architecture] expected a description '{name}', got something else; the model file is damaged or newer");

    private static IEnumerable<JsonObject> Layers(JsonObject description) =>
        description.TryGetPropertyValue("layers", out JsonNode? node) && node is JsonArray layers && layers.All(l => l is JsonObject)
            ? layers.Select(l => (JsonObject)l!)
            : throw new ThalwegException(
                "[architecture] expected a list 'layers' of descriptions, got something else; the model file is damaged or newer");
}
