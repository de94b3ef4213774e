using System.Text.Json.Nodes;
using Thalweg.Layers;

namespace Thalweg.Tests.Recordings;

public sealed class LayerRecordingTests
{
    [Fact]
    public void Operations_belong_to_the_layers_that_apply_them()
    {
        Sequential network = new(
            new Conv2d(1, 2, 3), new BatchNorm2d(2), new ActivationLayer(Activation.Relu), new Flatten(),
            new Residual(new Sequential(new Dense(8, 8, Activation.Tanh), new Dropout(0.5))), new Dense(8, 3));
        Layers(network, Tensor.Ones([3, 1, 4, 4])).ShouldBe([
            "0:conv2d", "1:batch norm", "3:reshape", "4.module.0:linear", "4.module.1:dropout", "4:add", "5:linear"]);
    }

    [Fact]
    public void Layers_of_own_modules_are_distinguished_without_registration()
    {
        Layers(new Own(), Tensor.Ones([2, 3])).ShouldBe(["multiply", "body.0:linear", "body.1:tanh", "head:linear"]);
    }

    [Fact]
    public void Parts_with_several_inputs_and_wrapped_layers_are_distinguished()
    {
        Layers(new TransformerEncoder(1, 4, 2, new() { FeedForward = 4, Dropout = 0 }), Tensor.Ones([2, 3, 4])).Distinct().ShouldBe([
            "blocks.0.norm1:row norm", "blocks.0.attention:linear", "blocks.0.attention:attention", "blocks.0:add",
            "blocks.0.norm2:row norm", "blocks.0.expand:linear", "blocks.0.expand:gelu", "blocks.0.contract:linear", "norm:row norm"]);
        Layers(new Sequential(new Gru(3, 2), new WeightNorm(new Dense(2, 2))), Tensor.Ones([2, 4, 3]))
            .Select(line => line.Split(':')[0]).Distinct().ShouldBe(["0", "1", "1.module"]);
    }

    [Fact]
    public void Names_are_those_of_the_parameters()
    {
        Module network = new Sequential(new Dense(3, 4), new Recomputed(new Sequential(new Dense(4, 4), new Dense(4, 2)))).Initialize(1);
        using Recording recording = Recording.Start();
        network.Forward(Tensor.Ones([2, 3])).Sum().Backward();
        recording.Stop();
        Dictionary<string, Parameter> parameters = network.NamedParameters().ToDictionary(p => p.Name, p => p.Parameter);
        RecordedOp[] affine = [.. recording.Ops.Where(op => op.Kind == OpKind.Affine)];
        affine.Select(op => op.Layer).ShouldBe(["0", "1.module.0", "1.module.1"]);
        affine.ShouldAllBe(op => op.HasInput(1, parameters[op.Layer + ".weight"].Value));
        affine.Select(op => op.IsRecomputed).ShouldBe([false, true, true]);
        affine.ShouldAllBe(op => op.HasGradient);
    }

    [Fact]
    public void Weights_after_recorded_steps_have_the_bits_of_those_without()
    {
        float[] Train(bool isRecorded)
        {
            Module network = new Sequential(
                new Dense(5, 16, Activation.Relu), new Dense(16, 16, Activation.Relu), new Dropout(0.2), new Dense(16, 1)).Initialize(4);
            RandomStream stream = new(3, RandomPurpose.User);
            Tensor x = Tensor.Normal([32, 5], 0, 1, ref stream);
            for (int step = 0; step < 5; step++)
            {
                using Recording? recording = isRecorded ? Recording.Start(new() { Keep = op => op.Layer == "1" }) : null;
                using StepScope scope = StepScope.Begin();
                network.Forward(x).Square().Mean().Backward();
                foreach ((_, Parameter parameter) in network.NamedParameters())
                    parameter.Value.Assign(parameter.Value.Detach().Subtract(parameter.Value.Gradient!.Multiply(0.1)));
            }

            return [.. network.NamedParameters().SelectMany(p => p.Parameter.Value.ToArray<float>())];
        }

        Train(isRecorded: true).ShouldBe(Train(isRecorded: false));
    }

    private static string[] Layers(Module network, Tensor x)
    {
        network.Initialize(2);
        using Recording recording = Recording.Start();
        network.Forward(x);
        recording.Stop();
        return [.. recording.Ops.Select(op => op.Layer.Length == 0 ? op.Name : $"{op.Layer}:{op.Name}")];
    }

    private sealed class Own : Module
    {
        private readonly Sequential _body;
        private readonly Dense _head;

        public Own()
        {
            _body = AddModule("body", new Sequential(new Dense(3, 4), new ActivationLayer(Activation.Tanh)));
            _head = AddModule("head", new Dense(4, 2));
        }

        public override JsonObject Describe() => [];

        protected override Tensor ForwardCore(Tensor x) => _head.Forward(_body.Forward(x * 2));
    }
}
