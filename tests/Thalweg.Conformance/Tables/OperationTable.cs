using Thalweg.Conformance.Golden;

namespace Thalweg.Conformance.Tables;

/// <summary>All operations by the names of the reference; each kind has a table of its own.</summary>
internal static class OperationTable
{
    private static readonly Dictionary<string, Operation> s_all = Merge(
        ActivationTable.All, LossTable.All, LinearTable.All, ConvolutionTable.All, PoolingTable.All, NormalizationTable.All,
        RecurrentTable.All);

    public static Operation Find(string name) =>
        s_all.TryGetValue(name, out Operation? operation) ? operation : throw new UnsupportedException($"operation {name}");

    private static Dictionary<string, Operation> Merge(params Dictionary<string, Operation>[] tables) =>
        tables.SelectMany(t => t).ToDictionary(t => t.Key, t => t.Value);

    /// <summary>An operation whose single output is y.</summary>
    public static Operation Single(Func<OperationCall, Tensor> run) => call => new Dictionary<string, Tensor> { ["y"] = run(call) };
}
