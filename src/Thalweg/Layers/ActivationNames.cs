namespace Thalweg.Layers;

/// <summary>Activations by the names that files and the command line use.</summary>
public static class ActivationNames
{
    private static readonly (string Name, Activation Activation)[] s_all =
    [
        ("none", Activation.None),
        ("relu", Activation.Relu),
        ("leaky_relu", Activation.LeakyRelu),
        ("elu", Activation.Elu),
        ("selu", Activation.Selu),
        ("gelu", Activation.Gelu),
        ("silu", Activation.Silu),
        ("softplus", Activation.Softplus),
        ("softsign", Activation.Softsign),
        ("tanh", Activation.Tanh),
        ("sigmoid", Activation.Sigmoid),
        ("hardtanh", Activation.Hardtanh),
        ("relu6", Activation.Relu6),
        ("celu", Activation.Celu),
        ("gelu_tanh", Activation.GeluTanh),
        ("mish", Activation.Mish),
        ("log_sigmoid", Activation.LogSigmoid),
        ("hard_sigmoid", Activation.HardSigmoid),
        ("hard_swish", Activation.HardSwish),
        ("tanh_shrink", Activation.TanhShrink),
        ("soft_shrink", Activation.SoftShrink),
        ("hard_shrink", Activation.HardShrink),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_all.Select(a => a.Name)];

    /// <summary>The name of an activation.</summary>
    /// <param name="activation">Which one.</param>
    public static string NameOf(Activation activation) => s_all.First(a => a.Activation == activation).Name;

    /// <summary>The activation of a name.</summary>
    /// <param name="name">Name in lower case, such as <c>relu</c>.</param>
    /// <exception cref="ThalwegException">No activation has the name; the message lists them.</exception>
    public static Activation Parse(string name)
    {
        foreach ((string known, Activation activation) in s_all)
        {
            if (known == name)
            {
                return activation;
            }
        }

        throw new ThalwegException($"[activation] expected one of {string.Join(", ", All)}, got '{name}'");
    }
}
