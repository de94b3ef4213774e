namespace Thalweg.Conformance.Tables;

/// <summary>Pooling operations by the names of the reference.</summary>
internal static class PoolingTable
{
    public static Dictionary<string, Operation> All { get; } = [];
}
