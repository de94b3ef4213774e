namespace Thalweg.Conformance.Tables;

/// <summary>Recurrent operations by the names of the reference.</summary>
internal static class RecurrentTable
{
    public static Dictionary<string, Operation> All { get; } = [];
}
