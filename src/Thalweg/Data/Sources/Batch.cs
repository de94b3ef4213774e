using System.Numerics;
using Thalweg.Layers;

namespace Thalweg.Data;

/// <summary>Some samples, ready for a network: inputs and targets by name, with weights and lengths where samples have them.</summary>
/// <remarks>Memory that is filled again: what it holds is good until the next samples are taken.</remarks>
public sealed class Batch
{
    private readonly Tensor[] _memory;
    private readonly Tensor? _weights;
    private readonly Shape[] _shapes;
    private readonly int[]? _lengths;
    private readonly SampleWriter _writer;
    private readonly int _inputs, _longest;
    private readonly bool _isTrimmed;
    private int[]? _exactLengths;
    private int _time;

    /// <param name="data">Where the samples come from.</param>
    /// <param name="size">Most samples.</param>
    /// <param name="dtype">Type of what is not whole.</param>
    internal Batch(Dataset data, int size, DType dtype)
    {
        Specs = [.. data.Inputs, .. data.HasTargets ? data.Task.Targets : []];
        (_inputs, Size, DType) = (data.Inputs.Count, size, dtype);
        _shapes = [.. Specs.Select(spec => new Shape([size, .. spec.Shape]))];
        _memory = [.. Specs.Select((spec, i) => Tensor.Zeros(_shapes[i], spec.IsInteger ? DType.Int32 : dtype))];
        _weights = data.HasWeights ? Tensor.Zeros([size], dtype) : null;
        if (data.HasLengths)
        {
            _longest = Specs.First(spec => spec.IsSequence).Shape[0];
            _lengths = new int[size];
            _isTrimmed = data.Task.Parts.Count == 1;
        }

        Inputs = new TensorDictionary([.. Names(0, _inputs)]);
        Targets = new TensorDictionary([.. Names(_inputs, Specs.Length)]);
        _writer = new SampleWriter(this);
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>Inputs by name, each <c>[Count, ...]</c>, with the lengths where samples are padded.</summary>
    public TensorDictionary Inputs { get; private set; }

    /// <summary>Targets by name, each <c>[Count, ...]</c>; none where the data has none.</summary>
    public TensorDictionary Targets { get; }

    /// <summary>Weights of the samples, <c>[Count]</c>; null where each counts 1.</summary>
    public Tensor? Weights { get; private set; }

    /// <summary>Length of each sequence, <c>[Count]</c>; null where all are full.</summary>
    public int[]? Lengths => Inputs.Lengths;

    /// <summary>Most samples.</summary>
    internal int Size { get; }

    /// <summary>Type of what is not whole.</summary>
    internal DType DType { get; }

    /// <summary>Inputs, then targets.</summary>
    internal TensorSpec[] Specs { get; }

    /// <summary>Steps of the sequences of this batch.</summary>
    internal int Time => _time;

    /// <summary>Takes the first samples of sequences of up to so many steps.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="time">The longest sequence among them; 0 where there are none.</param>
    internal void Begin(int count, int time)
    {
        (Count, _time) = (count, _isTrimmed ? time : _longest);
        if (_lengths is not null)
        {
            _lengths.AsSpan(0, count).Fill(_time);
            if (_exactLengths?.Length != count)
            {
                _exactLengths = new int[count];
                Inputs = new TensorDictionary([.. Names(0, _inputs)]) { Lengths = _exactLengths };
            }
        }

        for (int i = 0; i < Specs.Length; i++)
        {
            Tensor tensor = count == Size && !Specs[i].IsSequence ? _memory[i] : View(_memory[i], ShapeOf(i));
            if (i < _inputs)
                Inputs.Set(i, tensor);
            else
                Targets.Set(i - _inputs, tensor);
        }

        Weights = _weights is null ? null : View(_weights, _weights.Shape.With(0, count));
    }

    /// <summary>Ends the writing of samples.</summary>
    internal void End()
    {
        if (_lengths is not null)
            _lengths.AsSpan(0, Count).CopyTo(_exactLengths);
    }

    /// <summary>Writes samples one by one.</summary>
    internal SampleWriter Writer => _writer;

    /// <summary>The numbers of a tensor of this batch.</summary>
    internal Tensor this[int position] => position < _inputs ? Inputs[position] : Targets[position - _inputs];

    internal void SetLength(int row, int length)
    {
        if (_lengths is null || length < 1 || length > _longest)
        {
            throw new ThalwegException($"[data] expected {(_lengths is null ? "no length, as nothing of a sample is a sequence"
                : $"a length from 1 to {_longest}")}, got {length}; correct it, or the specification of the tensors");
        }

        _lengths[row] = length;
    }

    internal int PositionOf(string name)
    {
        for (int i = 0; i < Specs.Length; i++)
        {
            if (Specs[i].Name == name)
                return i;
        }

        throw new ThalwegException($"[data] expected one of the inputs and targets {string.Join(", ", Specs.Select(s => s.Name))}, got "
            + $"'{name}'; correct the name");
    }

    /// <summary>Writes the numbers of one sample.</summary>
    internal void Write<T>(int position, int row, ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        TensorSpec spec = Specs[position];
        int room = spec.IsSequence ? spec.StepWidth * StepsOf(spec) : spec.Width;
        if (spec.IsSequence && _lengths is not null ? values.Length > room || values.Length % spec.StepWidth != 0 : values.Length != room)
        {
            throw new ThalwegException($"[data] expected {(spec.IsSequence ? "up to " : "")}{room} numbers for '{spec}', got "
                + $"{values.Length}; write as many as its shape says");
        }

        Tensor tensor = this[position];
        if (spec.IsInteger)
            Copy(values, tensor.AsSpan<int>().Slice(row * room, room), (int)spec.Padding);
        else if (DType == DType.Float32)
            Copy(values, tensor.AsSpan<float>().Slice(row * room, room), (float)spec.Padding);
        else
            Copy(values, tensor.AsSpan<double>().Slice(row * room, room), spec.Padding);
    }

    private static void Copy<TFrom, TTo>(ReadOnlySpan<TFrom> values, Span<TTo> room, TTo padding)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        for (int i = 0; i < values.Length; i++)
            room[i] = TTo.CreateTruncating(values[i]);
        room[values.Length..].Fill(padding);
    }

    /// <summary>Longest sequences fill the memory from its start, shorter ones likewise, so that a batch of them is dense.</summary>
    private static Tensor View(Tensor memory, Shape shape) => shape == memory.Shape ? memory : memory.Window(0, shape, "batch");

    private Shape ShapeOf(int position)
    {
        Shape shape = Count == Size ? _shapes[position] : _shapes[position].With(0, Count);
        return Specs[position].IsSequence && StepsOf(Specs[position]) != Specs[position].Shape[0] ? shape.With(1, _time) : shape;
    }

    /// <summary>Steps that a sequence takes in this batch: those of the longest one in it, where the batch is trimmed.</summary>
    private int StepsOf(TensorSpec spec) => _lengths is not null && _isTrimmed ? _time : spec.Shape[0];

    private (string, Tensor)[] Names(int start, int end) =>
        [.. Enumerable.Range(start, end - start).Select(i => (Specs[i].Name, _memory[i]))];
}
