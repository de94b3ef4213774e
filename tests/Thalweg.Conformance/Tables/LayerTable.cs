using System.Text.Json;
using Thalweg.Conformance.Golden;
using Thalweg.Layers;

namespace Thalweg.Conformance.Tables;

/// <summary>Layers of networks by the names of the reference.</summary>
internal static class LayerTable
{
    private static readonly Dictionary<string, Func<Options, Module>> s_all = new()
    {
        ["linear"] = o => new Dense(o.Integer("in", 0), o.Integer("out", 0), bias: o.Flag("bias", true)),
        ["relu"] = _ => new ActivationLayer(Activation.Relu),
        ["tanh"] = _ => new ActivationLayer(Activation.Tanh),
        ["sigmoid"] = _ => new ActivationLayer(Activation.Sigmoid),
        ["elu"] = _ => new ActivationLayer(Activation.Elu),
        ["gelu"] = _ => new ActivationLayer(Activation.Gelu),
        ["silu"] = _ => new ActivationLayer(Activation.Silu),
        ["softplus"] = _ => new ActivationLayer(Activation.Softplus),
        ["leaky_relu"] = _ => new ActivationLayer(Activation.LeakyRelu),
        ["flatten"] = _ => new Flatten(),
        ["batchnorm1d"] = o => BatchNorm("batch_norm1d", o),
        ["batch_norm1d"] = o => BatchNorm("batch_norm1d", o),
        ["batchnorm2d"] = o => BatchNorm("batch_norm2d", o),
        ["batch_norm2d"] = o => BatchNorm("batch_norm2d", o),
    };

    public static Module Make(JsonElement layer)
    {
        Options options = new(layer);
        string type = options.Text("type", "");
        Module module = s_all.TryGetValue(type, out Func<Options, Module>? make)
            ? make(options)
            : throw new UnsupportedException($"layer {type}");
        options.RefuseUnread();
        return module;
    }

    /// <summary>This library's name of a parameter or buffer.</summary>
    public static string OwnName(Module layer, string name) => (layer, name) switch
    {
        (Layers.BatchNorm, "weight") => "gamma",
        (Layers.BatchNorm, "bias") => "beta",
        (Layers.BatchNorm, "running_var") => "running_variance",
        _ => name,
    };

    /// <summary>A layer of batch normalization from the reference's options.</summary>
    public static BatchNorm BatchNorm(string name, Options o)
    {
        int features = o.Integer("num_features", o.Integer("features", o.Integer("in", 0)));
        BatchNormOptions options = new()
        {
            Epsilon = o.Number("eps", 1e-5),
            Momentum = o.Element("momentum").ValueKind == JsonValueKind.Null ? null : o.Number("momentum", 0.1),
            Affine = o.Flag("affine", true),
            TrackRunningStatistics = o.Flag("track_running_stats", true),
        };
        return name switch
        {
            "batch_norm1d" => new BatchNorm1d(features, options),
            "batch_norm2d" => new BatchNorm2d(features, options),
            _ => throw new UnsupportedException($"operation {name}"),
        };
    }
}
