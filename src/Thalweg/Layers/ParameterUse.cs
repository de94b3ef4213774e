namespace Thalweg.Layers;

/// <summary>One operation of a recording that takes a parameter as it is, or under another shape, or as part of a
/// sum of parameters.</summary>
/// <param name="Parameter">Place of the parameter in the list that was asked for.</param>
/// <param name="Op">The operation.</param>
/// <param name="Input">Which input of the operation it is, from 0.</param>
public readonly record struct ParameterUse(int Parameter, RecordedOp Op, int Input)
{
    /// <summary>Whether the parameter is the weight of an affine map or a convolution.</summary>
    public bool IsLayerWeight => Input == 1 && Op.Kind == OpKind.Affine;

    /// <summary>All uses of parameters on the way to a result, in the order of computation.</summary>
    /// <param name="recording">The recording of the forward pass, or <see cref="Recording.Of"/> the result.</param>
    /// <param name="result">The end of the computation.</param>
    /// <param name="parameters">The parameters.</param>
    /// <remarks>Reshaped parameters and sums of two of one shape, as the biases of recurrent layers, have the derivative of
    /// the parameter itself.</remarks>
    public static IReadOnlyList<ParameterUse> Find(Recording recording, Tensor result, IReadOnlyList<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(parameters);
        Dictionary<Tensor, List<int>> aliases = [];
        for (int i = 0; i < parameters.Count; i++)
            aliases[parameters[i]] = [i];

        List<ParameterUse> uses = [];
        foreach (RecordedOp op in recording.Behind(result).Where(op => op.RequiresGrad))
        {
            bool isAlias = op.Name == "reshape" && aliases.ContainsKey(op.Input(0));
            isAlias |= op.Name == "add" && op.InputShape(0) == op.InputShape(1) && aliases.ContainsKey(op.Input(0)) &&
                aliases.ContainsKey(op.Input(1));
            for (int input = 0; input < op.InputCount; input++)
            {
                if (!aliases.TryGetValue(op.Input(input), out List<int>? positions))
                    continue;

                if (isAlias)
                {
                    aliases[op.Output] = [.. aliases.GetValueOrDefault(op.Output) ?? [], .. positions];
                    continue;
                }

                int at = input;
                uses.AddRange(positions.Select(position => new ParameterUse(position, op, at)));
            }
        }

        return uses;
    }
}
