using System.IO.Enumeration;
using Thalweg.Checkpoints;
using Thalweg.Initializers;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Initialization;

/// <summary>What became of one tensor of a network in a transfer.</summary>
public enum TransferOutcome
{
    /// <summary>Filled from the source.</summary>
    Matched,

    /// <summary>Left as it was: the source has the name with another shape.</summary>
    OtherShape,

    /// <summary>Left as it was: the source has no such name.</summary>
    Missing,

    /// <summary>Left as it was: the choice of names leaves it out.</summary>
    LeftOut,
}

/// <summary>One tensor in a transfer.</summary>
/// <param name="Name">Full name in the network.</param>
/// <param name="Shape">Its shape there.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Found">The shape in the source, or null.</param>
public sealed record TransferEntry(string Name, Shape Shape, TransferOutcome Outcome, Shape? Found)
{
    /// <summary>Whether the source holds it with its two axes exchanged, <c>[out, in]</c>; default false.</summary>
    public bool IsTransposed { get; init; }
}

/// <summary>What matched in a transfer.</summary>
/// <param name="Entries">Every parameter and buffer of the network, in order.</param>
/// <param name="Unused">Names of the source that no tensor of the network took.</param>
public sealed record TransferReport(IReadOnlyList<TransferEntry> Entries, IReadOnlyList<string> Unused)
{
    /// <summary>Names that were filled.</summary>
    public IEnumerable<string> Matched => Entries.Where(entry => entry.Outcome == TransferOutcome.Matched).Select(entry => entry.Name);

    /// <summary>The report in one line.</summary>
    public override string ToString()
    {
        string others = string.Join(", ", Entries.Where(e => e.Outcome != TransferOutcome.Matched).Select(Describe));
        string line = $"{Matched.Count()} of {Entries.Count} tensors matched";
        int transposed = Entries.Count(entry => entry.IsTransposed && entry.Outcome == TransferOutcome.Matched);
        line += transposed > 0 ? $", {transposed} of them transposed from [out, in]" : "";
        line += others.Length > 0 ? $"; kept their start: {others}" : "";
        return Unused.Count > 0 ? $"{line}; not used: {string.Join(", ", Unused)}" : line;
    }

    private static string Describe(TransferEntry entry) => entry.Outcome switch
    {
        TransferOutcome.OtherShape => $"{entry.Name} ({entry.Shape}, there {entry.Found})",
        TransferOutcome.LeftOut => $"{entry.Name} (left out)",
        _ => $"{entry.Name} (not there)",
    };
}

/// <summary>Starts a network from the weights of another, tensor by tensor where name and shape agree.</summary>
/// <remarks>Source: Yosinski and others, "How transferable are features in deep neural networks?", NeurIPS 2014. To hold the taken weights
/// fixed, end the optimizer's chain with <see cref="Rules.Freeze"/>.</remarks>
public static class Transfer
{
    /// <summary>Takes weights from a model file, or from any safetensors file of floats.</summary>
    /// <remarks>Weights of dense and recurrent layers are <c>[in, out]</c> here and <c>[out, in]</c> in PyTorch; those are transposed. A
    /// file of this library, or one with PyTorch's <c>format</c>, says what it holds; of others the matrices that are not square show it.
    /// The axes of convolutions and tables of embeddings are the same in both.</remarks>
    /// <param name="module">The network, initialized; tensors that do not match keep their values.</param>
    /// <param name="path">The file, or the folder of a run.</param>
    /// <param name="names">Which of the network's tensors may be filled: <c>*</c> stands for any letters, <c>?</c> for
    /// one; default all.</param>
    /// <param name="layout">Order of the axes of the file's dense and recurrent weights: <see cref="WeightLayout.InputsFirst"/> or
    /// <see cref="WeightLayout.OutputsFirst"/>; default null, as the file says.</param>
    /// <returns>What matched and what did not.</returns>
    /// <exception cref="ThalwegException">The file is missing or damaged, nothing in it matches, or it leaves the order of axes open: give
    /// the layout. Then the network is unchanged.</exception>
    public static TransferReport FromFile(Module module, string path, string names = "*", WeightLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        SafetensorsFile file = SafetensorsFile.Read(ModelFile.PathOf(path));
        MatrixLayout matrices = new(module, file, names, path);
        bool transposes = matrices.IsOutputsFirst(layout);
        Dictionary<string, TransferSource> source = [];
        foreach (SafetensorsEntry entry in file.Entries.Where(e => e.Type is SafetensorsType.F32 or SafetensorsType.F64))
        {
            bool isTransposed = transposes && matrices.Holds(entry.Name);
            Shape there = new(entry.Shape), here = isTransposed ? MatrixLayout.Exchanged(there) : there;
            source[entry.Name] = new(there, here, target => Fill(entry, target, isTransposed))
            {
                IsTransposed = isTransposed,
            };
        }

        return Run(module, source, names, path);
    }

    /// <summary>Takes weights from another network.</summary>
    /// <param name="module">The network, initialized; tensors that do not match keep their values.</param>
    /// <param name="source">The other network, initialized; it is not changed.</param>
    /// <param name="names">Which of the network's tensors may be filled; default all.</param>
    /// <returns>What matched and what did not.</returns>
    /// <exception cref="ThalwegException">Nothing matches.</exception>
    public static TransferReport FromModule(Module module, Module source, string names = "*")
    {
        ArgumentNullException.ThrowIfNull(source);
        return Run(
            module,
            ModuleState.Tensors(source).ToDictionary(
                t => t.Name,
                t => new TransferSource(t.Tensor.Shape, t.Tensor.Shape, target => target.Assign(t.Tensor.Detach().To(target.DType)))),
            names,
            "the other network");
    }

    private static TransferReport Run(Module module, Dictionary<string, TransferSource> source, string names, string from)
    {
        ArgumentNullException.ThrowIfNull(module);
        List<TransferEntry> entries = [];
        List<Action> fills = [];
        foreach ((string name, Tensor tensor) in ModuleState.Tensors(module))
        {
            TransferSource? found = source.GetValueOrDefault(name);
            TransferOutcome outcome = !Chooses(names, name) ? TransferOutcome.LeftOut
                : found is null ? TransferOutcome.Missing
                : found.Here != tensor.Shape ? TransferOutcome.OtherShape
                : TransferOutcome.Matched;
            entries.Add(new TransferEntry(name, tensor.Shape, outcome, found?.There) { IsTransposed = found?.IsTransposed == true });
            if (outcome == TransferOutcome.Matched)
                fills.Add(() => found!.Fill(tensor));
        }

        HashSet<string> matched = [.. entries.Where(e => e.Outcome == TransferOutcome.Matched).Select(e => e.Name)];
        TransferReport report = new(entries, [.. source.Keys.Where(name => !matched.Contains(name))]);
        if (fills.Count == 0)
        {
            throw new ThalwegException($"[transfer] expected {from} to hold tensors of the network's names and shapes, found none: " +
                $"{report}; build the same layers as there");
        }

        fills.ForEach(fill => fill());
        return report;
    }

    /// <summary>Whether a choice of names lets a tensor be filled.</summary>
    internal static bool Chooses(string names, string name) => FileSystemName.MatchesSimpleExpression(names, name, ignoreCase: false);

    private static void Fill(SafetensorsEntry entry, Tensor target, bool isTransposed)
    {
        Tensor values = Tensor.Zeros(new Shape(entry.Shape), entry.Type == SafetensorsType.F32 ? DType.Float32 : DType.Float64);
        if (entry.Type == SafetensorsType.F32)
            entry.CopyTo(values.AsSpan<float>());
        else
            entry.CopyTo(values.AsSpan<double>());

        target.Assign((isTransposed ? values.Transpose().Contiguous() : values).To(target.DType));
    }

    /// <summary>A tensor of the source.</summary>
    /// <param name="There">Its shape there.</param>
    /// <param name="Here">The shape that it fills.</param>
    /// <param name="Fill">Fills a tensor of that shape.</param>
    private sealed record TransferSource(Shape There, Shape Here, Action<Tensor> Fill)
    {
        /// <summary>Whether the two shapes have their axes exchanged.</summary>
        public bool IsTransposed { get; init; }
    }
}
