using System.Diagnostics;

namespace Thalweg;

/// <summary>What this thread computes, forward and backward, from the start of the recording until it is disposed: each operation with its
/// name, settings, layer, inputs, output and gradient.</summary>
/// <remarks>
/// <code>
/// using Recording recording = Recording.Start();
/// Loss.SoftmaxCrossEntropy.Compute(network.Forward(x), labels).Backward();
/// recording.Stop();
/// foreach (RecordedOp op in recording.Ops) { Console.WriteLine($"{op} {op.OutputGradient?.Norm().Item()}"); }
/// </code>
/// It works on any code, with or without modules; results have the same bits with and without a recording. Without one, an operation pays
/// for one look at a field of its thread. Recordings can lie in each other, and each records all.
/// What a backward pass computes is no operation of its own, but parts whose values are not stored are computed again there, and then
/// appear, see <see cref="RecordedOp.IsRecomputed"/>.
/// </remarks>
public sealed class Recording : IDisposable
{
    [ThreadStatic]
    private static Recording? t_current, t_backward;

    [ThreadStatic]
    private static string? t_layer;

    /// <summary>Recordings of all threads that have not ended. Where there is none, an operation does not look at the fields of its
    /// thread, which would cost as much as the rest of what a small one needs beside its kernel.</summary>
    private static int s_running;

    private readonly RecordingOptions _options;
    private readonly Recording? _outer;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<RecordedOp> _ops = [];
    private readonly Dictionary<Tensor, RecordedOp> _opOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, RecordedTensor> _leaves = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Tensor> _keptLeaves = new(ReferenceEqualityComparer.Instance);
    private volatile bool _hasEnded;

    private Recording(RecordingOptions options, Recording? outer) => (_options, _outer) = (options, outer);

    /// <summary>Whether a recording is on in this thread.</summary>
    public static bool IsActive => s_running != 0 && Current is not null;

    /// <summary>The operations in the order in which they ran.</summary>
    public IReadOnlyList<RecordedOp> Ops => _ops;

    /// <summary>The innermost recording that is on in this thread.</summary>
    internal static Recording? Current
    {
        get
        {
            if (s_running == 0)
                return null;
            Recording? current = t_current;
            return current is null || !current._hasEnded ? current : SkipEnded();
        }
    }

    /// <summary>Path of the layer that this thread is in, or null.</summary>
    internal static string? Layer
    {
        get => t_layer;
        set => t_layer = value;
    }

    private bool WantsGradients => (_options.Gradients && !_hasEnded) || _outer is { WantsGradients: true };

    /// <summary>Starts to record what this thread computes.</summary>
    /// <param name="options">What to record and what to keep; default all, and nothing past the end of a step scope.</param>
    /// <returns>The recording; dispose it to stop. What it recorded can be read after that too.</returns>
    public static Recording Start(RecordingOptions? options = null)
    {
        Interlocked.Increment(ref s_running);
        return t_current = new Recording(options ?? new(), Current);
    }

    /// <summary>The operations that a result was computed by, as far as they are remembered for its derivative: for computations that were
    /// not recorded. Layers and gradients are not known.</summary>
    /// <param name="result">A result that requires grad.</param>
    public static Recording Of(Tensor result)
    {
        Recording recording = new(new(), null) { _hasEnded = true };
        foreach (Tensor node in RecordedGraph.Nodes(result))
        {
            RecordedOp op = new(recording, node.Op!, node.Call, node);
            recording._ops.Add(op);
            recording._opOf[node] = op;
        }

        return recording;
    }

    /// <summary>Names the layer that operations belong to until the result is disposed: for code without modules. Modules do
    /// it by themselves.</summary>
    /// <param name="name">Name within the layer around it.</param>
    public static LayerScope Scope(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsActive ? new LayerScope(string.IsNullOrEmpty(t_layer) ? name : $"{t_layer}.{name}") : default;
    }

    /// <summary>The operation whose result a tensor is, or null where none was recorded.</summary>
    /// <param name="tensor">Any tensor.</param>
    public RecordedOp? OpOf(Tensor tensor) =>
        _opOf.TryGetValue(tensor, out RecordedOp? op) && op.IsOutput(tensor) ? op : null;

    /// <summary>Derivative by a tensor as of the latest backward pass that reached it: by a result, or by a leaf such as a
    /// parameter; null where there is none.</summary>
    /// <param name="tensor">Any tensor of the recording.</param>
    /// <exception cref="ThalwegException">Its step scope has ended.</exception>
    public Tensor? GradientOf(Tensor tensor) => OpOf(tensor) is { } op ? op.OutputGradient
        : _leaves.TryGetValue(tensor, out RecordedTensor gradient) && gradient.IsReadable ? gradient.Tensor
        : null;

    /// <summary>The operations that a tensor depends on, the one that made it included, in the order in which they ran.</summary>
    /// <param name="result">A result; its step scope is open.</param>
    public IReadOnlyList<RecordedOp> Behind(Tensor result)
    {
        SortedDictionary<int, RecordedOp> found = [];
        Stack<RecordedOp> open = new();
        Add(OpOf(result));
        while (open.TryPop(out RecordedOp? op))
        {
            for (int i = 0; i < op.InputCount; i++)
                Add(OpOf(op.Source(i)));
        }

        return [.. found.Values];

        void Add(RecordedOp? op)
        {
            if (op is not null && found.TryAdd(op.Index, op))
                open.Push(op);
        }
    }

    /// <summary>Forgets what was recorded, and continues.</summary>
    public void Clear()
    {
        _ops.Clear();
        _opOf.Clear();
        _leaves.Clear();
        _keptLeaves.Clear();
    }

    /// <summary>Stops recording; what was recorded stays.</summary>
    /// <remarks>Stop before computing with what was recorded, which would be recorded as well.</remarks>
    /// <exception cref="ThalwegException">Another thread started it, as after an <c>await</c>; it has ended all the same.</exception>
    public void Stop()
    {
        if (_hasEnded)
            return;

        _hasEnded = true;
        Interlocked.Decrement(ref s_running);
        if (_thread != Environment.CurrentManagedThreadId)
        {
            throw new ThalwegException("[recording] expected the end on the thread that started it, got it on another one, as after an " +
                "await; keep await outside of it (it has ended now)");
        }

        SkipEnded();
    }

    /// <summary>Stops to record, see <see cref="Stop"/>.</summary>
    public void Dispose() => Stop();

    /// <summary>Runs an operation and takes it down; what it applies within is part of it.</summary>
    internal Tensor Run(Op op, ref OpCall call)
    {
        t_current = null;
        try
        {
            bool isTimed = IsTimed;
            long began = isTimed ? Stopwatch.GetTimestamp() : 0;
            Tensor y = op.Run(ref call);
            long elapsed = isTimed ? Stopwatch.GetTimestamp() - began : 0;
            for (Recording? recording = this; recording is not null; recording = recording._outer)
                recording.Note(op, call, y, (began, elapsed));

            return y;
        }
        finally
        {
            t_current = this;
        }
    }

    /// <summary>Begins a backward pass: its own operations are not recorded.</summary>
    internal static BackwardRecording EnterBackward() => new(Current ?? t_backward, isInner: t_backward is not null);

    /// <summary>Records again within a backward pass, for a part that is computed again.</summary>
    /// <param name="y">Its result as of the forward pass.</param>
    internal static ReplayRecording EnterReplay(Tensor y) => new(t_backward, y);

    private static Recording? SkipEnded()
    {
        while (t_current is { _hasEnded: true } ended)
            t_current = ended._outer;

        return t_current;
    }

    private bool IsTimed => (_options.Times && !_hasEnded) || _outer is { IsTimed: true };

    private void Note(Op op, in OpCall call, Tensor y, (long Began, long Elapsed) time)
    {
        if (_hasEnded)
            return;

        RecordedOp recorded = new(this, op, call, y)
        {
            IsRecomputed = t_backward is not null,
            Began = time.Began,
            Elapsed = time.Elapsed,
        };
        if (_options.Where?.Invoke(recorded) == false)
            return;

        if (_options.Keep?.Invoke(recorded) == true)
        {
            recorded.CopyTensors();
            for (int i = 0; i < call.Count; i++)
            {
                if (call[i].IsLeaf)
                    _keptLeaves.Add(call[i]);
            }
        }

        _ops.Add(recorded);
        _opOf[y] = recorded;
    }

    private void NoteGradient(Tensor tensor, Tensor gradient, bool isInner)
    {
        if (!_options.Gradients || _hasEnded)
            return;

        if (OpOf(tensor) is { } op)
            op.Note(gradient);
        else if (tensor.IsLeaf && !isInner)
            _leaves[tensor] = _keptLeaves.Contains(tensor) ? RecordedTensor.Copy(gradient) : RecordedTensor.Of(gradient);
    }

    /// <summary>A stretch of code that walks back: nothing is recorded but gradients.</summary>
    internal readonly ref struct BackwardRecording
    {
        private readonly Recording? _recording, _current, _backward;
        private readonly bool _isInner;

        public BackwardRecording(Recording? recording, bool isInner)
        {
            (_recording, _current, _backward, _isInner) = (recording, t_current, t_backward, isInner);
            (t_current, t_backward) = (null, recording);
        }

        /// <summary>Whether each gradient must be the one that its definition says, as it will be shown.</summary>
        public bool WantsGradients => _recording is { WantsGradients: true };

        /// <summary>Takes down a gradient.</summary>
        public void Note(Tensor tensor, Tensor gradient)
        {
            for (Recording? recording = _recording; recording is not null; recording = recording._outer)
                recording.NoteGradient(tensor, gradient, _isInner);
        }

        public void Dispose() => (t_current, t_backward) = (_current, _backward);
    }

    /// <summary>A stretch of code that is not recorded in any way.</summary>
    internal readonly ref struct Pause
    {
        private readonly Recording? _current;
        private readonly NoGrad _silence;

        public Pause() => (_current, _silence, t_current) = (t_current, NoGrad.Begin(), null);

        public void Dispose()
        {
            t_current = _current;
            _silence.Dispose();
        }
    }

    /// <summary>A stretch of code within a backward pass that computes a part again.</summary>
    internal readonly ref struct ReplayRecording
    {
        private readonly Recording? _current;
        private readonly string? _layer;

        public ReplayRecording(Recording? recording, Tensor y)
        {
            (_current, _layer) = (t_current, t_layer);
            (t_current, t_layer) = (recording, recording?.OpOf(y)?.Layer);
        }

        public void Dispose() => (t_current, t_layer) = (_current, _layer);
    }
}
