namespace Thalweg.Conformance.Tables;

/// <summary>Convolution operations by the names of the reference.</summary>
internal static class ConvolutionTable
{
    public static Dictionary<string, Operation> All { get; } = [];
}
