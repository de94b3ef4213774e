using Thalweg.Layers;

namespace Thalweg.Initialization;

/// <summary>One use of a weight in a recorded computation: activation(x W + b), or its convolution.</summary>
/// <param name="Name">Full name of the weight, such as <c>1.weight</c>.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Input">x.</param>
/// <param name="Output">Result of the operation, with the activation where it is fused.</param>
internal sealed record RecordedLayer(string Name, Parameter Weight, Tensor Input, Tensor Output)
{
    /// <summary>The activation inside the operation.</summary>
    public Activation Fused => IsLayer(Output) ? (Activation)Output.Call.Arguments.First : Activation.None;

    /// <summary>The layers of a computation in the order in which they ran.</summary>
    /// <param name="module">The network.</param>
    /// <param name="y">What it computed while operations were recorded.</param>
    public static List<RecordedLayer> Of(Module module, Tensor y)
    {
        Dictionary<Tensor, (string Name, Parameter Parameter)> weights = new(ReferenceEqualityComparer.Instance);
        foreach ((string name, Parameter parameter) in module.NamedParameters().Where(p => p.Parameter.Role == ParameterRole.Weight))
        {
            weights.TryAdd(parameter.Value, (name, parameter));
        }

        List<RecordedLayer> layers = [];
        foreach (Tensor node in Nodes(y).Where(IsLayer))
        {
            if (weights.TryGetValue(Origin(node.Call[1]), out (string Name, Parameter Parameter) weight))
            {
                layers.Add(new RecordedLayer(weight.Name, weight.Parameter, node.Call[0], node));
            }
        }

        return layers;
    }

    /// <summary>All recorded results that y depends on, and y, in the order in which they were computed.</summary>
    /// <param name="y">A result.</param>
    public static List<Tensor> Nodes(Tensor y)
    {
        HashSet<Tensor> seen = new(ReferenceEqualityComparer.Instance);
        Stack<Tensor> open = new([y]);
        List<Tensor> nodes = [];
        while (open.TryPop(out Tensor? node))
        {
            if (node.Creator is null || !seen.Add(node))
            {
                continue;
            }

            nodes.Add(node);
            for (int i = 0; i < node.Call.Count; i++)
            {
                open.Push(node.Call[i]);
            }
        }

        nodes.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return nodes;
    }

    /// <summary>Whether a tensor is the result of an affine map or a convolution.</summary>
    /// <param name="node">Any tensor.</param>
    public static bool IsLayer(Tensor node) => node.Creator is LinearOp or ConvolutionOp or TransposedConvolutionOp;

    /// <summary>The result before the activation: x W + b.</summary>
    public Tensor BeforeActivation()
    {
        if (Fused == Activation.None)
        {
            return Output;
        }

        using NoGrad silence = NoGrad.Begin();
        return Again(Input, Output.Call[1], Output.Call.Count > 2 ? Output.Call[2] : null);
    }

    /// <summary>Products with other numbers than zero of padding that an element of the result sums, on average.</summary>
    public double Terms()
    {
        using NoGrad silence = NoGrad.Begin();
        Tensor weight = Output.Call[1];
        Tensor sample = Tensor.Ones(Input.Shape.With(0, 1), DType.Float64);
        return Input.Rank < 4 ? weight.Shape[0] : Again(sample, Tensor.Ones(weight.Shape, DType.Float64), null).Mean().Item();
    }

    private Tensor Again(Tensor x, Tensor weight, Tensor? bias)
    {
        OpArguments arguments = Output.Call.Arguments with { First = 0 };
        if (Output.Creator is not LinearOp)
        {
            arguments = arguments with { Shape = Output.Shape.With(0, x.Shape[0]) };
        }

        return Output.Creator!.Apply(arguments, x, weight, bias);
    }

    /// <summary>The tensor that views of it, such as a window without its axis of height, come from.</summary>
    private static Tensor Origin(Tensor tensor)
    {
        while (tensor.Creator is ReshapeOp)
        {
            tensor = tensor.Call[0];
        }

        return tensor;
    }
}
