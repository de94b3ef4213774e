using Thalweg.Layers;
using Thalweg.Optimizers;
using Thalweg.Rules;

namespace Thalweg.Training;

/// <summary>All parameters of a network in one stretch of memory, and their gradients in another: an update is one sweep.</summary>
/// <remarks>
/// Weights, which decay, come first, then biases and normalization, so that the sweep has two parts whatever the number of layers. Each
/// parameter starts on a 64-byte boundary; the padding between holds zeros, which every rule leaves at zero. Frozen parameters are not
/// among them; one that is used in several places is, once, under its first name.
/// </remarks>
public sealed class ParameterVector
{
    private const int Alignment = 16;

    private readonly List<(string Name, Parameter Parameter, int Offset)> _positions = [];

    /// <summary>Moves the parameters of an initialized network into one vector; the network works on as before.</summary>
    /// <param name="module">The network.</param>
    /// <exception cref="ThalwegException">A parameter has no value yet, or all are frozen.</exception>
    public ParameterVector(Module module)
    {
        List<ParameterSegment> segments = [];
        int offset = 0;
        (string Name, Parameter Parameter)[] all = [.. module.NamedParameters().DistinctBy(p => p.Parameter)];
        (string Name, Parameter Parameter)[] trained = [.. all.Where(p => p.Parameter.IsTrainable)];
        if (all.Length > 0 && trained.Length == 0)
            throw new ThalwegException("[train] expected parameters to train, got a network that is frozen; call Unfreeze on the part to train");

        var weightsFirst = trained.OrderBy(p => p.Parameter.Role == ParameterRole.Weight ? 0 : 1);
        foreach ((string name, Parameter parameter) in weightsFirst)
        {
            int length = checked((int)parameter.Shape.Length), padded = (length + Alignment - 1) / Alignment * Alignment;
            segments.Add(
                new ParameterSegment(name, offset, padded, parameter.Role == ParameterRole.Weight, parameter.Shape, parameter.OutputAxis)
                {
                    OutputGroups = parameter.OutputGroups,
                });
            _positions.Add((name, parameter, offset));
            offset = checked(offset + padded);
        }

        Segments = new ParameterSegments([.. segments]);
        Chunks = new ChunkTable(Segments, isBySegment: false);
        DType dtype = _positions.Count > 0 ? _positions[0].Parameter.Value.DType : module.DType;
        Values = Tensor.Zeros([offset], dtype);
        foreach ((_, Parameter parameter, int position) in _positions)
            parameter.Value.MoveInto(Values, position);

        ReturnOldMemory(offset);
        Gradients = Tensor.Zeros([offset], dtype);
        foreach ((_, Parameter parameter, int position) in _positions)
            parameter.Value.Gradient = Gradients.Window(position, parameter.Shape, "gradient");

        Leaves = [.. _positions.Select(position => position.Parameter.Value)];
        Named = [.. _positions.Select(position =>
            new NamedParameter(position.Name, position.Parameter.Value, position.Parameter.Value.Gradient!))];
    }

    /// <summary>The parameters one by one with their names and gradients, in the order of <see cref="Segments"/>; the tensors share the
    /// memory of <see cref="Values"/> and <see cref="Gradients"/>.</summary>
    public IReadOnlyList<NamedParameter> Named { get; }

    /// <summary>What lies where.</summary>
    public ParameterSegments Segments { get; }

    /// <summary>The parameters, <c>[n]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>Their gradients, <c>[n]</c>; a backward pass overwrites them.</summary>
    public Tensor Gradients { get; }

    /// <summary>The chunks that a sweep over the vector takes.</summary>
    internal ChunkTable Chunks { get; }

    /// <summary>The parameters one by one, in the order of <see cref="Segments"/>.</summary>
    internal Tensor[] Leaves { get; }

    /// <summary>The parts of a flat vector that belong to the parameters, in their shapes and order; they share its memory.</summary>
    /// <param name="vector">A vector laid out like <see cref="Values"/>, <c>[n]</c>.</param>
    internal Tensor[] Windows(Tensor vector) =>
        [.. _positions.Select(position => vector.Window(position.Offset, position.Parameter.Shape, "parameter"))];

    /// <summary>Gives up the memory from which many parameters moved, before gradient and optimizer ask for theirs.</summary>
    /// <remarks>Measured with 10^8 parameters: left to itself the collector still held the old memory when the optimizer had
    /// made its state.</remarks>
    private static void ReturnOldMemory(int parameters)
    {
        const int Many = 1 << 24;
        if (parameters >= Many)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>The first parameter that holds a NaN or an infinity, or null.</summary>
    public string? FirstNonFinite()
    {
        foreach ((string name, Parameter parameter, _) in _positions)
        {
            if (!parameter.Value.IsAllFinite())
                return name;
        }

        return null;
    }
}

/// <summary>One parameter of a network in a <see cref="ParameterVector"/>.</summary>
/// <param name="Name">Name, unique in the network, as in <c>0.weight</c>.</param>
/// <param name="Value">The parameter, in its shape.</param>
/// <param name="Gradient">Its gradient, in the same shape; a backward pass overwrites it.</param>
public readonly record struct NamedParameter(string Name, Tensor Value, Tensor Gradient);
