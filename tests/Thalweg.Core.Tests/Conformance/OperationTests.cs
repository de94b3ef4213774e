using System.Text.Json;

namespace Thalweg.Core.Tests.Conformance;

/// <summary>Convolutions, pooling and normalizations against reference results of PyTorch.</summary>
public sealed class OperationTests
{
    [Theory]
    [InlineData("convolution.json")]
    [InlineData("pooling.json")]
    [InlineData("normalization.json")]
    public void Results_and_derivatives_equal_the_reference(string file)
    {
        int count = 0;
        foreach (JsonElement row in GoldenFile.Cases(file))
        {
            Dictionary<string, Tensor> inputs = row.GetProperty("inputs").EnumerateObject()
                .ToDictionary(p => p.Name, p => GoldenFile.ReadTensor(p.Value));
            foreach (Tensor input in inputs.Values)
                input.RequiresGrad = true;

            Tensor y = Apply(row.GetProperty("op").GetString()!, row.GetProperty("options"), inputs["x"],
                inputs.GetValueOrDefault("weight"), inputs.GetValueOrDefault("bias"));
            GoldenFile.ShouldEqual(y, row.GetProperty("outputs").GetProperty("y"), row, "y");
            (string Name, Tensor Value)[] named = [.. inputs.Select(p => (p.Key, p.Value))];
            Tensor[] gradients = Gradients.Of(
                y, GoldenFile.ReadTensor(row.GetProperty("grad_outputs").GetProperty("y")), [.. named.Select(n => n.Value)], false);
            for (int i = 0; i < named.Length; i++)
            {
                GoldenFile.ShouldEqual(
                    gradients[i], row.GetProperty("grads").GetProperty(named[i].Name), row, "gradient of " + named[i].Name);
            }

            count++;
        }

        count.ShouldBeGreaterThan(0);
    }

    private static Tensor Apply(string op, JsonElement options, Tensor x, Tensor? weight, Tensor? bias) => op switch
    {
        "conv1d" => x.Conv1d(weight!, bias, Convolution(options)),
        "conv2d" => x.Conv2d(weight!, bias, Convolution(options)),
        "conv_transpose1d" => x.ConvTranspose1d(weight!, bias, Convolution(options)),
        "conv_transpose2d" => x.ConvTranspose2d(weight!, bias, Convolution(options)),
        "max_pool1d" => x.MaxPool1d(Pooling(options)),
        "max_pool2d" => x.MaxPool2d(Pooling(options)),
        "avg_pool1d" => x.AvgPool1d(Pooling(options)),
        "avg_pool2d" => x.AvgPool2d(Pooling(options)),
        "adaptive_avg_pool1d" => x.AdaptiveAvgPool1d(Pair(options, "output_size", 1).Width),
        "adaptive_avg_pool2d" => x.AdaptiveAvgPool2d(Pair(options, "output_size", 1)),
        "adaptive_max_pool1d" => x.AdaptiveMaxPool1d(Pair(options, "output_size", 1).Width),
        "adaptive_max_pool2d" => x.AdaptiveMaxPool2d(Pair(options, "output_size", 1)),
        "layer_norm" => x.LayerNorm(options.GetProperty("normalized_shape").GetArrayLength(), weight, bias, Number(options, "eps", 1e-5)),
        "group_norm" => x.GroupNorm(options.GetProperty("num_groups").GetInt32(), weight, bias, Number(options, "eps", 1e-5)),
        "instance_norm" => x.InstanceNorm(weight, bias, Number(options, "eps", 1e-5)),
        "local_response_norm" => x.LocalResponseNorm(
            options.GetProperty("size").GetInt32(), Number(options, "alpha", 1e-4), Number(options, "beta", 0.75), Number(options, "k", 1)),
        _ => throw new InvalidOperationException(op),
    };

    private static ConvolutionOptions Convolution(JsonElement options) => new()
    {
        Stride = Pair(options, "stride", 1),
        Padding = Pair(options, "padding", 0),
        OutputPadding = Pair(options, "output_padding", 0),
        Dilation = Pair(options, "dilation", 1),
        Groups = (int)Number(options, "groups", 1),
    };

    private static PoolingOptions Pooling(JsonElement options) => new()
    {
        KernelSize = Pair(options, "kernel_size", 1),
        Stride = options.TryGetProperty("stride", out _) ? Pair(options, "stride", 1) : null,
        Padding = Pair(options, "padding", 0),
        Dilation = Pair(options, "dilation", 1),
        CeilMode = options.TryGetProperty("ceil_mode", out JsonElement ceil) && ceil.GetBoolean(),
        CountIncludePad = !options.TryGetProperty("count_include_pad", out JsonElement count) || count.GetBoolean(),
        DivisorOverride = options.TryGetProperty("divisor_override", out JsonElement divisor) && divisor.ValueKind == JsonValueKind.Number
            ? divisor.GetInt32()
            : null,
    };

    private static double Number(JsonElement options, string name, double fallback) =>
        options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : fallback;

    private static Size2d Pair(JsonElement options, string name, int fallback)
    {
        if (!options.TryGetProperty(name, out JsonElement value))
            return fallback;

        int[] sizes = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetInt32())] : [value.GetInt32()];
        return new Size2d(sizes[0], sizes[^1]);
    }
}
