namespace Thalweg;

/// <summary>What an operation does, as far as tools that read a <see cref="Recording"/> distinguish operations.</summary>
public enum OpKind
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>The same function of each element of one tensor.</summary>
    Elementwise,

    /// <summary>A function of pairs of elements of two tensors, with broadcasting.</summary>
    Pairwise,

    /// <summary>activation(x W + b), or a convolution: input 0 is x, 1 the weight, 2 the bias if any; has
    /// <see cref="InnerValue.PreActivation"/>.</summary>
    Affine,

    /// <summary>A product of matrices.</summary>
    Product,

    /// <summary>Mean and variance set to fixed values.</summary>
    Normalization,

    /// <summary>A cell applied step after step in time.</summary>
    Recurrent,

    /// <summary>Scaled dot-product attention.</summary>
    Attention,

    /// <summary>Rows of a table by index.</summary>
    Lookup,

    /// <summary>Windows of an image or signal, each to one number.</summary>
    Pooling,

    /// <summary>Sums and extremes over axes.</summary>
    Reduction,

    /// <summary>The same elements in another arrangement, or some of them.</summary>
    Arrangement,

    /// <summary>Random numbers enter.</summary>
    Random,

    /// <summary>A loss against targets.</summary>
    Loss,
}

/// <summary>A named setting of an operation.</summary>
/// <param name="Name">Name in snake_case, such as <c>epsilon</c>.</param>
/// <param name="Value">A number, truth value, text, enumeration, <see cref="Shape"/>, array of integers or options record.</param>
public readonly record struct OpAttribute(string Name, object Value);

/// <summary>A value that an operation computes on the way to its result.</summary>
/// <param name="Name">Name in snake_case.</param>
/// <param name="IsStored">Whether it lies in memory until the backward pass; if not, it is computed again where it is asked for.</param>
public readonly record struct InnerValue(string Name, bool IsStored)
{
    /// <summary>x W + b of an affine map, before its activation.</summary>
    public const string PreActivation = "pre_activation";

    /// <summary>States that each step of a recurrent scan began with.</summary>
    public const string PreviousStates = "previous_states";

    /// <summary>State times weight in each step of a recurrent scan; has a gradient alone.</summary>
    public const string StateProduct = "state_product";
}

/// <summary>Takes down what an operation says of itself; see <see cref="Op.Describe"/>.</summary>
public sealed class OpDescription
{
    private readonly List<OpAttribute> _attributes = [];
    private readonly List<Inner> _inner = [];
    private string[] _inputs = [];

    /// <summary>What the operation does; default other.</summary>
    public OpKind Kind { get; private set; }

    internal IReadOnlyList<OpAttribute> AllAttributes => _attributes;

    internal IReadOnlyList<Inner> AllInner => _inner;

    internal Func<OpCall, Tensor, Tensor, Tensor>? WeightGradients { get; private set; }

    /// <summary>Says what the operation does.</summary>
    /// <param name="kind">What it does.</param>
    /// <returns>This description.</returns>
    public OpDescription Of(OpKind kind)
    {
        Kind = kind;
        return this;
    }

    /// <summary>Names the inputs in order.</summary>
    /// <param name="names">Names in snake_case, such as <c>weight</c>; those of optional inputs last.</param>
    /// <returns>This description.</returns>
    public OpDescription Inputs(params ReadOnlySpan<string> names)
    {
        _inputs = names.ToArray();
        return this;
    }

    /// <summary>Adds a setting.</summary>
    /// <param name="name">Name in snake_case.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This description.</returns>
    public OpDescription Attribute(string name, object value)
    {
        _attributes.Add(new(name, value));
        return this;
    }

    /// <summary>Adds a value that the operation computes on the way.</summary>
    /// <param name="value">Its name, and whether it is stored.</param>
    /// <param name="read">The value from the call and its result, which is null where it is not at hand; null where the value
    /// cannot be had.</param>
    /// <param name="gradient">Its gradient from the call, its result and the gradient of that; null where it cannot be had.</param>
    /// <returns>This description.</returns>
    public OpDescription Value(
        InnerValue value, Func<OpCall, Tensor?, Tensor>? read, Func<OpCall, Tensor, Tensor, Tensor>? gradient = null)
    {
        _inner.Add(new(value, read, gradient));
        return this;
    }

    /// <summary>Says how the gradient of the weight (input 1) follows for single samples.</summary>
    /// <param name="gradients">From the call, inputs <c>[samples, ...]</c> and gradients before the activation <c>[samples, ...]</c> the
    /// gradients <c>[samples, size of the weight]</c>.</param>
    /// <returns>This description.</returns>
    public OpDescription SampleGradients(Func<OpCall, Tensor, Tensor, Tensor> gradients)
    {
        WeightGradients = gradients;
        return this;
    }

    internal OpDescription Affine(Activation activation) =>
        Of(OpKind.Affine).Inputs("input", "weight", "bias").Attribute("activation", activation);

    internal string NameOf(int input) => input < _inputs.Length ? _inputs[input] : $"input_{input}";

    internal int PositionOf(string name) => Array.IndexOf(_inputs, name);

    internal sealed record Inner(
        InnerValue Value, Func<OpCall, Tensor?, Tensor>? Read, Func<OpCall, Tensor, Tensor, Tensor>? Gradient);
}
