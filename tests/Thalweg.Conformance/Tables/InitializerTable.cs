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
        ["kaiming_uniform"] = o => Kaiming(o, Initializer.HeUniform()),
        ["kaiming_normal"] = o => Kaiming(o, Initializer.HeNormal()),
    };

    /// <summary>The initializer and the shape in this library's order: the reference has [out, in, field...], this one [field..., in, out].</summary>
    public static (Initializer Initializer, Shape Shape) Make(string name, Options options)
    {
        if (!s_all.TryGetValue(name, out Func<Options, Initializer>? make))
        {
            throw new UnsupportedException($"initializer {name}");
        }

        int[] shape = options.Integers("shape");
        return (make(options), [.. shape[2..], shape[1], shape[0]]);
    }

    private static Initializer Kaiming(Options options, Initializer he)
    {
        (string mode, string nonlinearity) = (options.Text("mode", "fan_in"), options.Text("nonlinearity", "leaky_relu"));
        double slope = options.Number("a", 0);
        return mode == "fan_in" && (nonlinearity == "relu" || slope == 0)
            ? he
            : throw new UnsupportedException($"kaiming by {mode} for {nonlinearity} with slope {slope}");
    }
}
