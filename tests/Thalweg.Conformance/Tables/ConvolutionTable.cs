using System.Text.Json;
using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Convolution operations by the names of the reference, which has the weights in this library's arrangement.</summary>
internal static class ConvolutionTable
{
    public static Dictionary<string, Operation> All { get; } = new()
    {
        ["conv1d"] = Single(c => c["x"].Conv1d(c["weight"], Bias(c), Convolution(c))),
        ["conv2d"] = Single(c => c["x"].Conv2d(c["weight"], Bias(c), Convolution(c))),
        ["conv_transpose1d"] = Single(c => c["x"].ConvTranspose1d(c["weight"], Bias(c), Convolution(c))),
        ["conv_transpose2d"] = Single(c => c["x"].ConvTranspose2d(c["weight"], Bias(c), Convolution(c))),
    };

    /// <summary>A size of one or two places; one stands for both.</summary>
    public static Size2d Size(OperationCall call, string name, int fallback)
    {
        int[] sizes = call.Options.Integers(name, fallback);
        return new Size2d(sizes[0], sizes[^1]);
    }

    /// <summary>Padding by name, "same" or "valid"; null where it is given in numbers or not at all.</summary>
    private static string? Padding(OperationCall call) =>
        call.Options.Element("padding").ValueKind == JsonValueKind.String ? call.Options.Text("padding", "") : null;

    private static Tensor? Bias(OperationCall call) => call.Has("bias") ? call["bias"] : null;

    private static ConvolutionOptions Convolution(OperationCall call) => new()
    {
        Stride = Size(call, "stride", 1),
        SamePadding = Padding(call) == "same",
        Padding = Padding(call) is null ? Size(call, "padding", 0) : 0,
        OutputPadding = Size(call, "output_padding", 0),
        Dilation = Size(call, "dilation", 1),
        Groups = call.Options.Integer("groups", 1),
    };
}
