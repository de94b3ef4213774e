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
        ["batchnorm1d"] = BatchNorm,
        ["batch_norm1d"] = BatchNorm,
    };

    public static Module Make(JsonElement layer)
    {
        Options options = new(layer);
        string type = options.Text("type", "");
        Module module = s_all.TryGetValue(type, out Func<Options, Module>? make) ? make(options) : throw new UnsupportedException($"layer {type}");
        options.RefuseUnread();
        return module;
    }

    /// <summary>This library's name of a parameter or buffer.</summary>
    public static string OwnName(Module layer, string name) => (layer, name) switch
    {
        (BatchNorm1d, "weight") => "gamma",
        (BatchNorm1d, "bias") => "beta",
        (BatchNorm1d, "running_var") => "running_variance",
        _ => name,
    };

    private static BatchNorm1d BatchNorm(Options o) =>
        new(o.Integer("num_features", o.Integer("features", 0)), o.Number("eps", 1e-5), o.Number("momentum", 0.1));
}
