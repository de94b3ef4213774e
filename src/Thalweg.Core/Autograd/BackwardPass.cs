using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Thalweg;

/// <summary>One walk from a result back to the leaves; its lists are used again by later walks of the same thread.</summary>
internal sealed class BackwardPass
{
    [ThreadStatic]
    private static Stack<BackwardPass>? t_spare;

    private static readonly Comparison<Entry> s_latestFirst = static (a, b) => b.Tensor.Sequence.CompareTo(a.Tensor.Sequence);

    private readonly Dictionary<Tensor, int> _positions = [];
    private readonly List<Entry> _entries = [];
    private readonly Stack<Tensor> _stack = [];
    private LeafGradients? _targets;
    private bool _intoLeaves, _accumulate, _createGraph, _isShown;

    private BackwardPass()
    {
    }

    /// <summary>Whether derivatives will be differentiated again.</summary>
    public bool CreateGraph => _createGraph;

    public static BackwardPass Rent() => (t_spare ??= new Stack<BackwardPass>()).TryPop(out BackwardPass? pass) ? pass : new BackwardPass();

    public void Return()
    {
        _positions.Clear();
        _entries.Clear();
        _stack.Clear();
        _targets = null;
        t_spare!.Push(this);
    }

    /// <summary>Derivatives of <paramref name="y"/> (with cotangent <paramref name="gy"/>) for the given tensors.</summary>
    /// <param name="y">The result.</param>
    /// <param name="gy">Its cotangent.</param>
    /// <param name="xs">The tensors.</param>
    /// <param name="createGraph">Whether the derivatives are recorded.</param>
    /// <param name="result">Takes the derivatives, one for each of them.</param>
    public void Differentiate(Tensor y, Tensor gy, ReadOnlySpan<Tensor> xs, bool createGraph, Span<Tensor> result)
    {
        (_intoLeaves, _accumulate, _createGraph) = (false, false, createGraph);
        Collect(y, xs);
        Walk(y, gy);
        for (int i = 0; i < xs.Length; i++)
        {
            Tensor? g = _positions.TryGetValue(xs[i], out int position) ? _entries[position].Cotangent : null;
            result[i] = g ?? Tensor.Zeros(xs[i].Shape, xs[i].DType);
        }
    }

    /// <summary>Derivatives of <paramref name="y"/> into <see cref="Tensor.Gradient"/> of every leaf below it.</summary>
    /// <param name="y">The result.</param>
    /// <param name="gy">Its cotangent.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="targets">Takes the derivatives of the leaves it knows instead; null for none.</param>
    public void IntoLeaves(Tensor y, Tensor gy, bool accumulate, LeafGradients? targets = null)
    {
        (_intoLeaves, _accumulate, _createGraph, _targets) = (true, accumulate, false, targets);
        Collect(y, []);
        Walk(y, gy);
        foreach (ref Entry entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.Tensor.IsLeaf && entry.Cotangent is null && !accumulate)
            {
                GradientOf(entry.Tensor)?.Assign(Tensor.Zeros(entry.Tensor.Shape, entry.Tensor.DType));
            }
        }
    }

    public bool Wants(Tensor x) => x.RequiresGrad && _positions.TryGetValue(x, out int position) && _entries[position].Needed;

    public void Add(Tensor x, Tensor value)
    {
        if (!Wants(x))
        {
            return;
        }

        ref Entry entry = ref EntryOf(x);
        if (_intoLeaves && x.IsLeaf)
        {
            Tensor target = Target(x, out bool accumulate);
            target.Assign(accumulate ? target.Add(value) : value);
        }
        else if (entry.Cotangent is null)
        {
            entry.Cotangent = value;
        }
        else
        {
            // What is there may share memory with another cotangent, so the sum gets memory of its own.
            entry.Cotangent = entry.Cotangent.Add(value);
            (entry.Owned, entry.IsMasked) = (true, false);
        }
    }

    public Tensor Target(Tensor x, out bool accumulate)
    {
        ref Entry entry = ref EntryOf(x);
        if (entry.Cotangent is not null)
        {
            if (!entry.Owned)
            {
                Tensor own = Tensor.Allocate(x.Shape, x.DType, "gradient");
                own.Assign(entry.Cotangent);
                entry.Cotangent = own;
                entry.Owned = true;
            }

            (accumulate, entry.IsMasked) = (true, false);
            return entry.Cotangent;
        }

        accumulate = false;
        entry.Owned = true;
        if (_intoLeaves && x.IsLeaf)
        {
            Tensor? target = GradientOf(x);
            accumulate = _accumulate && target is not null;
            return entry.Cotangent = target ?? (x.Gradient = NewGradient(x));
        }

        return entry.Cotangent = Tensor.Allocate(x.Shape, x.DType, "gradient");
    }

    /// <summary>See <see cref="Cotangents.TrySum"/>.</summary>
    public bool TrySum(Tensor x, [NotNullWhen(true)] out Tensor? target, out Tensor? before)
    {
        (target, before) = (null, null);
        if (x.IsLeaf)
            return false;

        ref Entry entry = ref EntryOf(x);
        before = entry.Cotangent?.AsContiguous();
        target = entry.Owned && before is not null ? before : Tensor.Allocate(x.Shape, x.DType, "gradient");
        (entry.Cotangent, entry.Owned, entry.IsMasked) = (target, true, false);
        return true;
    }

    /// <summary>See <see cref="Cotangents.TryMask"/>.</summary>
    public bool TryMask(Tensor x)
    {
        ref Entry entry = ref EntryOf(x);
        return entry.IsMasked = entry.Cotangent is null && !entry.IsWanted && !_isShown;
    }

    /// <summary>Where the derivative of a leaf goes, if there is such a place.</summary>
    private Tensor? GradientOf(Tensor leaf) => _targets?.Of(leaf) ?? leaf.Gradient;

    /// <summary>A buffer that outlives the step.</summary>
    private static Tensor NewGradient(Tensor x)
    {
        using PoolSwitch outside = StepMemory.Leave();
        return Tensor.Zeros(x.Shape, x.DType);
    }

    private ref Entry EntryOf(Tensor x) => ref CollectionsMarshal.AsSpan(_entries)[_positions[x]];

    /// <summary>Lists what lies between the result and the leaves, latest first, and marks what leads to a wanted tensor.</summary>
    private void Collect(Tensor y, ReadOnlySpan<Tensor> xs)
    {
        _stack.Push(y);
        while (_stack.TryPop(out Tensor? tensor))
        {
            if (!tensor.RequiresGrad || !_positions.TryAdd(tensor, 0))
            {
                continue;
            }

            _entries.Add(new Entry { Tensor = tensor });
            for (int i = 0; tensor.Op is not null && i < tensor.Call.Count; i++)
            {
                _stack.Push(tensor.Call[i]);
            }
        }

        Span<Entry> entries = CollectionsMarshal.AsSpan(_entries);
        entries.Sort(s_latestFirst);
        for (int position = 0; position < entries.Length; position++)
        {
            _positions[entries[position].Tensor] = position;
        }

        foreach (Tensor x in xs)
        {
            if (_positions.TryGetValue(x, out int position))
            {
                entries[position].Needed = entries[position].IsWanted = true;
            }
        }

        MarkNeeded(entries);
    }

    /// <summary>Marks what has a wanted tensor below it, from the leaves up.</summary>
    private void MarkNeeded(Span<Entry> entries)
    {
        for (int position = entries.Length - 1; position >= 0; position--)
        {
            ref Entry entry = ref entries[position];
            entry.Needed |= _intoLeaves && entry.Tensor.IsLeaf;
            for (int i = 0; entry.Tensor.Op is not null && !entry.Passes && i < entry.Tensor.Call.Count; i++)
            {
                entry.Passes = _positions.TryGetValue(entry.Tensor.Call[i], out int input) && entries[input].Needed;
            }

            entry.Needed |= entry.Passes;
        }
    }

    private void Walk(Tensor y, Tensor gy)
    {
        if (!_positions.ContainsKey(y))
        {
            return;
        }

        using Recording.BackwardRecording shown = Recording.EnterBackward();
        _isShown = shown.WantsGradients;
        Add(y, gy);
        using RecordingSwitch recording = RecordingPause.Switch(isOn: !_createGraph);
        Tensor? before = InPlaceWrites.Differentiate(null);
        try
        {
            for (int position = 0; position < _entries.Count; position++)
            {
                Entry entry = _entries[position];
                if (!entry.Passes || entry.Cotangent is null || entry.Tensor.Op is not { } op)
                {
                    continue;
                }

                InPlaceWrites.Differentiate(entry.Tensor);
                ref readonly OpCall call = ref entry.Tensor.Call;
                Cotangents gx = new(this, call, entry.IsMasked);
                if (_createGraph || !op.TryFusedVjp(call, entry.Tensor, entry.Cotangent, ref gx))
                {
                    op.Vjp(call, entry.Tensor, entry.Cotangent, ref gx);
                }
            }

            if (_isShown)
            {
                ShowGradients(shown);
            }
        }
        finally
        {
            InPlaceWrites.Differentiate(before);
        }
    }

    private void ShowGradients(in Recording.BackwardRecording recording)
    {
        foreach (ref Entry entry in CollectionsMarshal.AsSpan(_entries))
        {
            if (entry.Cotangent is { } gradient)
            {
                recording.Note(entry.Tensor, gradient);
            }
        }
    }

    private struct Entry
    {
        public Tensor Tensor;
        public Tensor? Cotangent;
        public bool Owned;
        public bool Needed;

        /// <summary>Whether the caller asked for this cotangent.</summary>
        public bool IsWanted;

        /// <summary>Whether the cotangent is 0 already where the tensor is not above 0.</summary>
        public bool IsMasked;

        /// <summary>Whether an input is needed: a wanted tensor ends the walk where nothing behind it is wanted.</summary>
        public bool Passes;
    }
}
