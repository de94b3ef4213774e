namespace Thalweg.Conformance.Tables;

/// <summary>Normalization operations by the names of the reference.</summary>
internal static class NormalizationTable
{
    public static Dictionary<string, Operation> All { get; } = [];
}
