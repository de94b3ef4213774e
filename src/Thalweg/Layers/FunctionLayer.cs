using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>A function without weights as a layer: activations that mix the elements of an axis, and those with numbers
/// of their own.</summary>
/// <remarks>
/// Input <c>[...]</c>, output the same shape, halved along its axis by <see cref="Glu"/>; no parameters. For an activation of each element
/// with its usual numbers, <see cref="ActivationLayer"/> is enough. Source: at each function of <see cref="Tensor"/>.
/// </remarks>
public sealed class FunctionLayer : Module
{
    private static readonly Dictionary<string, (int Count, Func<Tensor, double[], Tensor> Apply)> s_functions = new()
    {
        ["softmax"] = (1, (x, a) => x.Softmax((int)a[0])),
        ["log_softmax"] = (1, (x, a) => x.LogSoftmax((int)a[0])),
        ["softmin"] = (1, (x, a) => x.Softmin((int)a[0])),
        ["glu"] = (1, (x, a) => x.Glu((int)a[0])),
        ["leaky_relu"] = (1, (x, a) => x.LeakyRelu(a[0])),
        ["elu"] = (1, (x, a) => x.Elu(a[0])),
        ["celu"] = (1, (x, a) => x.Celu(a[0])),
        ["softplus"] = (2, (x, a) => x.Softplus(a[0], a[1])),
        ["hardtanh"] = (2, (x, a) => x.Hardtanh(a[0], a[1])),
        ["soft_shrink"] = (1, (x, a) => x.SoftShrink(a[0])),
        ["hard_shrink"] = (1, (x, a) => x.HardShrink(a[0])),
        ["threshold"] = (2, (x, a) => x.Threshold(a[0], a[1])),
    };

    private readonly Func<Tensor, double[], Tensor> _apply;
    private readonly double[] _arguments;

    internal FunctionLayer(string function, params double[] arguments)
    {
        if (!s_functions.TryGetValue(function, out (int Count, Func<Tensor, double[], Tensor> Apply) known))
            throw new ThalwegException($"[function layer] expected one of {string.Join(", ", s_functions.Keys)}, got '{function}'");

        if (arguments.Length != known.Count || !arguments.All(double.IsFinite))
        {
            throw new ThalwegException(
                $"[function layer] expected {known.Count} finite numbers for '{function}', got [{string.Join(", ", arguments)}]");
        }

        (Function, _apply, _arguments) = (function, known.Apply, arguments);
    }

    /// <summary>Name of the function in files.</summary>
    public string Function { get; }

    /// <summary>The numbers of the function, in the order of the method that made the layer.</summary>
    public IReadOnlyList<double> Arguments => _arguments;

    /// <summary><see cref="Tensor.Softmax"/> over an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    public static FunctionLayer Softmax(int axis = -1) => new("softmax", axis);

    /// <summary><see cref="Tensor.LogSoftmax"/> over an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    public static FunctionLayer LogSoftmax(int axis = -1) => new("log_softmax", axis);

    /// <summary><see cref="Tensor.Softmin"/> over an axis.</summary>
    /// <param name="axis">Axis, from -Rank to Rank - 1; default the last.</param>
    public static FunctionLayer Softmin(int axis = -1) => new("softmin", axis);

    /// <summary><see cref="Tensor.Glu"/> over an axis, which it halves.</summary>
    /// <param name="axis">Axis of even size, from -Rank to Rank - 1; default the last.</param>
    public static FunctionLayer Glu(int axis = -1) => new("glu", axis);

    /// <summary><see cref="Tensor.LeakyRelu"/> of each element.</summary>
    /// <param name="slope">Slope below 0, dimensionless; default 0.01.</param>
    public static FunctionLayer LeakyRelu(double slope = 0.01) => new("leaky_relu", slope);

    /// <summary><see cref="Tensor.Elu"/> of each element.</summary>
    /// <param name="alpha">Minus the limit at minus infinity; default 1.</param>
    public static FunctionLayer Elu(double alpha = 1) => new("elu", alpha);

    /// <summary><see cref="Tensor.Celu"/> of each element.</summary>
    /// <param name="alpha">Minus the limit at minus infinity, above 0; default 1.</param>
    public static FunctionLayer Celu(double alpha = 1) => new("celu", alpha);

    /// <summary><see cref="Tensor.Softplus(double, double)"/> of each element.</summary>
    /// <param name="beta">Steepness, above 0; default 1.</param>
    /// <param name="threshold">Value of beta x above which the function is the identity; default 20.</param>
    public static FunctionLayer Softplus(double beta = 1, double threshold = 20) => new("softplus", beta, threshold);

    /// <summary><see cref="Tensor.Hardtanh"/> of each element.</summary>
    /// <param name="low">Smallest result; default -1.</param>
    /// <param name="high">Largest result; default 1.</param>
    public static FunctionLayer Hardtanh(double low = -1, double high = 1) => new("hardtanh", low, high);

    /// <summary><see cref="Tensor.SoftShrink"/> of each element.</summary>
    /// <param name="width">Half the width of the stretch that gives 0, 0 or more; default 0.5.</param>
    public static FunctionLayer SoftShrink(double width = 0.5) => new("soft_shrink", width);

    /// <summary><see cref="Tensor.HardShrink"/> of each element.</summary>
    /// <param name="width">Half the width of the stretch that gives 0, 0 or more; default 0.5.</param>
    public static FunctionLayer HardShrink(double width = 0.5) => new("hard_shrink", width);

    /// <summary><see cref="Tensor.Threshold"/> of each element.</summary>
    /// <param name="limit">What an element must exceed to stay.</param>
    /// <param name="value">What takes the place of the others; default 0.</param>
    public static FunctionLayer Threshold(double limit, double value = 0) => new("threshold", limit, value);

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x) => _apply(x, _arguments);

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "function",
        ["function"] = Function,
        ["arguments"] = new JsonArray([.. _arguments.Select(a => (JsonNode)a)]),
    };

    /// <summary>The layer of a description.</summary>
    internal static FunctionLayer Build(JsonObject description)
    {
        double[] arguments = description["arguments"] is JsonArray list
            ? [.. list.Select(node => node is JsonValue value && value.TryGetValue(out double number) ? number : double.NaN)]
            : [];
        return new(LayerRegistry.Read<string>(description, "function"), arguments);
    }
}
