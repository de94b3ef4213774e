namespace Thalweg.Layers;

/// <summary>One use of a weight in a recorded computation: activation(x W + b), or its convolution.</summary>
/// <param name="Name">Full name of the weight, such as <c>1.weight</c>.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Op">The operation: input 0 is x, 1 is W, 2 is b if there is one.</param>
public sealed record RecordedLayer(string Name, Parameter Weight, RecordedOp Op)
{
    /// <summary>The activation inside the operation.</summary>
    public Activation Fused => Op.Attribute("activation", Activation.None);

    /// <summary>The layers of a computation in the order in which they ran.</summary>
    /// <param name="module">The network.</param>
    /// <param name="recording">The recording of its forward pass.</param>
    /// <param name="y">What it computed.</param>
    public static IReadOnlyList<RecordedLayer> Of(Module module, Recording recording, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(module);
        (string Name, Parameter Parameter)[] weights =
            [.. module.NamedParameters().Where(p => p.Parameter.Role == ParameterRole.Weight).DistinctBy(p => p.Parameter.Value)];
        return [.. ParameterUse.Find(recording, y, [.. weights.Select(p => p.Parameter.Value)]).Where(use => use.IsLayerWeight)
            .Select(use => new RecordedLayer(weights[use.Parameter].Name, weights[use.Parameter].Parameter, use.Op))];
    }

    /// <summary>The result before the activation: x W + b.</summary>
    public Tensor BeforeActivation() => Op.Inner(InnerValue.PreActivation);

    /// <summary>Products with other numbers than zero of padding that an element of the result sums, on average.</summary>
    public double Terms()
    {
        Shape x = Op.InputShape(0), weight = Op.InputShape(1);
        return x.Rank < 4
            ? weight[0]
            : Op.Inner(InnerValue.PreActivation, Tensor.Ones(x.With(0, 1), DType.Float64), Tensor.Ones(weight, DType.Float64)).Mean()
                .Item();
    }
}
