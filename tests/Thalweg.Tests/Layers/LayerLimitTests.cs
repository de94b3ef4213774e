using System.Text.Json.Nodes;
using Thalweg.Layers;
using Thalweg.LinearAlgebra;
using Thalweg.Losses;

namespace Thalweg.Tests.Layers;

/// <summary>Layers at their limits: batches without samples, settings that do not belong, and errors that name their place.</summary>
public sealed class LayerLimitTests
{
    private static readonly Dictionary<string, (Func<Module> Make, int[] Sample)> s_rows = new()
    {
        ["dense"] = (() => new Dense(16, 16, Activation.Relu), [16]),
        ["convolution"] = (() => new Conv2d(16, 16, 3), [16, 9, 9]),
        ["transposed convolution"] = (() => new ConvTranspose2d(16, 16, 3), [16, 5, 5]),
        ["weight norm"] = (() => new WeightNorm(new Conv2d(16, 16, 3)), [16, 9, 9]),
        ["spectral norm"] = (() => new SpectralNorm(new Dense(16, 16)), [16]),
        ["long short-term memory"] = (() => new Lstm(16, 8, new() { Bidirectional = true }), [4, 16]),
        ["layer norm"] = (() => new LayerNorm([16]), [16]),
        ["root mean square norm"] = (() => new RmsNorm([16]), [16]),
        ["group norm"] = (() => new GroupNorm(4, 16), [16, 3, 3]),
        ["instance norm"] = (() => new InstanceNorm(16, affine: true), [16, 3, 3]),
        ["transformer block"] = (() => new TransformerBlock(16, 2), [5, 16]),
        ["pooling"] =
            (() => new Sequential(new Conv2d(2, 2, 1), new AdaptiveAvgPool2d(), new AdaptiveMaxPool2d(), new Flatten()), [2, 5, 5]),
    };

    public static TheoryData<string> Names => [.. s_rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_empty_batch_gives_no_rows_and_gradients_of_0(string name)
    {
        (Func<Module> make, int[] sample) = s_rows[name];
        foreach ((DType dtype, bool recorded) in new[] { (DType.Float32, false), (DType.Float32, true), (DType.Float64, false) })
        {
            GC.KeepAlive(Tensor.Full([1 << 16], 7, dtype));
            Module layer = make().Initialize(1, dtype);
            Tensor y = layer.Forward(Tensor.Zeros(new Shape([0, .. sample]), dtype));
            y.Shape[0].ShouldBe(0);
            Tensor[] values = [.. layer.NamedParameters().Select(p => p.Parameter.Value)];
            foreach (Tensor gradient in Gradients.Of(y.Square().Sum(), Tensor.Scalar(1, dtype), values, recorded))
                gradient.To(DType.Float64).ToArray<double>().ShouldAllBe(g => g == 0, $"{dtype}, recorded: {recorded}");
        }
    }

    [Fact]
    public void Messages_of_normalizations_name_the_layer_and_what_was_found()
    {
        Should.Throw<ThalwegException>(() => Tensor.Zeros([2, 0, 3]).InstanceNorm()).Message
            .ShouldBe("[instance norm] expected inputs [batch, channels, ...] with samples that are not empty, got [2, 0, 3]");
        Should.Throw<ThalwegException>(() => new BatchNorm1d(3).Initialize(1).Forward(Tensor.Zeros([0, 3]))).Message
            .ShouldBe(
                "[batch norm] expected 2 or more values for each channel in a training batch, got 0 of inputs [0, 3]; use a larger batch");
        Should.Throw<ThalwegException>(() => new TransformerBlock(16, 2).Initialize(1).Forward(Tensor.Zeros([2, 5, 8]))).Message
            .ShouldBe("[transformer block] expected inputs [batch, length, 16], got [2, 5, 8]");
        Should.Throw<ThalwegException>(() => Tensor.Zeros([2, 8]).LayerNorm(1, null, Tensor.Zeros([3]))).Message
            .ShouldBe("[layer norm] expected a scale of shape [8] and a shift of shape [8], or one of them alone, got no scale and a " +
                "shift [3] for inputs [2, 8]");
    }

    [Fact]
    public void A_chain_names_the_layer_that_refuses_its_input()
    {
        Sequential network = new(new Flatten(), new Dense(4, 8), new Sequential(new Dense(8, 8), new Dense(9, 2)));
        network.Initialize(1);
        string message = Should.Throw<ThalwegException>(() => network.Forward(Tensor.Ones([2, 4]))).Message;
        message.ShouldEndWith("; in layer 1 (Dense) of layer 2 (Sequential)");
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Parts_of_a_module_are_named_where_they_refuse_their_input()
    {
        (Module Network, Shape Input, string Place)[] cases =
        [
            (new Residual(new Sequential(new Dense(4, 4), new Dense(5, 4))), [2, 4], "layer 1 (Dense) of layer module (Sequential)"),
            (new Residual(new Dense(4, 3), new Dense(5, 3)), [2, 4], "layer shortcut (Dense)"),
            (new DenseBlock(new Dense(4, 3), new Dense(4, 3)), [2, 4], "layer 1 (Dense)"),
            (new DenseBlock(new Conv2d(2, 3, 3)), [1, 2, 5, 5], "layer 0 (Conv2d)"),
            (new Sequential(new Recomputed(new Dense(5, 3))), [2, 4], "layer module (Dense) of layer 0 (Recomputed)"),
            (new WeightNorm(new Dense(5, 3)), [2, 4], "layer module (Dense)"),
            (new SpectralNorm(new Conv1d(2, 3, 3)), [3, 4], "layer module (Conv1d)"),
            (new Maxout(5, 3), [2, 4], "layer maps (Dense)"),
        ];
        foreach ((Module network, Shape input, string location) in cases)
        {
            network.Initialize(1);
            Message(() => network.Forward(Tensor.Ones(input))).ShouldEndWith("; in " + location);
            network.SetTraining(false);
            Message(() => network.Forward(Tensor.Ones(input))).ShouldEndWith("; in " + location);
        }

        TransformerEncoder encoder = new(2, 8, 2);
        encoder.Initialize(1);
        Message(() => encoder.Forward(Tensor.Ones([2, 3, 8]), [3, 4]))
            .ShouldEndWith("; in layer attention (MultiHeadAttention) of layer blocks.0 (TransformerBlock)");
    }

    [Fact]
    public void Settings_that_do_not_belong_are_refused()
    {
        Message(() => new Conv1d(2, 2, 3, new() { OutputPadding = 1 })).ShouldStartWith("[conv1d] expected no output padding,");
        Message(() => new Conv2d(2, 2, 3, new() { OutputPadding = 1 })).ShouldStartWith("[conv2d] expected no output padding,");
        Message(() => Tensor.Ones([1, 2, 4, 4]).Conv2d(Tensor.Ones([2, 2, 3, 3]), null, new() { OutputPadding = 1 }))
            .ShouldContain("no output padding");
        Message(() => new Conv1d(2, 2, 3, new() { Stride = (3, 1) })).ShouldStartWith("[conv1d] expected one number each for signals,");
        Message(() => new ConvTranspose1d(2, 2, 3, new() { Padding = (2, 1) }))
            .ShouldStartWith("[conv_transpose1d] expected one number each for signals,");
        Message(() => new Lstm(2, 2, new() { Dropout = 5 })).ShouldBe("[lstm] expected a dropout probability in [0, 1), got 5");
        _ = new ConvTranspose2d(2, 2, 3, new() { Stride = 2, OutputPadding = 1 });
        _ = new Conv1d(2, 2, 3, new() { Stride = 2, Padding = (0, 1) });
    }

    [Fact]
    public void Messages_of_tensor_functions_name_what_was_called()
    {
        Message(() => Tensor.Scalar(1).Sum(0))
            .ShouldBe("[shape] expected a shape with axes, got a scalar, which has no axis 0; reshape it to [1]");
        Message(() => Tensor.Zeros([2, 0]).ArgMax()).ShouldBe("[argmax] expected at least one element along axis -1, got [2, 0]");
        Tensor whole = Tensor.Vector(1, 2);
        Message(() => Tensor.Einsum("i,i->", whole, whole))
            .ShouldBe("[einsum] expected Float32 or Float64 elements, got Int32; convert with To(DType.Float32)");
        Should.Throw<ArgumentNullException>(() => Tensor.Einsum(null!, whole));
        Tensor pair = Tensor.From([1.0, 0, 0, 1, 1, 2, 2, 1], [2, 2, 2]);
        Message(() => pair.Cholesky()).ShouldEndWith("; it is matrix 1 of 2");
        Message(() => pair.Slice(0, 1, 1).Cholesky()).ShouldEndWith("add a multiple of the identity");
    }

    [Fact]
    public void Functions_are_layers_that_files_can_hold()
    {
        FunctionLayer[] layers =
        [
            FunctionLayer.Softmax(1), FunctionLayer.LogSoftmax(), FunctionLayer.Softmin(), FunctionLayer.Glu(1),
            FunctionLayer.LeakyRelu(0.3), FunctionLayer.Elu(2),
            FunctionLayer.Celu(2), FunctionLayer.Softplus(3), FunctionLayer.Hardtanh(-0.5, 0.25), FunctionLayer.SoftShrink(0.2),
            FunctionLayer.HardShrink(0.2),
            FunctionLayer.Threshold(0.1, -3),
        ];
        Tensor x = Tensor.From([.. Enumerable.Range(0, 24).Select(i => Math.Sin(i * 1.7))], [2, 4, 3]);
        Tensor[] expected =
        [
            x.Softmax(1), x.LogSoftmax(), x.Softmin(), x.Glu(1), x.LeakyRelu(0.3), x.Elu(2), x.Celu(2), x.Softplus(3, 20),
            x.Hardtanh(-0.5, 0.25), x.SoftShrink(0.2),
            x.HardShrink(0.2), x.Threshold(0.1, -3),
        ];
        for (int i = 0; i < layers.Length; i++)
        {
            string text = layers[i].Describe().ToJsonString();
            Module copy = LayerRegistry.Build((JsonObject)JsonNode.Parse(text)!);
            copy.Describe().ToJsonString().ShouldBe(text);
            copy.Forward(x).ToArray<double>().ShouldBe(expected[i].ToArray<double>(), layers[i].Function);
        }

        Message(() => LayerRegistry.Build(new JsonObject { ["type"] = "function", ["function"] = "glu", ["arguments"] = new JsonArray() }))
            .ShouldBe("[function layer] expected 1 finite numbers for 'glu', got []");
    }

    [Fact]
    public void Short_constructors_make_windows_side_by_side()
    {
        new MaxPool1d(3).Options.ShouldBe(new PoolingOptions { KernelSize = 3 });
        new AvgPool1d(3).Options.ShouldBe(new PoolingOptions { KernelSize = 3 });
        new MaxPool1d(new() { KernelSize = 4 }).Options.KernelSize.Width.ShouldBe(4);
        new MaxPool2d(new() { KernelSize = 4 }).Options.KernelSize.Width.ShouldBe(4);
        new AdaptiveMaxPool2d().Forward(Tensor.Ones([2, 3, 4, 5])).Shape.ShouldBe([2, 3, 1, 1]);
    }

    private static string Message(Action action) => Should.Throw<ThalwegException>(action).Message;
}
