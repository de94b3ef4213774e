using Thalweg.Conformance.Golden;
using Thalweg.Initializers;

namespace Thalweg.Conformance.Tables;

/// <summary>Initializers by the names of the reference.</summary>
internal static class InitializerTable
{
    private static readonly Dictionary<string, Func<Options, Initializer>> s_all = new()
    {
        ["xavier_uniform"] = o => Initializer.XavierUniform(o.Number("gain", 1)),
        ["xavier_normal"] = o => Initializer.XavierNormal(o.Number("gain", 1)),
        ["kaiming_uniform"] = o => Kaiming(o, Distribution.Uniform),
        ["kaiming_normal"] = o => Kaiming(o, Distribution.Normal),
        ["trunc_normal"] = o => Initializer.TruncatedNormal(o.Number("std", 1), o.Number("mean", 0), o.Number("a", -2), o.Number("b", 2)),
        ["orthogonal"] = o => Initializer.Orthogonal(o.Number("gain", 1)),
    };

    /// <summary>The initializer of a case and the tensors that it fills: weights <c>[out, in, window...]</c>, or vectors.</summary>
    public static (Initializer Initializer, Shape[] Shapes) Make(string name, Options options)
    {
        if (name == "default_layer_init")
            return LayerDefault(options);

        if (!s_all.TryGetValue(name, out Func<Options, Initializer>? make))
            throw new UnsupportedException($"initializer {name}");

        return (make(options), [new Shape(options.Integers("shape", 1000))]);
    }

    private static Initializer Kaiming(Options options, Distribution law)
    {
        (string mode, string nonlinearity) = (options.Text("mode", "fan_in"), options.Text("nonlinearity", "leaky_relu"));
        double slope = options.Number("a", 0), gain = Gain.Of(nonlinearity, slope);
        Fan fan = mode == "fan_in" ? Fan.In : Fan.Out;
        return nonlinearity switch
        {
            "relu" => Initializer.He(law, 0, fan),
            "leaky_relu" => Initializer.He(law, slope, fan),
            _ => Initializer.VarianceScaling(gain * gain, fan, law),
        };
    }

    /// <summary>How the reference starts its layers: weights by their fan-in, biases and recurrent layers by a number that
    /// the layer knows.</summary>
    private static (Initializer Initializer, Shape[] Shapes) LayerDefault(Options options)
    {
        string layer = options.Text("layer", "linear");
        if (layer is "lstm" or "gru" or "rnn")
        {
            (int hidden, int input) = (options.Integer("hidden", 1), options.Integer("input", 1));
            int gates = layer switch { "lstm" => 4, "gru" => 3, _ => 1 };
            return (Initializer.FanInUniform(hidden), [[gates * hidden, input], [gates * hidden, hidden], [gates * hidden]]);
        }

        int[] window = options.Integers("kernel");
        (int inputs, int outputs, int groups) = (options.Integer("in", 1), options.Integer("out", 1), options.Integer("groups", 1));
        // The reference counts the fan of transposed convolutions on their weight as it lies: [in, out / groups, window...].
        return (Initializer.FanInUniform(), [layer.StartsWith("conv_transpose", StringComparison.Ordinal)
            ? [inputs, outputs / groups, .. window]
            : [outputs, inputs / groups, .. window]]);
    }
}
