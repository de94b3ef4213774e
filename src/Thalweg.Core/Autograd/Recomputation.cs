namespace Thalweg;

/// <summary>Activation checkpointing: keeps the input and the output of a part of a computation, and computes what lies between again in
/// the backward pass.</summary>
/// <remarks>
/// Memory for one more forward pass: of a chain of n layers in k parts, the results of n / k layers and of k borders lie in memory at
/// once, instead of n.
/// Source: Chen, Xu, Zhang, Guestrin, "Training deep nets with sublinear memory cost", 2016, section 3.
/// </remarks>
public static class Recomputation
{
    [ThreadStatic]
    private static int t_replays;

    [ThreadStatic]
    private static Stack<StepMemory>? t_spare;

    [ThreadStatic]
    private static long t_bytes;

    /// <summary>Whether this thread computes a part again for its backward pass: what a forward pass changes, such as running statistics,
    /// was changed already.</summary>
    public static bool IsReplay => t_replays > 0;

    /// <summary>Bytes that this thread holds for the inside of parts.</summary>
    internal static long Bytes => t_bytes;

    /// <summary>Applies a function without keeping what it computes on the way.</summary>
    /// <param name="function">The function; given the same input it must compute the same. Modules draw the random numbers of the first
    /// time again, in the same mode; custom streams must be named anew each time.</param>
    /// <param name="x">Its input.</param>
    /// <param name="parameters">All other tensors that it reads and that require grad.</param>
    /// <returns>What the function returns, to the bit; its derivatives of any order as well.</returns>
    public static Tensor Apply(Func<Tensor, Tensor> function, Tensor x, params ReadOnlySpan<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        Tensor[] inputs = [x, .. parameters];
        return Op.IsRecording && inputs.Any(input => input.RequiresGrad)
            ? RecomputeOp.Instance.Apply(new OpArguments { Settings = new RecomputedPart(function) }, inputs)
            : function(x);
    }

    /// <summary>Computes a part again, recording it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="x">Its input.</param>
    /// <param name="y">Its result as of the first time.</param>
    internal static Tensor Replay(RecomputedPart part, Tensor x, Tensor y)
    {
        using RecordingSwitch recording = RecordingPause.Switch(isOn: false);
        using Recording.ReplayRecording shown = Recording.EnterReplay(y);
        t_replays++;
        try
        {
            return part.Again(x);
        }
        finally
        {
            t_replays--;
        }
    }

    /// <summary>Memory of this thread for the inside of one part; give it back with <see cref="Return"/>.</summary>
    /// <param name="outer">The memory of the step, or null: where that uses tensor objects again, so does the inside.</param>
    internal static StepMemory Rent(StepPool? outer)
    {
        StepMemory memory = (t_spare ??= []).TryPop(out StepMemory? spare) ? spare : new StepMemory();
        t_bytes -= memory.Bytes;
        memory.RecycleHandles |= outer is { RecycleHandles: true };
        return memory;
    }

    /// <summary>Takes memory back, its scope ended.</summary>
    internal static void Return(StepMemory memory)
    {
        t_bytes += memory.Bytes;
        t_spare!.Push(memory);
    }
}

/// <summary>A function of its first input that reads the other inputs, computed again for its derivative.</summary>
internal sealed class RecomputeOp : Op
{
    public static readonly RecomputeOp Instance = new();

    public override string Name => "recompute";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Inputs("input").Value(new InnerValue("inside", IsStored: false), read: null);

    protected internal override Tensor Forward(ref OpCall call)
    {
        StepPool? outer = StepPool.Current;
        StepMemory inner = Recomputation.Rent(outer);
        try
        {
            using StepScope scope = inner.Begin();
            using NoGrad silence = NoGrad.Begin();
            return Outside(outer, Part(call).First(call[0]));
        }
        finally
        {
            Recomputation.Return(inner);
        }
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        OpCall inputs = call;
        int[] wanted = Wanted(call, gx);
        Tensor again = Recomputation.Replay(Part(call), call[0], y);
        Tensor[] gradients = Gradients.Of(again, gy, wanted.Select(i => inputs[i]).ToArray(), createGraph: gx.CreateGraph);
        for (int k = 0; k < wanted.Length; k++)
            gx.Add(wanted[k], gradients[k]);
    }

    protected internal override bool TryFusedVjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        StepPool? outer = StepPool.Current;
        StepMemory inner = Recomputation.Rent(outer);
        try
        {
            using StepScope scope = inner.Begin();

            // Cut off from what came before, or the walk would continue to the start of the network.
            Tensor x = call[0].Detach();
            x.RequiresGrad = call[0].RequiresGrad;
            int[] wanted = Wanted(call, gx);
            Tensor[] inputs = new Tensor[wanted.Length];
            for (int k = 0; k < wanted.Length; k++)
                inputs[k] = wanted[k] == 0 ? x : call[wanted[k]];

            Tensor[] gradients = Gradients.Of(Recomputation.Replay(Part(call), x, y), gy, inputs, createGraph: false);
            using PoolSwitch outside = new(outer);
            for (int k = 0; k < wanted.Length; k++)
            {
                Tensor target = gx.Target(wanted[k], out bool accumulate);
                target.Assign(accumulate ? target.Add(gradients[k]) : gradients[k]);
            }
        }
        finally
        {
            Recomputation.Return(inner);
        }

        return true;
    }

    private static RecomputedPart Part(in OpCall call) => (RecomputedPart)call.Arguments.Settings!;

    private static int[] Wanted(in OpCall call, in Cotangents gx)
    {
        List<int> wanted = [];
        for (int i = 0; i < call.Count; i++)
        {
            if (gx.Wants(i))
                wanted.Add(i);
        }

        return [.. wanted];
    }

    /// <summary>A copy in the memory of the step.</summary>
    private static Tensor Outside(StepPool? outer, Tensor y)
    {
        using PoolSwitch outside = new(outer);
        Tensor copy = Tensor.Allocate(y.Shape, y.DType, "recompute");
        copy.Assign(y);
        return copy;
    }
}
