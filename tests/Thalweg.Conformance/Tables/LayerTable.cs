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
        ["flatten"] = _ => new Flatten(),
        ["layer_norm"] = o => new LayerNorm(new Shape([.. o.Integers("normalized_shape", 1)]), o.Number("eps", 1e-5)),
        ["batchnorm1d"] = o => BatchNorm("batch_norm1d", o),
        ["batch_norm1d"] = o => BatchNorm("batch_norm1d", o),
        ["batchnorm2d"] = o => BatchNorm("batch_norm2d", o),
        ["batch_norm2d"] = o => BatchNorm("batch_norm2d", o),
    };

    public static Module Make(JsonElement layer)
    {
        Options options = new(layer);
        string type = options.Text("type", "");
        Module module = s_all.TryGetValue(type, out Func<Options, Module>? make) ? make(options)
            : ActivationTable.WithoutWeights.TryGetValue(type, out Func<Tensor, Options, Tensor>? activation) ? Fixed(activation, options)
            : throw new UnsupportedException($"layer {type}");
        options.RefuseUnread();
        return module;
    }

    /// <summary>This library's name of a parameter or buffer.</summary>
    public static string OwnName(Module layer, string name) => (layer, name) switch
    {
        (Layers.BatchNorm or LayerNorm, "weight") => "gamma",
        (Layers.BatchNorm or LayerNorm, "bias") => "beta",
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

    /// <summary>A layer without weights; its options are read at once, so that one that it does not know is refused.</summary>
    private static FunctionLayer Fixed(Func<Tensor, Options, Tensor> activation, Options options)
    {
        activation(Tensor.From([0.5, -0.5], [1, 2]), options);
        return new FunctionLayer(x => activation(x, options));
    }

    private sealed class FunctionLayer(Func<Tensor, Tensor> function) : Module
    {
        public override Tensor Forward(Tensor x) => function(x);
    }
}
