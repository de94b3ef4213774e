using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.Models;

namespace Thalweg.Tests.Layers;

/// <summary>Layers by their texts: each builds for samples of a shape, says what leaves it, and reads back.</summary>
public sealed class LayerSettingsTests
{
    static LayerSettingsTests()
    {
        Settings.Register<DoublingSettings>();
        LayerRegistry.Register("doubling", _ => new Doubling());
    }

    /// <summary>The text, the shape of a sample, and the text that it prints.</summary>
    public static TheoryData<string, int[], string> Texts => new()
    {
        { "dense(3, relu=1)", [], "" },
        { "dense(128, activation=relu, initializer=he_normal)", [4], "dense(128, activation=relu, initializer=he_normal)" },
        { "dense(units=5, bias=false)", [3, 4], "dense(5, bias=false)" },
        { "output(activation=sigmoid)", [4], "output(activation=sigmoid)" },
        { "maxout(3, pieces=4, initializer=orthogonal(gain=relu))", [4],
            "maxout(3, pieces=4, initializer=orthogonal(gain=1.4142135623730951))" },
        { "activation(gelu_tanh)", [4], "activation(gelu_tanh)" },
        { "prelu", [3, 4, 4], "prelu" },
        { "prelu(slope=0.1, shared=true)", [4], "prelu(slope=0.1, shared=true)" },
        { "function(leaky_relu, [0.2])", [4], "function(leaky_relu, [0.2])" },
        { "function(glu, [-1])", [4], "function(glu, [-1])" },
        { "function(glu, [1])", [4, 3], "function(glu, [1])" },
        { "softmax", [4], "softmax" },
        { "log_softmax", [4], "log_softmax" },
        { "flatten", [3, 4, 2], "flatten" },
        { "mean", [3, 4], "mean" },
        { "mean(2)", [3, 4], "mean(axis=2)" },
        { "embedding(7, width=5, padding=0)", [3], "embedding(7, 5, padding=0)" },
        { "conv(4)", [2, 7, 6], "conv(4, 3)" },
        { "conv(4, 3x5, stride=2, padding=1, dilation=1x2, groups=2, activation=relu)", [2, 9, 12],
            "conv(4, 3x5, stride=2, padding=1, dilation=1x2, groups=2, activation=relu)" },
        { "conv(4, 5, same_padding=true, initializer=xavier_normal)", [2, 7, 6],
            "conv(4, 5, same_padding=true, initializer=xavier_normal)" },
        { "conv(4, 3, padding=1, bias_initializer=constant(0.1))", [2, 7], "conv(4, 3, padding=1, bias_initializer=constant(value=0.1))" },
        { "conv_transpose(4, 4, stride=2, padding=1, output_padding=1)", [2, 5, 4],
            "conv_transpose(4, 4, output_padding=1, stride=2, padding=1)" },
        { "conv_transpose(4)", [2, 5], "conv_transpose(4, 3)" },
        { "max_pool", [2, 7, 6], "max_pool" },
        { "max_pool(3, stride=2, padding=1, ceil_mode=true)", [2, 7, 6], "max_pool(size=3, stride=2, padding=1, ceil_mode=true)" },
        { "max_pool(2x1, dilation=2)", [2, 7, 6], "max_pool(size=2x1, dilation=2)" },
        { "avg_pool(2, divisor=3)", [2, 7, 6], "avg_pool(divisor=3)" },
        { "avg_pool(3, count_include_pad=false, padding=1)", [2, 7], "avg_pool(size=3, count_include_pad=false, padding=1)" },
        { "adaptive_avg_pool", [2, 7, 6], "adaptive_avg_pool" },
        { "adaptive_max_pool(2x3)", [2, 7, 6], "adaptive_max_pool(size=2x3)" },
        { "adaptive_max_pool(2)", [2, 7], "adaptive_max_pool(size=2)" },
        { "batch_norm", [4], "batch_norm" },
        { "batch_norm(momentum=none, epsilon=1e-3, affine=false)", [4, 3, 3], "batch_norm(epsilon=0.001, momentum=none, affine=false)" },
        { "layer_norm", [3, 4], "layer_norm" },
        { "layer_norm(axes=2, affine=false)", [3, 4], "layer_norm(axes=2, affine=false)" },
        { "rms_norm(epsilon=1e-3)", [3, 4], "rms_norm(epsilon=0.001)" },
        { "group_norm", [8, 3, 3], "group_norm" },
        { "group_norm(2)", [8], "group_norm(groups=2)" },
        { "instance_norm(affine=true)", [4, 3, 3], "instance_norm(affine=true)" },
        { "weight_norm(dense(3))", [4], "weight_norm(dense(3))" },
        { "spectral_norm(conv(3), iterations=2)", [4, 5, 5], "spectral_norm(conv(3, 3), iterations=2)" },
        { "dropout(0.2, scaling=at_evaluation)", [4], "dropout(0.2, scaling=at_evaluation)" },
        { "dropout(rate=0.2)", [4], "dropout(0.2)" },
        { "channel_dropout(0.2)", [4, 3, 3], "channel_dropout(0.2)" },
        { "alpha_dropout(0.2)", [4], "alpha_dropout(0.2)" },
        { "gaussian_dropout(0.2)", [4], "gaussian_dropout(0.2)" },
        { "gaussian_noise(0.2)", [4], "gaussian_noise(0.2)" },
        { "stochastic_depth(0.2)", [4], "stochastic_depth(0.2)" },
        { "rnn(5, activation=relu)", [3, 4], "rnn(5, activation=relu)" },
        { "lstm(5, layers=2, bidirectional=true, dropout=0.1, forget_bias=0.5)", [3, 4],
            "lstm(5, forget_bias=0.5, layers=2, bidirectional=true, dropout=0.1)" },
        { "gru(5, all_steps=false, bias=false)", [3, 4], "gru(5, bias=false, all_steps=false)" },
        { "attention(2, causal=true, rotary_base=100)", [3, 4], "attention(2, causal=true, rotary_base=100)" },
        { "transformer_block(2, feed_forward=6, activation=relu)", [3, 4], "transformer_block(2, feed_forward=6, activation=relu)" },
        { "transformer(2, heads=2, norm_first=false)", [3, 4], "transformer(2, 2, norm_first=false)" },
        { "sinusoidal_positions", [3, 4], "sinusoidal_positions" },
        { "learned_positions", [3, 4], "learned_positions" },
        { "learned_positions(9)", [3, 4], "learned_positions(maximum_length=9)" },
        { "rotary_positions(2)", [3, 4], "rotary_positions(2)" },
        { "sequential([dense(8, activation=relu), dropout(0.1), output])", [4],
            "sequential([dense(8, activation=relu), dropout(0.1), output])" },
        { "residual([dense(4), batch_norm], activation=relu)", [4], "residual([dense(4), batch_norm], activation=relu)" },
        { "residual([conv(6, stride=2, padding=1)], shortcut=[conv(6, 1, stride=2)])", [4, 5, 5],
            "residual([conv(6, 3, stride=2, padding=1)], shortcut=[conv(6, 1, stride=2)])" },
        { "dense_block([dense(3), dense(2)])", [4], "dense_block([dense(3), dense(2)])" },
        { "checkpointed([dense(3), activation(relu)])", [4], "checkpointed([dense(3), activation(relu)])" },
        { "sequential([doubling, dense(2)])", [4], "sequential([doubling, dense(2)])" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Layers_are_built_printed_and_described(string text, int[] shape, string printed)
    {
        if (printed.Length == 0)
        {
            Should.Throw<ThalwegException>(() => Settings.Parse<LayerSettings>(text)).Message.ShouldContain("unknown parameter 'relu'");
            return;
        }

        LayerSettings settings = Settings.Parse<LayerSettings>(text);
        settings.ToString().ShouldBe(printed);
        Settings.Parse<LayerSettings>(printed).ShouldBe(settings);
        (Module layer, Shape output) = settings.Build(new LayerInput(new Shape(shape), 3));
        layer.Initialize(1);
        layer.Forward(Tensor.Ones([2, .. shape])).Shape.ShouldBe([2, .. output]);
        JsonObject description = layer.Describe();
        LayerRegistry.Build(description).Describe().ToJsonString().ShouldBe(description.ToJsonString());
    }

    [Fact]
    public void Every_layer_has_a_row()
    {
        string[] rows = [.. Texts.Select(row => row.Data.Item1.Split('(')[0])];
        Settings.Forms<LayerSettings>().Where(form => form.Type.Assembly == typeof(LayerSettings).Assembly)
            .Select(form => form.Name).Except(rows).ShouldBeEmpty();
        Type[] all = [.. typeof(LayerSettings).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(LayerSettings)) && !type.IsAbstract)];
        all.Except(Settings.Forms<LayerSettings>().Select(form => form.Type)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("conv(4)", new[] { 5 }, "[conv] expected images [channels, height, width] or signals [channels, length], got samples [5]")]
    [InlineData("lstm(4)", new[] { 5 }, "[lstm] expected sequences [time, features], got samples [5]")]
    [InlineData("residual([dense(3)])", new[] { 5 }, "[residual] expected a shortcut that gives [3], as the layers do, got samples [5]")]
    [InlineData("sequential([dense(3), max_pool])", new[] { 5 }, "(layer 1, max_pool)")]
    public void Samples_that_do_not_fit_are_refused(string text, int[] shape, string message) => Should.Throw<ThalwegException>(
        () => Settings.Parse<LayerSettings>(text).Build(new LayerInput(new Shape(shape)))).Message.ShouldContain(message);

    [Theory]
    [InlineData("lstm:6", new[] { 3, 4 }, "sequential([lstm(6, all_steps=false), output])")]
    [InlineData("gru:6x2,5+4", new[] { 3, 4 },
        "sequential([gru(6, layers=2), gru(5, all_steps=false), dense(4, activation=relu, initializer=he_normal), output])")]
    [InlineData("mlp:5", new[] { 2, 2 }, "sequential([flatten, dense(5, activation=relu, initializer=he_normal), output])")]
    [InlineData("cnn:4", new[] { 1, 4, 4 },
        "sequential([conv(4, 3, same_padding=true, activation=relu, initializer=he_normal), max_pool, flatten, output])")]
    public void Short_forms_stand_for_lists(string text, int[] shape, string layers)
    {
        SequentialSettings expanded = NetworkSpec.Parse(text).Expand(shape);
        expanded.ToString().ShouldBe(layers);
        Module network = expanded.Build(new LayerInput(new Shape(shape), 3)).Module.Initialize(1);
        network.Forward(Tensor.Ones([2, .. shape])).Shape.ShouldBe([2, 3]);
    }

    [Fact]
    public void Recurrent_short_forms_need_sequences() => Should.Throw<ThalwegException>(() => NetworkSpec.Parse("lstm:4").Build([5], 1))
        .Message.ShouldContain("expected sequences [time, features] for recurrent layers, got samples [5]");
}

/// <summary>A layer as a user writes one.</summary>
public sealed class Doubling : Module
{
    protected override Tensor ForwardCore(Tensor x) => x.Add(x);

    public override JsonObject Describe() => new() { ["type"] = "doubling" };
}

/// <summary>Its settings.</summary>
public sealed record DoublingSettings : LayerSettings
{
    public override BuiltLayer Build(LayerInput input) => new(new Doubling(), input.Shape);
}
