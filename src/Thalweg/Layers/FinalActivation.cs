namespace Thalweg.Layers;

/// <summary>The function that the outputs of a network come from.</summary>
internal static class FinalActivation
{
    /// <summary>The name where a network ends in a layer that is linear in its weights.</summary>
    public const string None = "none";

    /// <summary>The name where a network ends in something else than a function that is known.</summary>
    public const string Unknown = "";

    /// <summary>Name of the function, such as <c>sigmoid</c>, <c>softmax</c> or <see cref="None"/>.</summary>
    /// <param name="module">The network.</param>
    public static string Of(Module module) => module switch
    {
        Sequential { Modules: [.., (_, Module last)] } => Of(last),
        ActivationLayer layer => ActivationNames.NameOf(layer.Activation),
        FunctionLayer layer => layer.Function,
        Dense dense => ActivationNames.NameOf(dense.Activation),
        _ => Unknown,
    };

    /// <summary>Whether each output depends on the others.</summary>
    /// <param name="name">Name of a function.</param>
    public static bool MixesOutputs(string name) => name is "softmax" or "log_softmax" or "softmin";

    /// <summary>The numbers that a function gives; all where that is not known.</summary>
    /// <param name="name">Name of a function.</param>
    public static (double Low, double High) Range(string name) => name switch
    {
        "relu" or "softplus" => (0, double.PositiveInfinity),
        "relu6" => (0, 6),
        "sigmoid" or "hard_sigmoid" or "softmax" or "softmin" => (0, 1),
        "tanh" or "softsign" or "hardtanh" => (-1, 1),
        "log_sigmoid" or "log_softmax" => (double.NegativeInfinity, 0),
        _ => (double.NegativeInfinity, double.PositiveInfinity),
    };
}
