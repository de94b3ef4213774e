namespace Thalweg;

/// <summary>One operation of a <see cref="Recording"/>: what it is, which layer it belongs to, what entered and left it.</summary>
/// <remarks>
/// Names, attributes and shapes can be read at any time. Tensors can be read until their step scope ends, and for ever where
/// <see cref="RecordingOptions.Keep"/> chose the operation.
/// </remarks>
public sealed class RecordedOp
{
    private readonly Recording _recording;
    private readonly OpCall _call;
    private readonly RecordedTensor[] _inputs;
    private readonly Shape[] _shapes;
    private readonly RecordedTensor _output, _saved;
    private RecordedTensor _gradient;
    private OpCall? _copy;
    private Tensor? _outputCopy;

    internal RecordedOp(Recording recording, Op op, in OpCall call, Tensor output)
    {
        (_recording, Op, _call, Layer) = (recording, op, call, Recording.Layer ?? "");
        (Index, OutputShape, DType) = (recording.Ops.Count, output.Shape, output.DType);
        (_output, RequiresGrad) = (RecordedTensor.Of(output), output.RequiresGrad);
        _saved = call.Saved is { } saved ? RecordedTensor.Of(saved) : default;
        _inputs = new RecordedTensor[call.Count];
        _shapes = new Shape[call.Count];
        for (int i = 0; i < _inputs.Length; i++)
            (_inputs[i], _shapes[i]) = (RecordedTensor.Of(call[i]), call[i].Shape);
    }

    /// <summary>Place in the recording, from 0.</summary>
    public int Index { get; }

    /// <summary>The operation.</summary>
    public Op Op { get; }

    /// <summary>Name of the operation, such as <c>linear</c>.</summary>
    public string Name => Op.Name;

    /// <summary>What the operation does.</summary>
    public OpKind Kind => Description.Kind;

    /// <summary>Path of the layer that applied it, such as <c>1.attention</c>; empty for the outermost module and outside of any.</summary>
    public string Layer { get; }

    /// <summary>Whether the output is on the way from something that requires grad.</summary>
    public bool RequiresGrad { get; }

    /// <summary>Whether it was computed again in the backward pass, inside of a part whose values are not stored.</summary>
    public bool IsRecomputed { get; internal init; }

    /// <summary>Whether inputs, output and gradient are copies that outlive the step.</summary>
    public bool IsKept => _outputCopy is not null;

    /// <summary>When it began, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> counts; 0 without
    /// <see cref="RecordingOptions.Times"/>.</summary>
    public long Began { get; internal init; }

    /// <summary>How long its forward computation took, in ticks of <see cref="System.Diagnostics.Stopwatch"/>; 0 without
    /// <see cref="RecordingOptions.Times"/>.</summary>
    public long Elapsed { get; internal init; }

    /// <summary>Settings by name.</summary>
    public IReadOnlyList<OpAttribute> Attributes => Description.AllAttributes;

    /// <summary>Number of inputs.</summary>
    public int InputCount => _inputs.Length;

    /// <summary>Shape of the output.</summary>
    public Shape OutputShape { get; }

    /// <summary>Element type of the output.</summary>
    public DType DType { get; }

    /// <summary>The inputs.</summary>
    /// <exception cref="ThalwegException">The step scope of one has ended.</exception>
    public IReadOnlyList<Tensor> Inputs => [.. Enumerable.Range(0, InputCount).Select(Input)];

    /// <summary>The result.</summary>
    /// <exception cref="ThalwegException">Its step scope has ended.</exception>
    public Tensor Output => _outputCopy ?? _output.Get(this, "the output");

    /// <summary>Whether a backward pass reached the operation.</summary>
    public bool HasGradient => _gradient.Exists;

    /// <summary>Derivative of what was differentiated by the result, as of the latest backward pass; null where none reached it.</summary>
    /// <exception cref="ThalwegException">Its step scope has ended.</exception>
    public Tensor? OutputGradient => _gradient.Exists ? _gradient.Get(this, "the gradient of the output") : null;

    /// <summary>Values that the operation computes on the way to its result.</summary>
    public IReadOnlyList<InnerValue> InnerValues => [.. Description.AllInner.Select(inner => inner.Value)];

    private OpDescription Description => field ??= Describe();

    /// <summary>A setting.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="fallback">What is returned where the operation has no such setting.</param>
    public T Attribute<T>(string name, T fallback)
    {
        foreach (OpAttribute attribute in Attributes)
        {
            if (attribute.Name == name && attribute.Value is T value)
                return value;
        }

        return fallback;
    }

    /// <summary>An input.</summary>
    /// <param name="index">Which one, from 0.</param>
    /// <exception cref="ThalwegException">Its step scope has ended.</exception>
    public Tensor Input(int index) => _copy?[index] ?? _inputs[index].Get(this, $"input '{InputName(index)}'");

    /// <summary>Name of an input, such as <c>weight</c>.</summary>
    /// <param name="index">Which one, from 0.</param>
    public string InputName(int index) => Description.NameOf(index);

    /// <summary>Shape of an input.</summary>
    /// <param name="index">Which one, from 0.</param>
    public Shape InputShape(int index) => _shapes[index];

    /// <summary>Place of the input of a name, or -1 where the operation has none.</summary>
    /// <param name="name">Name, such as <c>weight</c>.</param>
    public int IndexOfInput(string name) => Description.PositionOf(name) is var at && at < InputCount ? at : -1;

    /// <summary>Whether an input is this tensor, also where its step scope has ended.</summary>
    /// <param name="index">Which input, from 0.</param>
    /// <param name="tensor">The tensor.</param>
    public bool HasInput(int index, Tensor tensor) => _inputs[index].Is(tensor);

    /// <summary>Derivative by an input over all of its uses, as of the latest backward pass; null where none reached it.</summary>
    /// <param name="index">Which input, from 0.</param>
    /// <exception cref="ThalwegException">A step scope has ended.</exception>
    public Tensor? InputGradient(int index) => _recording.GradientOf(_call[index]);

    /// <summary>A value that the operation computed on the way; read where it is stored, else computed again.</summary>
    /// <param name="name">One of <see cref="InnerValues"/>.</param>
    /// <exception cref="ThalwegException">There is none of that name, or a step scope has ended.</exception>
    /// <remarks>Not recorded: a constant.</remarks>
    public Tensor Inner(string name)
    {
        using Recording.Pause pause = new();
        return Reader(name)(Call(), Output);
    }

    /// <summary>What the value would be for other inputs.</summary>
    /// <param name="name">One of <see cref="InnerValues"/>.</param>
    /// <param name="inputs">Inputs in the order of the operation; all but the first axis have the sizes of those recorded.</param>
    /// <exception cref="ThalwegException">There is no such value.</exception>
    public Tensor Inner(string name, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using Recording.Pause pause = new();
        return Reader(name)(new OpCall(_call.Arguments, inputs), null);
    }

    /// <summary>Derivative by a value that the operation computed on the way; null where no gradient reached the output.</summary>
    /// <param name="name">One of <see cref="InnerValues"/>.</param>
    /// <exception cref="ThalwegException">There is none of that name, it has no gradient, or a step scope has ended.</exception>
    public Tensor? InnerGradient(string name) => OutputGradient is { } gradient ? InnerGradient(name, gradient) : null;

    /// <summary>Derivative by a value that the operation computed on the way, from a gradient.</summary>
    /// <param name="name">One of <see cref="InnerValues"/>.</param>
    /// <param name="gradient">That of the output; of <see cref="InnerValue.StateProduct"/> that of input 0.</param>
    /// <exception cref="ThalwegException">There is none of that name, it has no gradient, or a step scope has ended.</exception>
    public Tensor InnerGradient(string name, Tensor gradient)
    {
        using Recording.Pause pause = new();
        return (Find(name).Gradient ?? throw Missing(name, "gradient"))(Call(), Output, gradient);
    }

    /// <summary>Gradients of the weight for single samples of an affine map.</summary>
    /// <param name="inputs">Inputs of some samples, <c>[samples, ...]</c>.</param>
    /// <param name="gradients">Gradients by <see cref="InnerValue.PreActivation"/> of these samples, <c>[samples, ...]</c>.</param>
    /// <returns><c>[samples, size of the weight]</c>.</returns>
    /// <exception cref="ThalwegException">The operation is no affine map.</exception>
    public Tensor WeightGradients(Tensor inputs, Tensor gradients)
    {
        using Recording.Pause pause = new();
        return (Description.WeightGradients ?? throw new ThalwegException(
            $"[recording] expected an affine map, got operation '{Name}' in layer '{Layer}'; look at Kind first"))(
            Call(), inputs, gradients);
    }

    /// <summary>Applies the operation with the recorded settings to other inputs.</summary>
    /// <param name="inputs">As many as the operation takes; of the recorded shapes where the operation is not elementwise.</param>
    public Tensor Apply(params Tensor[] inputs) => Op.Apply(_call.Arguments, inputs);

    /// <summary>Layer, name, shapes.</summary>
    public override string ToString() =>
        $"{(Layer.Length == 0 ? "" : Layer + ": ")}{Name}({string.Join(", ", _shapes)}) -> {OutputShape}";

    internal Tensor Source(int index) => _call[index];

    internal bool IsOutput(Tensor tensor) => _output.Is(tensor);

    internal void Note(Tensor gradient) => _gradient = IsKept ? RecordedTensor.Copy(gradient) : RecordedTensor.Of(gradient);

    internal void CopyTensors()
    {
        Tensor[] inputs = new Tensor[InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            // What another operation that is kept made lies in memory already.
            inputs[i] = _recording.OpOf(_call[i])?._outputCopy ?? _call[i].Clone();
        }

        _copy = new OpCall(_call.Arguments, inputs) { Saved = _call.Saved?.Clone() };
        _outputCopy = _output.Get(this, "the output").Clone();
    }

    /// <summary>The call with tensors that can be read.</summary>
    private OpCall Call() => _copy ?? new OpCall(_call.Arguments, [.. Inputs])
    {
        Saved = _saved.Exists ? _saved.Get(this, "what was stored") : null,
    };

    private OpDescription.Inner Find(string name) => Description.AllInner.FirstOrDefault(inner => inner.Value.Name == name) ??
        throw Missing(name, "value");

    private Func<OpCall, Tensor?, Tensor> Reader(string name) => Find(name).Read ?? throw Missing(name, "value");

    private ThalwegException Missing(string name, string what)
    {
        string known = string.Join(", ", InnerValues.Select(inner => inner.Name));
        return new($"[recording] expected an inner {what} that operation '{Name}' has ({(known.Length == 0 ? "none" : known)}), got " +
            $"'{name}'; look at InnerValues first");
    }

    private OpDescription Describe()
    {
        OpDescription description = new();
        Op.Describe(_call.Arguments, InputCount, description);
        return description;
    }
}
