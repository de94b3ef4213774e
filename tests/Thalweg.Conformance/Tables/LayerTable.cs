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
        ["identity"] = _ => new Sequential(),
        ["prelu"] = o => new PRelu(o.Integer("num_parameters", 1), o.Number("init", 0.25)),
        ["layernorm"] = o => new LayerNorm(
            new Shape([.. o.Integers(o.Has("normalized_shape") ? "normalized_shape" : "features", 1)]), o.Number("eps", 1e-5)),
        ["batchnorm1d"] = o => BatchNorm("batch_norm1d", o),
        ["batchnorm2d"] = o => BatchNorm("batch_norm2d", o),
        ["conv1d"] = o => new Conv1d(o.Integer("in", 1), o.Integer("out", 1), Window(o).Width, ConvolutionTable.Convolution(o),
            o.Flag("bias", true)),
        ["conv2d"] = o => new Conv2d(o.Integer("in", 1), o.Integer("out", 1), Window(o), ConvolutionTable.Convolution(o),
            o.Flag("bias", true)),
        ["maxpool2d"] = o => new MaxPool2d(PoolingTable.Pooling(o) with { KernelSize = Window(o) }),
        ["avgpool2d"] = o => new AvgPool2d(PoolingTable.Pooling(o) with { KernelSize = Window(o) }),
        ["dropout"] = o => o.Number("p", 0.5) == 0
            ? new Dropout(0)
            : throw new UnsupportedException("dropout, whose random numbers no case lists"),
    };

    private static readonly Dictionary<string, Func<Tensor, Options, Tensor>> s_activations =
        ActivationTable.WithoutWeights.ToDictionary(known => Plain(known.Key), known => known.Value);

    public static Module Make(JsonElement layer)
    {
        Options options = new(layer);
        string type = options.Text("type", ""), plain = Plain(type);
        Module module = s_all.TryGetValue(plain, out Func<Options, Module>? make) ? make(options)
            : s_activations.TryGetValue(plain, out Func<Tensor, Options, Tensor>? activation) ? Fixed(activation, options)
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
        (PRelu, "weight") => "slope",
        _ => name,
    };

    /// <summary>A layer of batch normalization from the reference's options.</summary>
    public static BatchNorm BatchNorm(string name, Options o)
    {
        int features = o.Integer("num_features", o.Integer("features", o.Integer("channels", o.Integer("in", 0))));
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

    /// <summary>A type whether it is written as a class or as a function: <c>BatchNorm1d</c> is <c>batch_norm1d</c>.</summary>
    private static string Plain(string type) => type.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static Size2d Window(Options o) => ConvolutionTable.Size(o, o.Has("kernel_size") ? "kernel_size" : "kernel", 1);

    /// <summary>A layer without weights; its options are read at once, so that one that it does not know is refused.</summary>
    private static FunctionLayer Fixed(Func<Tensor, Options, Tensor> activation, Options options)
    {
        activation(Tensor.From([0.5, -0.5], [1, 2]), options);
        return new FunctionLayer(x => activation(x, options));
    }

    private sealed class FunctionLayer(Func<Tensor, Tensor> function) : Module
    {
        protected override Tensor ForwardCore(Tensor x) => function(x);
    }
}
