using System.Text.Json;
using Thalweg.Conformance.Golden;
using static Thalweg.Conformance.Tables.OperationTable;

namespace Thalweg.Conformance.Tables;

/// <summary>Pooling operations by the names of the reference.</summary>
internal static class PoolingTable
{
    public static Dictionary<string, Operation> All { get; } = new()
    {
        ["max_pool1d"] = Single(c => c["x"].MaxPool1d(Pooling(c.Options))),
        ["max_pool2d"] = Single(c => c["x"].MaxPool2d(Pooling(c.Options))),
        ["avg_pool1d"] = Single(c => c["x"].AvgPool1d(Pooling(c.Options))),
        ["avg_pool2d"] = Single(c => c["x"].AvgPool2d(Pooling(c.Options))),
        ["adaptive_avg_pool1d"] = Single(c => c["x"].AdaptiveAvgPool1d(OutputSize(c).Width)),
        ["adaptive_avg_pool2d"] = Single(c => c["x"].AdaptiveAvgPool2d(OutputSize(c))),
        ["adaptive_max_pool1d"] = Single(c => c["x"].AdaptiveMaxPool1d(OutputSize(c).Width)),
        ["adaptive_max_pool2d"] = Single(c => c["x"].AdaptiveMaxPool2d(OutputSize(c))),
    };

    /// <summary>The size of the output; a missing one of a pair is that of the input.</summary>
    private static Size2d OutputSize(OperationCall call)
    {
        JsonElement size = call.Options.Element("output_size");
        if (size.ValueKind != JsonValueKind.Array)
            return call.Options.Integer("output_size", 1);

        int[] sizes = [.. size.EnumerateArray().Select(
            (s, i) => s.ValueKind == JsonValueKind.Null ? call["x"].Shape[i - size.GetArrayLength()] : s.GetInt32())];
        return new Size2d(sizes[0], sizes[^1]);
    }

    /// <summary>Options of a pooling.</summary>
    public static PoolingOptions Pooling(Options options) => new()
    {
        KernelSize = ConvolutionTable.Size(options, "kernel_size", 1),
        Stride = options.Has("stride") ? ConvolutionTable.Size(options, "stride", 1) : null,
        Padding = ConvolutionTable.Size(options, "padding", 0),
        Dilation = ConvolutionTable.Size(options, "dilation", 1),
        CeilMode = options.Flag("ceil_mode"),
        CountIncludePad = options.Flag("count_include_pad", true),
        DivisorOverride = options.Has("divisor_override") ? options.Integer("divisor_override", 1) : null,
    };
}
