namespace Thalweg.Layers;

/// <summary>Stacked recurrent layers as a function of their weights.</summary>
/// <remarks>
/// Names and shapes of weights for layer k from 0: <c>weight_ih_lk [in, gates * units]</c>, <c>weight_hh_lk [units, gates * units]</c>,
/// <c>bias_ih_lk</c> and <c>bias_hh_lk [gates * units]</c>, with <c>_reverse</c> for the way back.
/// </remarks>
public static class RecurrentStack
{
    /// <summary>Runs all layers over a batch of sequences.</summary>
    /// <param name="stack">Cell, settings and weights.</param>
    /// <param name="x">Input in the order that the settings say.</param>
    /// <param name="initial">State before the first step; null for zeros.</param>
    /// <param name="lengths">Length of each sequence; null where all are full.</param>
    /// <returns>Top states of all steps, zero past the ends, in the order of the input; and the final state. All of them without the batch
    /// where the input is one sequence <c>[time, in]</c>.</returns>
    public static (Tensor Output, RecurrentState Final) Run(in RecurrentWeights stack, Tensor x, RecurrentState? initial, int[]? lengths)
    {
        RecurrentOptions options = stack.Options;
        if (x.Rank == 2)
            return RunOne(stack, x, initial, lengths);

        Tensor below = options.BatchFirst ? x.Transpose(0, 1) : x;
        Tensor? full = lengths is null ? null : Mask(below, lengths);
        int states = options.Layers * options.Directions;
        PooledTensors hidden = new(states), memory = new(states);
        try
        {
            for (int layer = 0; layer < options.Layers; layer++)
            {
                below = RunLayer(stack, below, (initial, lengths, layer), ref hidden, ref memory);
                below = full is null ? below : below.Multiply(full);
                below = layer < options.Layers - 1 && stack.Between is { } between ? between(layer, below) : below;
            }

            RecurrentState final = new(Tensor.Stack(0, hidden.Span), memory.Span.IsEmpty ? null : Tensor.Stack(0, memory.Span));
            return (options.BatchFirst ? below.Transpose(0, 1) : below, final);
        }
        finally
        {
            hidden.Dispose();
            memory.Dispose();
        }
    }

    /// <summary>One layer in all its directions; adds its final states.</summary>
    private static Tensor RunLayer(
        in RecurrentWeights stack, Tensor below, (RecurrentState? Initial, int[]? Lengths, int Layer) at, ref PooledTensors hidden,
        ref PooledTensors memory)
    {
        int directions = stack.Options.Directions, time = below.Shape[0];
        PooledTensors outputs = new(directions);
        try
        {
            for (int direction = 0; direction < directions; direction++)
            {
                RecurrentScanOptions scan = at.Lengths is null
                    ? RecurrentScanOptions.Full(stack.Cell, direction == 1)
                    : new(stack.Cell, direction == 1, at.Lengths);
                Tensor all = Scan(stack, below, Start(stack, below, at.Initial, (at.Layer * directions) + direction), scan, at.Layer);
                outputs.Add(all.Slice(0, 0, time));
                hidden.Add(all.Select(0, scan.Reverse ? 0 : time - 1));
                if (scan.States == 2)
                    memory.Add(all.Select(0, time));
            }

            return Tensor.Concatenate(-1, outputs.Span);
        }
        finally
        {
            outputs.Dispose();
        }
    }

    /// <summary>One sequence <c>[time, in]</c> as a batch of one.</summary>
    private static (Tensor Output, RecurrentState Final) RunOne(
        in RecurrentWeights stack, Tensor x, RecurrentState? initial, int[]? lengths)
    {
        int batch = stack.Options.BatchFirst ? 0 : 1;
        RecurrentState? state = initial is { } given ? new(given.Hidden.Unsqueeze(1), given.Memory?.Unsqueeze(1)) : null;
        (Tensor output, RecurrentState final) = Run(stack, x.Unsqueeze(batch), state, lengths);
        return (output.Squeeze(batch), new(final.Hidden.Squeeze(1), final.Memory?.Squeeze(1)));
    }

    /// <summary>One layer in one direction: the input part of all gates and steps is one product.</summary>
    private static Tensor Scan(in RecurrentWeights stack, Tensor x, Tensor initial, RecurrentScanOptions scan, int layer)
    {
        RecurrentNames names = RecurrentNames.Of(layer, scan.Reverse);
        Tensor? inputBias = null, stateBias = null;
        if (stack.Options.Bias)
            (inputBias, stateBias) = (stack.Get(names.InputBias), stack.Get(names.StateBias));

        // Only where the gate acts on the product of the state does its bias stay apart.
        if (scan.Cell != RecurrentCell.Gru && stateBias is not null)
            (inputBias, stateBias) = (inputBias!.Add(stateBias), null);

        return x.Linear(stack.Get(names.InputWeight), inputBias)
            .RecurrentScan(initial, stack.Get(names.StateWeight), stateBias, scan);
    }

    private static Tensor Start(in RecurrentWeights stack, Tensor x, RecurrentState? initial, int index)
    {
        int states = stack.Cell == RecurrentCell.Lstm ? 2 : 1;
        if (initial is not { } state)
            return Tensor.Zeros([states, x.Shape[1], stack.Units], x.DType);

        return states == 1
            ? state.Hidden.Slice(0, index, 1)
            : Tensor.Concatenate(0, state.Hidden.Slice(0, index, 1), state.Memory!.Slice(0, index, 1));
    }

    /// <summary>1 within each sequence, 0 past its end, <c>[time, batch, 1]</c>.</summary>
    private static Tensor Mask(Tensor x, int[] lengths)
    {
        Tensor mask = Tensor.Zeros([x.Shape[0], lengths.Length, 1], x.DType);
        for (int sequence = 0; sequence < lengths.Length; sequence++)
        {
            for (int time = 0; time < Math.Min(lengths[sequence], x.Shape[0]); time++)
                mask.Write(((long)time * lengths.Length) + sequence, 1);
        }

        return mask;
    }
}

/// <summary>What <see cref="RecurrentStack"/> runs.</summary>
/// <param name="Cell">What is computed in each step.</param>
/// <param name="Units">Number of units.</param>
/// <param name="Options">Settings.</param>
/// <param name="Get">The weight of a name.</param>
/// <param name="Between">Applied to what layer number so-and-so gives to the next, or null.</param>
public readonly record struct RecurrentWeights(
    RecurrentCell Cell, int Units, RecurrentOptions Options, Func<string, Tensor> Get, Func<int, Tensor, Tensor>? Between = null);
