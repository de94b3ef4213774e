using Thalweg.Checkpoints;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Initialization;

/// <summary>A file of weights leaves open whether its matrices are <c>[in, out]</c> or <c>[out, in]</c>.</summary>
/// <remarks>Give <see cref="Transfer.FromFile"/> the layout.</remarks>
/// <param name="message">One line: place, what was expected, what was found, what to do.</param>
public sealed class WeightLayoutException(string message) : ThalwegException(message);

/// <summary>Finds the order of axes of the matrices in a file: dense and recurrent weights, <c>[in, out]</c> or <c>[out, in]</c>.</summary>
internal sealed class MatrixLayout
{
    /// <summary>Where safetensors files of other systems name the system.</summary>
    private const string FormatName = "format";

    private readonly SafetensorsFile _file;
    private readonly string _path;
    private readonly Dictionary<string, Shape> _shapes;

    /// <summary>Looks at the matrices of a network that a file may fill.</summary>
    /// <param name="module">The network.</param>
    /// <param name="file">The file.</param>
    /// <param name="names">Which tensors may be filled.</param>
    /// <param name="path">Name of the file for messages.</param>
    public MatrixLayout(Module module, SafetensorsFile file, string names, string path)
    {
        (_file, _path) = (file, path);
        _shapes = module.NamedParameters()
            .Where(p => p.Parameter is { Role: ParameterRole.Weight, Shape.Rank: 2, IsTable: false } && Transfer.Chooses(names, p.Name))
            .DistinctBy(p => p.Name)
            .ToDictionary(p => p.Name, p => p.Parameter.Shape);
    }

    /// <summary>A matrix's shape with its axes exchanged; other shapes as they are.</summary>
    public static Shape Exchanged(Shape shape) => shape.Rank == 2 ? [shape[1], shape[0]] : shape;

    /// <summary>Whether a tensor of the file is such a matrix.</summary>
    public bool Holds(string name) => _shapes.ContainsKey(name);

    /// <summary>Whether the file's matrices are <c>[out, in]</c>.</summary>
    /// <param name="given">What the caller says; null where the file says it.</param>
    /// <exception cref="ThalwegException">The file leaves it open, or the layout is none of matrices.</exception>
    public bool IsOutputsFirst(WeightLayout? given)
    {
        if (given == WeightLayout.InputsFirstWindowLast)
        {
            throw new ThalwegException(
                $"[transfer] expected the layout of matrices, {nameof(WeightLayout.InputsFirst)} or {nameof(WeightLayout.OutputsFirst)}, " +
                $"got {given}; give one of them");
        }

        return (given ?? Stated() ?? Shown()) == WeightLayout.OutputsFirst;
    }

    private WeightLayout? Stated()
    {
        IReadOnlyDictionary<string, string> facts = _file.Metadata;
        bool isOurs = facts.ContainsKey(CheckpointDocument.MetadataName)
            || facts.GetValueOrDefault(ModuleState.LayoutName) == ModuleState.LayoutText;
        return isOurs ? WeightLayout.InputsFirst : facts.GetValueOrDefault(FormatName) == "pt" ? WeightLayout.OutputsFirst : null;
    }

    /// <summary>What the matrices that are not square show; where all are square and there are some, nothing does.</summary>
    private WeightLayout Shown()
    {
        (Shape Here, Shape There)[] pairs = [.. _shapes
            .Select(p => (p.Value, There: _file.TryGet(p.Key, out SafetensorsEntry? entry) ? new Shape(entry.Shape) : p.Value, entry))
            .Where(p => p.entry is not null)
            .Select(p => (p.Value, p.There))];
        int same = pairs.Count(p => p.Here != Exchanged(p.Here) && p.There == p.Here);
        int exchanged = pairs.Count(p => p.Here != Exchanged(p.Here) && p.There == Exchanged(p.Here));
        if ((same > 0) != (exchanged > 0))
            return same > 0 ? WeightLayout.InputsFirst : WeightLayout.OutputsFirst;

        return same == 0 && !pairs.Any(p => p.There == p.Here)
            ? WeightLayout.InputsFirst
            : throw new WeightLayoutException(
                $"[transfer] expected {_path} to say whether its weights are [in, out] or [out, in], got " +
                (same > 0 ? "some of each" : "square ones alone, which fit both") +
                $"; give the layout: {nameof(WeightLayout.OutputsFirst)} for PyTorch's, {nameof(WeightLayout.InputsFirst)} for Keras's " +
                "and this library's");
    }
}
