namespace Thalweg;

/// <summary>A differentiable operation: a forward rule, and its vector-Jacobian product written in operations.</summary>
/// <remarks>
/// Operations are stateless shared objects; what varies lies in <see cref="OpCall"/>. Because <see cref="Vjp"/> is written in operations
/// it can itself be differentiated, so any order of derivative works. A fused first-order rule is optional and must give the same numbers.
/// </remarks>
public abstract class Op
{
    /// <summary>Name in messages and graphs.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this thread records operations now.</summary>
    internal static bool IsRecording => !RecordingPause.IsOn;

    /// <summary>Computes the result from the inputs; it may leave <see cref="OpCall.Saved"/> for the backward pass.</summary>
    /// <param name="call">Inputs and arguments.</param>
    protected internal abstract Tensor Forward(ref OpCall call);

    /// <summary>Adds to the cotangent of each wanted input, in operations that can be differentiated again.</summary>
    /// <param name="call">Inputs and arguments of the forward call.</param>
    /// <param name="y">Its result.</param>
    /// <param name="gy">Cotangent of the result, of its shape.</param>
    /// <param name="gx">Takes the cotangents of the inputs, each of its input's shape.</param>
    protected internal abstract void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx);

    /// <summary>The same by a kernel, for first derivatives only; false where there is none.</summary>
    /// <param name="call">Inputs and arguments of the forward call.</param>
    /// <param name="y">Its result.</param>
    /// <param name="gy">Cotangent of the result, of its shape.</param>
    /// <param name="gx">Takes the cotangents of the inputs.</param>
    protected internal virtual bool TryFusedVjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) => false;

    /// <summary>Says what the operation does with its arguments, for recordings and those who read them; does nothing by default.</summary>
    /// <param name="arguments">The arguments of a call.</param>
    /// <param name="inputs">Number of its inputs.</param>
    /// <param name="description">Takes kind, names of inputs and settings, and values on the way to the result.</param>
    protected internal virtual void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
    }

    /// <summary>Applies the operation, and records it where a derivative is wanted.</summary>
    /// <param name="arguments">Numbers besides the tensors.</param>
    /// <param name="a">First input.</param>
    /// <param name="b">Second input, if any.</param>
    /// <param name="c">Third input, if any.</param>
    /// <param name="d">Fourth input, if any.</param>
    public Tensor Apply(in OpArguments arguments, Tensor a, Tensor? b = null, Tensor? c = null, Tensor? d = null) =>
        Apply(new OpCall(arguments, a, b, c, d));

    /// <summary>Applies the operation to any number of inputs.</summary>
    /// <param name="arguments">Numbers besides the tensors.</param>
    /// <param name="inputs">The inputs.</param>
    public Tensor Apply(in OpArguments arguments, Tensor[] inputs) => Apply(new OpCall(arguments, inputs));

    /// <summary>Applies the operation and hands out what it saved for the backward pass.</summary>
    private protected Tensor ApplySaving(in OpArguments arguments, Tensor a, Tensor? b, Tensor? c, out Tensor? saved)
    {
        OpCall call = new(arguments, a, b, c);
        Tensor y = Apply(ref call);
        saved = call.Saved;
        return y;
    }

    private Tensor Apply(OpCall call) => Apply(ref call);

    private Tensor Apply(ref OpCall call) => Recording.Current is { } recording ? recording.Run(this, ref call) : Run(ref call);

    /// <summary>Computes the result, and notes how it came about where a derivative is wanted.</summary>
    internal Tensor Run(ref OpCall call)
    {
        // Kernels work on addresses: the inputs must outlive them, and so must their memory where a trainer moves the parameters
        // of a network that another thread computes with.
        (object? a, object? b, object? c, object? d) = call.Memories;
        Tensor y = Forward(ref call);
        if (IsRecording && call.RequiresGrad && y.DType.IsFloat())
            y.Record(this, call);

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(d);
        for (int i = 0; i < call.Count; i++)
            GC.KeepAlive(call[i]);

        return y;
    }
}
