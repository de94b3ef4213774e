namespace Thalweg;

/// <summary>A recurrent cell over all time steps; keeps gates and memory for the backward pass.</summary>
/// <remarks>
/// Inputs: input part, initial state, weight and maybe bias. One operation for the whole sequence, so that a step costs one product and one
/// elementwise pass, and the gradient of the weight is one product over all steps. Saved: all gates, then the memories (LSTM) or the
/// products of the state (GRU).
/// </remarks>
internal sealed class RecurrentOp : CompositeOp
{
    public static readonly RecurrentOp Instance = new();

    public override string Name => "recurrent scan";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        RecurrentScanOptions options = (RecurrentScanOptions)arguments.Settings!;
        description.Of(OpKind.Recurrent).Inputs("input", "initial_state", "weight", "bias").Attribute("cell", options.Cell)
            .Attribute("reverse", options.Reverse).Value(new InnerValue("gates", IsStored: true), read: null)
            .Value(
                new InnerValue(InnerValue.PreviousStates, IsStored: false),
                static (call, y) => StatesBefore(call, y ?? Instance.Apply(call.Arguments, call.Inputs)))
            .Value(
                new InnerValue(InnerValue.StateProduct, IsStored: false), read: null,
                static (call, _, gradient) => ProductCotangent(call, gradient));
        if (options.Lengths is { } lengths)
            description.Attribute("lengths", lengths);
    }

    public static void Check(Tensor x, Tensor initial, Tensor weight, Tensor? bias, RecurrentScanOptions options)
    {
        if (x.Rank != 3 || x.Shape[0] < 1 || x.Shape[2] % options.Gates != 0)
            Throw.WrongShape(Instance.Name, $"an input part [time, batch, {options.Gates} x units] of 1 or more steps", x.Shape);

        (int batch, int columns) = (x.Shape[1], x.Shape[2]);
        int units = columns / options.Gates;
        Expect(initial, [options.States, batch, units], "an initial state");
        Expect(weight, [units, columns], "a weight of the state");
        if (bias is not null)
            Expect(bias, [columns], "a bias of the state");

        if (bias is not null && options.Cell != RecurrentCell.Gru)
        {
            throw new ThalwegException(
                $"[{Instance.Name}] expected no bias for the cell {options.Cell}, got one; add it to the input part");
        }

        if (options.Lengths is { } lengths && (lengths.Length != batch || lengths.AsSpan().ContainsAnyExceptInRange(0, x.Shape[0])))
        {
            throw new ThalwegException(
                $"[{Instance.Name}] expected {batch} lengths from 0 to {x.Shape[0]}, got {lengths.Length}: " +
                $"{string.Join(", ", lengths.Take(16))}");
        }
    }

    /// <summary>States that each step began with, <c>[time, batch, units]</c>, of a scan with result <paramref name="y"/>.</summary>
    public static Tensor StatesBefore(in OpCall call, Tensor y)
    {
        int time = call[0].Shape[0];
        Tensor first = call[1].Slice(0, 0, 1);
        return ((RecurrentScanOptions)call.Arguments.Settings!).Reverse
            ? Tensor.Concatenate(0, y.Slice(0, 1, time - 1), first)
            : Tensor.Concatenate(0, first, y.Slice(0, 0, time - 1));
    }

    /// <summary>Cotangent of state times weight <c>[time, batch, gates * units]</c> from that of the input part.</summary>
    public static Tensor ProductCotangent(in OpCall call, Tensor inputCotangent)
    {
        if (((RecurrentScanOptions)call.Arguments.Settings!).Cell != RecurrentCell.Gru)
            return inputCotangent;

        // Of a GRU the reset gate, the first of the saved gates, stands between the product and the last gate.
        Shape shape = call[0].Shape;
        int units = shape[2] / 3, length = checked((int)shape.Length);
        Tensor reset = call.Saved!.Reshape([2 * length]).Slice(0, 0, length).Reshape(shape).Slice(2, 0, units);
        return Tensor.Concatenate(2, inputCotangent.Slice(2, 0, 2 * units), inputCotangent.Slice(2, 2 * units, units).Multiply(reset));
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        RecurrentRun<T> run = new(call);
        Tensor y = run.Forward(out Tensor saved);
        call.Saved = saved;
        return y;
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        if (call.Saved is not { } saved)
            return false;

        new RecurrentRun<T>(call).Backward(y, saved, gy, ref gx);
        return true;
    }

    protected override Tensor Compose(in OpCall call)
    {
        RecurrentScanOptions options = (RecurrentScanOptions)call.Arguments.Settings!;
        Tensor x = call[0], initial = call[1];
        int time = x.Shape[0];
        Tensor hidden = initial.Select(0, 0);
        Tensor? memory = options.States == 2 ? initial.Select(0, 1) : null;
        Tensor[] results = new Tensor[time + options.States - 1];
        for (int step = 0; step < time; step++)
        {
            int at = options.Reverse ? time - 1 - step : step;
            (Tensor after, Tensor? kept) = Step(x.Select(0, at), hidden, memory, call);
            if (options.Lengths is { } lengths)
            {
                Tensor runs = Tensor.From<double>([.. lengths.Select(l => at < l ? 1.0 : 0)], [lengths.Length, 1]).To(x.DType);
                after = Tensor.Where(runs, after, hidden);
                kept = kept is null ? null : Tensor.Where(runs, kept, memory!);
            }

            (hidden, memory) = (after, kept);
            results[at] = hidden;
        }

        if (memory is not null)
            results[time] = memory;

        return Tensor.Stack(0, results);
    }

    /// <summary>One step: the state and the memory after it.</summary>
    private static (Tensor Hidden, Tensor? Memory) Step(Tensor x, Tensor hidden, Tensor? memory, in OpCall call)
    {
        int units = hidden.Shape[1];
        Tensor state = hidden.Linear(call[2], call.Count > 3 ? call[3] : null), all = x.Add(state);
        switch (((RecurrentScanOptions)call.Arguments.Settings!).Cell)
        {
            case RecurrentCell.Tanh: return (all.Tanh(), null);
            case RecurrentCell.Relu: return (all.Relu(), null);
            case RecurrentCell.Lstm:
                Tensor next = (Gate(all, 1).Sigmoid() * memory!) + (Gate(all, 0).Sigmoid() * Gate(all, 2).Tanh());
                return (Gate(all, 3).Sigmoid() * next.Tanh(), next);
            default:
                Tensor z = Gate(all, 1).Sigmoid(), n = (Gate(x, 2) + (Gate(all, 0).Sigmoid() * Gate(state, 2))).Tanh();
                return (((1 - z) * n) + (z * hidden), null);
        }

        Tensor Gate(Tensor gates, int index) => gates.Slice(1, index * units, units);
    }

    private static void Expect(Tensor tensor, Shape shape, string what)
    {
        if (tensor.Shape != shape)
            Throw.WrongShape(Instance.Name, $"{what} of shape {shape}", tensor.Shape);
    }
}
