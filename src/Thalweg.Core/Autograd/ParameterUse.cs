namespace Thalweg;

/// <summary>One recorded operation that takes a parameter as it is, or under another shape, or as part of a sum of parameters.</summary>
/// <param name="Parameter">Place of the parameter in the list that was asked for.</param>
/// <param name="Result">Result of the operation.</param>
/// <param name="Input">Which input of the operation it is.</param>
internal readonly record struct ParameterUse(int Parameter, Tensor Result, int Input)
{
    /// <summary>Whether the parameter is the weight of an affine map or a convolution.</summary>
    public bool IsLayerWeight => Input == 1 && IsLayer(Result);

    /// <summary>Whether a tensor is the result of an affine map or a convolution: activation(x W + b).</summary>
    /// <param name="node">Any tensor.</param>
    public static bool IsLayer(Tensor node) => node.Creator is LinearOp or ConvolutionOp or TransposedConvolutionOp;

    /// <summary>The cotangent of x W + b of a layer, before the activation that is part of the operation.</summary>
    /// <param name="layer">Result of the layer; see <see cref="IsLayer"/>.</param>
    /// <param name="cotangent">That of the result.</param>
    public static Tensor BeforeActivation(Tensor layer, Tensor cotangent) => layer.Creator is LinearOp
        ? LinearOp.BeforeActivation(layer.Call, layer, cotangent)
        : ConvolutionFamilyOp.Masked(layer.Call, layer, cotangent);

    /// <summary>All uses of parameters on the way to a result, in the order of computation.</summary>
    /// <param name="result">The end of a recorded computation.</param>
    /// <param name="parameters">The parameters.</param>
    /// <remarks>Reshaped parameters and sums of two of one shape, as the biases of recurrent layers, have the derivative of the parameter
    /// itself.</remarks>
    public static List<ParameterUse> Find(Tensor result, IReadOnlyList<Tensor> parameters)
    {
        Dictionary<Tensor, List<int>> aliases = [];
        for (int i = 0; i < parameters.Count; i++)
        {
            aliases[parameters[i]] = [i];
        }

        List<ParameterUse> uses = [];
        foreach (Tensor node in RecordedGraph.Nodes(result))
        {
            ref readonly OpCall call = ref node.Call;
            bool isAlias = node.Creator is ReshapeOp && aliases.ContainsKey(call[0]);
            isAlias |= node.Creator is AddOp && call[0].Shape == call[1].Shape && aliases.ContainsKey(call[0]) &&
                aliases.ContainsKey(call[1]);
            for (int input = 0; input < call.Count; input++)
            {
                if (!aliases.TryGetValue(call[input], out List<int>? places))
                {
                    continue;
                }

                if (isAlias)
                {
                    aliases[node] = [.. aliases.GetValueOrDefault(node) ?? [], .. places];
                    continue;
                }

                int at = input;
                uses.AddRange(places.Select(place => new ParameterUse(place, node, at)));
            }
        }

        return uses;
    }

    /// <summary>Whether the result of a product is the input part of a recurrent scan, whose first axis is time.</summary>
    public static HashSet<Tensor> ScanInputs(Tensor result) =>
        [.. RecordedGraph.Nodes(result).Where(node => node.Creator is RecurrentOp).Select(node => node.Call[0])];
}
