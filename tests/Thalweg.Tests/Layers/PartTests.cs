using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Tests.Checkpoints;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Layers;

/// <summary>Parts by name: found, frozen, replaced.</summary>
public sealed class PartTests
{
    private static readonly TrainerOptions _options = new() { Epochs = 2, Patience = 0, RestoreBest = false };
    private static readonly Dataset s_data = Samples.Clusters(60);

    [Fact]
    public void Parts_have_full_names()
    {
        Sequential network = Network();
        network.NamedModules().Select(part => part.Name).ShouldBe(["0", "0.0", "0.1", "1", "2"]);
        network.Part("0.1").ShouldBeSameAs(network.Part("0").Modules[1].Module);
        Should.Throw<ThalwegException>(() => network.Part("0.3")).Message.ShouldContain("'0.3'; did you mean");
        Should.Throw<ThalwegException>(() => new Flatten().Part("0")).Message.ShouldContain("has no parts");
    }

    [Theory]
    [InlineData("0", new[] { "1", "2" })]
    [InlineData("0.1", new[] { "0.0", "1", "2" })]
    [InlineData("?", new string[0])]
    [InlineData("0.*", new[] { "1", "2" })]
    public void Parts_are_frozen_by_name(string names, string[] trained)
    {
        Sequential network = Network();
        network.Initialize(1);
        Dictionary<string, float[]> before = Weights(network);
        network.Freeze(names);
        if (trained.Length > 0)
            new Trainer(network, new TrainingSet(s_data), _options).Fit();
        foreach ((string name, float[] values) in Weights(network))
        {
            bool isTrained = trained.Any(part => name.StartsWith($"{part}.", StringComparison.Ordinal));
            values.SequenceEqual(before[name]).ShouldBe(!isTrained, name);
        }

        network.NamedParameters().Where(p => p.Parameter.IsTrainable).Select(p => p.Name[..p.Name.LastIndexOf('.')]).Distinct()
            .ShouldBe(trained);
        Should.Throw<ThalwegException>(() => network.Freeze("7*")).Message.ShouldContain("'7*'");
    }

    [Fact]
    public void A_new_head_starts_and_the_body_keeps_its_weights()
    {
        Sequential network = Network();
        network.Initialize(1);
        Dictionary<string, float[]> before = Weights(network);
        Module old = network.Part("2");
        network.Freeze();
        network.ReplaceHead(new Dense(8, 5)).ShouldBeSameAs(old);
        network.IsInitialized.ShouldBeFalse();
        network.InitializeMissing(seed: 2);
        Dictionary<string, float[]> after = Weights(network);
        after.Keys.ShouldBe(before.Keys);
        foreach (string name in after.Keys.Where(name => !name.StartsWith("2.", StringComparison.Ordinal)))
            after[name].ShouldBe(before[name], name);
        network.Part("2").NamedParameters().ShouldAllBe(p => p.Parameter.IsTrainable);
        network.NamedParameters().Count(p => p.Parameter.IsTrainable).ShouldBe(2);
        network.Forward(Tensor.Ones([4, 2])).Shape.ShouldBe(new Shape(4, 5));
    }

    [Fact]
    public void The_trainer_starts_a_new_head_and_trains_it_alone()
    {
        Sequential network = Network();
        network.Initialize(1);
        network.Freeze();
        Dictionary<string, float[]> before = Weights(network);
        network.ReplaceHead(new Dense(8, 3));
        new Trainer(network, new TrainingSet(s_data), _options).Fit();
        foreach ((string name, float[] values) in Weights(network))
            values.SequenceEqual(before[name]).ShouldBe(!name.StartsWith("2.", StringComparison.Ordinal), name);
    }

    [Fact]
    public void The_head_is_the_last_part_with_parameters()
    {
        Sequential body = new(new Dense(2, 4), new Dense(4, 3)), network = new(new Flatten(), body, new ActivationLayer(Activation.Tanh));
        Module head = body.Part("1");
        network.ReplaceHead(new Dense(4, 7)).ShouldBeSameAs(head);
        network.Part("1.1").ShouldBe(body.Part("1"));
        network.Initialize(1).Forward(Tensor.Ones([2, 2])).Shape.ShouldBe(new Shape(2, 7));
        Should.Throw<ThalwegException>(() => new Sequential(new Flatten()).ReplaceHead(head)).Message.ShouldContain("with parameters");
    }

    [Fact]
    public void Parts_are_replaced_by_full_name_where_the_holder_can()
    {
        Sequential network = Network();
        Module part = network.Part("0.1");
        network.Replace("0.1", new Dense(4, 4, Activation.Relu)).ShouldBeSameAs(part);
        network.Part("0.1").ShouldBeOfType<Dense>().Activation.ShouldBe(Activation.Relu);
        Should.Throw<ThalwegException>(() => network.Replace("0.2", part)).Message.ShouldContain("'2'");
        Should.Throw<ThalwegException>(() => network.Replace("1", network)).Message.ShouldContain("part of itself");
        Sequential held = new(new Residual(new Dense(4, 4)));
        Should.Throw<ThalwegException>(() => held.Replace("0.module", part)).Message.ShouldContain("override OnReplacing");
        held.Part("0.module").ShouldNotBeSameAs(part);
        DenseBlock block = new(new Dense(2, 3), new Dense(5, 4));
        block.Replace("1", new Dense(5, 1));
        block.Initialize(1).Forward(Tensor.Ones([1, 2])).Shape.ShouldBe(new Shape(1, 6));
    }

    [Fact]
    public void A_custom_module_replaces_what_it_holds_in_a_field()
    {
        Holder holder = new();
        holder.Replace("head", new Dense(2, 9));
        holder.Initialize(1).Forward(Tensor.Ones([1, 2])).Shape.ShouldBe(new Shape(1, 9));
        holder.NamedParameters().First().Parameter.Shape.ShouldBe(new Shape(2, 9));
    }

    [Fact]
    public void A_saved_network_comes_back_with_equal_bits()
    {
        using TemporaryFolder folder = new();
        Sequential network = new(new Dense(2, 8), new BatchNorm1d(8), new ActivationLayer(Activation.Relu), new Dense(8, 3));
        new Trainer(network, new TrainingSet(s_data), _options).Fit();
        network.SetTraining(false);
        string path = folder["network.safetensors"];
        network.Save(path);
        Module loaded = Module.Load(path);
        loaded.Describe().ToJsonString().ShouldBe(network.Describe().ToJsonString());
        Tensor x = Tensor.From([0.5f, -1, 2, 0.25f], [2, 2]);
        loaded.Forward(x).ToArray<float>().ShouldBe(network.Forward(x).ToArray<float>());
        byte[] first = File.ReadAllBytes(path);
        loaded.Save(path);
        File.ReadAllBytes(path).ShouldBe(first);
    }

    [Fact]
    public void A_network_without_weights_is_not_saved_and_what_was_there_stays()
    {
        using TemporaryFolder folder = new();
        string path = folder["network.safetensors"];
        Network().Initialize(1).Save(path);
        byte[] before = File.ReadAllBytes(path);
        Should.Throw<ThalwegException>(() => Network().Save(path)).Message.ShouldContain("Initialize(seed)");
        Should.Throw<ThalwegException>(() => new Holder().Initialize(1).Save(path)).Message.ShouldContain("[Holder]");
        File.ReadAllBytes(path).ShouldBe(before);
        Directory.GetFiles(folder["."]).Length.ShouldBe(1);
    }

    [Fact]
    public void A_network_of_float64_comes_back_as_such()
    {
        using TemporaryFolder folder = new();
        Network().Initialize(1, DType.Float64).Save(folder["n"]);
        Module.Load(folder["n"]).Part("2").NamedParameters().First().Parameter.Value.DType.ShouldBe(DType.Float64);
    }

    private static Sequential Network() =>
        new(new Sequential(new Dense(2, 4), new Dense(4, 4)), new Dense(4, 8, Activation.Relu), new Dense(8, 3));

    private static Dictionary<string, float[]> Weights(Module network) =>
        network.NamedParameters().ToDictionary(p => p.Name, p => p.Parameter.Value.ToArray<float>());

    private sealed class Holder : Module
    {
        private Module _head;

        public Holder() => _head = AddModule("head", new Dense(2, 3));

        protected override Tensor ForwardCore(Tensor x) => ForwardPart(_head, x);

        protected override void OnReplacing(string name, Module module) => _head = module;
    }
}
