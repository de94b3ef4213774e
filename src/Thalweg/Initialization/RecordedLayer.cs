using Thalweg.Layers;

namespace Thalweg.Initialization;

/// <summary>One use of a weight in a recorded computation: activation(x W + b), or its convolution.</summary>
/// <param name="Name">Full name of the weight, such as <c>1.weight</c>.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Use">Where it is used.</param>
internal sealed record RecordedLayer(string Name, Parameter Weight, ParameterUse Use)
{
    /// <summary>x.</summary>
    public Tensor Input => Output.Call[0];

    /// <summary>Result of the operation, with the activation where it is fused.</summary>
    public Tensor Output => Use.Result;

    /// <summary>The activation inside the operation.</summary>
    public Activation Fused => (Activation)Output.Call.Arguments.First;

    /// <summary>The layers of a computation in the order in which they ran.</summary>
    /// <param name="module">The network.</param>
    /// <param name="y">What it computed while operations were recorded.</param>
    public static List<RecordedLayer> Of(Module module, Tensor y)
    {
        (string Name, Parameter Parameter)[] weights =
            [.. module.NamedParameters().Where(p => p.Parameter.Role == ParameterRole.Weight).DistinctBy(p => p.Parameter.Value)];
        return [.. ParameterUse.Find(y, [.. weights.Select(p => p.Parameter.Value)]).Where(use => use.IsLayerWeight)
            .Select(use => new RecordedLayer(weights[use.Parameter].Name, weights[use.Parameter].Parameter, use))];
    }

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
}
