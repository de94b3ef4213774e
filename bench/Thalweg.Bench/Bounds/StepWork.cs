using Thalweg.Layers;
using Thalweg.Training;

namespace Thalweg.Bench.Bounds;

/// <summary>What a step has to do at least, whatever the program: counted from the recorded operations of the network.</summary>
/// <param name="Operations">Floating-point operations of the matrix products, by their definition; two for each multiply-add.</param>
/// <param name="Numbers">Single-precision numbers that must move; see <see cref="IsReadOnly"/>.</param>
/// <param name="IsReadOnly">Whether the numbers are read; else each is read and written.</param>
/// <remarks>
/// Products count forward and backward, without the gradient of what nothing learns from, as the network's input. Numbers of a training step: weights
/// and the state of the optimizer, which are read and written, and the inputs of products that the backward pass needs again, which are written once and
/// read once. Numbers of a forward pass: the weights, which are read. What a program moves besides, such as activations between two
/// layers or packed panels, a better one could leave out.
/// </remarks>
internal sealed record StepWork(double Operations, long Numbers, bool IsReadOnly = false)
{
    /// <summary>Counts a training step.</summary>
    /// <param name="trainer">Whose network, optimizer and batch size it is; weights and statistics may change by the forward pass.</param>
    /// <param name="input">A batch.</param>
    public static StepWork OfTraining(Trainer trainer, Tensor input)
    {
        using ForwardScope training = ForwardContext.Training();
        (double forward, double backward, long kept) = Count(trainer.Module, input);
        long state = trainer.Optimizer.State.Slots.Sum(slot => slot.Values.Length);
        return new StepWork(forward + backward, trainer.Parameters.Values.Length + state + kept);
    }

    /// <summary>Counts a forward pass.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">A batch.</param>
    public static StepWork OfInference(Module network, Tensor input)
    {
        using NoGrad silence = NoGrad.Begin();
        using ForwardScope evaluation = ForwardContext.Evaluation();
        return new StepWork(Count(network, input).Forward, network.ParameterCount, IsReadOnly: true);
    }

    /// <summary>Operations of the products each way, and numbers that the backward pass needs again.</summary>
    private static (double Forward, double Backward, long Kept) Count(Module network, Tensor input)
    {
        using Recording recording = Recording.Start(new RecordingOptions { Gradients = false });
        using StepScope scope = StepScope.Begin();
        network.Forward(input);
        HashSet<Tensor> kept = new(ReferenceEqualityComparer.Instance);
        double forward = 0, backward = 0;
        foreach (RecordedOp op in recording.Ops)
        {
            ProductCount count = ProductCount.Of(op);
            forward += count.Forward;
            backward += count.Backward;
            foreach (int needed in count.Needed)
                kept.Add(Source(recording, op.Input(needed)));
        }

        recording.Stop();
        return (forward, backward, kept.Where(tensor => !IsParameter(recording, tensor)).Sum(tensor => tensor.Shape.Length));
    }

    /// <summary>The tensor whose elements another one shows in another arrangement.</summary>
    private static Tensor Source(Recording recording, Tensor tensor)
    {
        while (recording.OpOf(tensor) is { Kind: OpKind.Arrangement, InputCount: 1 } view && view.InputShape(0).Length == tensor.Shape.Length)
            tensor = view.Input(0);

        return tensor;
    }

    private static bool IsParameter(Recording recording, Tensor tensor) => tensor.RequiresGrad && recording.OpOf(tensor) is null;
}

/// <summary>The matrix products of an operation.</summary>
/// <param name="Forward">Floating-point operations forward.</param>
/// <param name="Backward">Floating-point operations of the gradients that somebody needs.</param>
/// <param name="Needed">Places of the inputs that the backward pass reads.</param>
internal readonly record struct ProductCount(double Forward, double Backward, int[] Needed)
{
    /// <summary>Counts an operation; one without products has none.</summary>
    public static ProductCount Of(RecordedOp op) => op.Kind switch
    {
        OpKind.Affine or OpKind.Product => OfPair(op),
        OpKind.Recurrent => OfScan(op),
        OpKind.Attention => OfAttention(op),
        _ => new(0, 0, []),
    };

    /// <summary>x W of layers, windows and matrices.</summary>
    private static ProductCount OfPair(RecordedOp op)
    {
        (Shape left, Shape right) = (op.InputShape(0), op.InputShape(1));
        bool isWindow = op.Kind == OpKind.Affine && right.Rank > 2;
        // Each number of the result, or of what is transposed back, takes part in as many multiply-adds as a window has numbers.
        double forward = !isWindow ? 2.0 * op.OutputShape.Length * left[left.Rank - 1]
            : 2.0 * (IsTransposed(op) ? left : op.OutputShape).Length * (right.Length / right[0]);
        (bool wantsLeft, bool wantsRight) = (op.Input(0).RequiresGrad, op.Input(1).RequiresGrad);
        int[] needed = [.. wantsRight ? [0] : Array.Empty<int>(), .. wantsLeft ? [1] : Array.Empty<int>()];
        return new(forward, forward * ((wantsLeft ? 1 : 0) + (wantsRight ? 1 : 0)), needed);
    }

    private static bool IsTransposed(RecordedOp op) => op.Name.Contains("transposed", StringComparison.Ordinal);

    /// <summary>The state's product of each step in time; that of the input is an operation of its own.</summary>
    private static ProductCount OfScan(RecordedOp op)
    {
        Shape input = op.InputShape(0);
        double forward = 2.0 * input[0] * input[1] * op.InputShape(2).Length;
        return op.RequiresGrad ? new(forward, 2 * forward, [0]) : new(forward, 0, []);
    }

    /// <summary>Queries times keys, and weights times values; each has two gradients.</summary>
    private static ProductCount OfAttention(RecordedOp op)
    {
        bool isPacked = op.IndexOfInput("projection") >= 0, isCausal = op.Attribute("causal", false);
        Shape query = op.InputShape(0), key = isPacked ? query : op.InputShape(1);
        int axis = query.Rank - 2, length = query[axis];
        double numbers = query.Length / (isPacked ? 3.0 : 1);
        // Under a causal mask a query meets half of the keys, itself included.
        double met = isCausal ? (length + 1) / 2.0 : key[axis];
        double forward = 2 * 2.0 * numbers * met;
        int[] needed = [.. isPacked ? [0] : (int[])[0, 1, 2]];
        return op.RequiresGrad ? new(forward, 2 * forward, needed) : new(forward, 0, []);
    }
}
