using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Minimizers;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Tests.Layers;

/// <summary>Parts of a network that training leaves alone, is to start, or does not know.</summary>
public sealed class FreezeTests
{
    private static readonly TrainerOptions _options = new() { Optimizer = new Adam(0.01), Epochs = 2, Patience = 0, RestoreBest = false };
    private static readonly Dataset s_data = Samples.Clusters(80);

    [Theory]
    [InlineData("0.*")]
    [InlineData("0.1.*")]
    [InlineData("*.gamma;*.beta")]
    [InlineData("0.1.running*")]
    public void A_rule_that_freezes_a_batch_normalization_holds_its_statistics(string patterns)
    {
        if (patterns == "0.1.running*")
        {
            // Names of buffers alone are no names of parameters.
            Should.Throw<ThalwegException>(() => Train(Network(), patterns)).Message.ShouldContain("to match a parameter");
            return;
        }

        Sequential network = Network();
        BatchNorm frozen = BatchNorm.AllOf(network).First(), other = BatchNorm.AllOf(network).Last();
        Train(network, patterns);
        frozen.RunningMean!.ToArray<double>().ShouldAllBe(mean => mean == 0);
        frozen.RunningVariance!.ToArray<double>().ShouldAllBe(variance => variance == 1);
        frozen.BatchesTracked.ShouldBe(0);
        bool isOtherFrozen = patterns.StartsWith('*');
        other.RunningMean!.ToArray<double>().Any(mean => mean != 0).ShouldBe(!isOtherFrozen);

        // A run without the rule trains it again.
        Train(network, null);
        frozen.RunningMean!.ToArray<double>().ShouldContain(mean => mean != 0);
    }

    [Fact]
    public void A_pattern_for_some_of_its_parameters_leaves_the_statistics_moving()
    {
        Sequential network = Network();
        Train(network, "*.gamma");
        BatchNorm.AllOf(network).ShouldAllBe(layer => layer.BatchesTracked > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_part_is_left_as_it_is(bool isByMinimizer)
    {
        Sequential network = Network(PopulationStatistics.Exact);
        network.Initialize(1);
        Module body = network.Modules[0].Module;
        body.Freeze();
        float[] before = Samples.Weights(body), head = Samples.Weights(network.Modules[1].Module);
        double[] mean = BatchNorm.AllOf(body).Single().RunningMean!.ToArray<double>();
        Trainer trainer = Make(network, isByMinimizer
            ? _options with { Minimizer = new Lbfgs(), BatchSize = TrainerOptions.FullBatch }
            : _options with { Optimizer = new AdamW(0.01) });
        trainer.Parameters.Segments.Items.ShouldAllBe(segment => segment.Name.StartsWith("1."));
        trainer.Fit().Reason.ShouldBe(EndReason.Completed);
        Samples.Weights(body).ShouldBe(before);
        BatchNorm.AllOf(body).Single().RunningMean!.ToArray<double>().ShouldBe(mean);
        Samples.Weights(network.Modules[1].Module).ShouldNotBe(head);
        body.Unfreeze();
        Make(network, _options).Fit();
        Samples.Weights(body).ShouldNotBe(before);
    }

    [Fact]
    public void A_frozen_batch_normalization_works_in_training_as_in_evaluation()
    {
        BatchNorm1d layer = new(2);
        layer.Initialize(1);
        layer.Forward(Tensor.From([1f, 2, 3, 5], [2, 2]));
        layer.Freeze();
        Tensor x = Tensor.From([4f, 1, 0, 7], [2, 2]);
        float[] inTraining = layer.Forward(x).ToArray<float>();
        layer.BatchesTracked.ShouldBe(1);
        layer.SetTraining(false);
        layer.Forward(x).ToArray<float>().ShouldBe(inTraining);
        layer.Gamma!.Value.RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void A_frozen_run_continues_with_equal_bits_and_a_frozen_network_is_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Environment.ProcessId}-frozen.safetensors");
        Sequential Frozen()
        {
            Sequential network = Network();
            network.Modules[0].Module.Freeze();
            return network;
        }

        try
        {
            Trainer whole = Make(Frozen(), _options);
            whole.StepEnded += step =>
            {
                if (step.Step == 0)
                    TrainingCheckpoint.Save(whole, path);
            };
            whole.Fit();
            Trainer resumed = Make(Frozen(), _options);
            TrainingCheckpoint.Restore(resumed, path);
            resumed.Fit();
            Samples.Weights(resumed.Module).ShouldBe(Samples.Weights(whole.Module));
        }
        finally
        {
            File.Delete(path);
        }

        Sequential all = Network();
        all.Freeze();
        Should.Throw<ThalwegException>(() => Make(all, _options)).Message.ShouldContain("Unfreeze");
    }

    [Fact]
    public void A_layer_that_is_used_twice_counts_once_and_trains()
    {
        Dense shared = new(2, 2);
        Sequential network = new(shared, new ActivationLayer(Activation.Tanh), shared, new Dense(2, 3));
        network.ParameterCount.ShouldBe(6 + 9);
        Trainer trainer = Make(network, _options);
        trainer.Parameters.Segments.Items.Sum(segment => segment.Size).ShouldBe(15);
        float[] before = shared.Weight.Value.ToArray<float>();
        trainer.Fit();
        shared.Weight.Value.ToArray<float>().ShouldNotBe(before);
        trainer.Parameters.Values.Window(0, shared.Weight.Shape, "weight").ToArray<float>().ShouldBe(shared.Weight.Value.ToArray<float>());
    }

    [Fact]
    public void A_new_head_is_started_and_a_body_with_values_keeps_them()
    {
        Sequential Net(Dense first) => new(first, new Dropout(0.5), new Dense(8, 8), new Dropout(0.5), new Dense(8, 3));
        Dense body = new(2, 8);
        body.Initialize(7);
        float[] weight = body.Weight.Value.ToArray<float>();
        Sequential network = Net(body);
        Make(network, _options);
        body.Weight.Value.ToArray<float>().ShouldBe(weight);
        network.IsInitialized.ShouldBeTrue();

        // The rest starts, and the masks are drawn, as in a run of that seed from the beginning.
        Sequential whole = Net(new Dense(2, 8));
        whole.Initialize(_options.Seed);
        Samples.Weights(network).AsSpan(24).SequenceEqual(Samples.Weights(whole).AsSpan(24)).ShouldBeTrue();
        ((Dense)whole.Modules[0].Module).Weight.Value.Assign(body.Weight.Value.Detach());
        Gradient(network, 1).ShouldBe(Gradient(whole, 1));
        Gradient(whole, 2).ShouldNotBe(Gradient(whole, 1));

        static float[] Gradient(Sequential network, ulong seed)
        {
            Trainer trainer = Make(network, _options with { Seed = seed });
            trainer.Objective.Begin(Dataset.AllRows(64), 0);
            trainer.Objective.Gradient();
            return trainer.Parameters.Gradients.ToArray<float>();
        }
    }

    public static TheoryData<string, string> Forgetful => new()
    {
        { "field", "Dense in field '_head' of Forgetful" },
        { "property", "Dense in property 'Tail' of Forgetful" },
        { "list", "Dense in field '_list' of Forgetful" },
        { "nested", "Dense in field '_nested' of Forgetful" },
    };

    [Theory]
    [MemberData(nameof(Forgetful))]
    public void A_part_that_was_not_registered_is_named(string kind, string location)
    {
        Forgotten module = new(kind);
        module.Initialize(1);
        string message = Should.Throw<ThalwegException>(() => module.Forward(Tensor.Ones([1, 2]))).Message;
        message.ShouldContain(location.Replace("Forgetful", "Forgotten"));
        message.ShouldContain("AddModule");
        message.ShouldNotContain("call Initialize");
        Should.Throw<ThalwegException>(() => Make(new Sequential(new Forgotten(kind)), _options)).Message.ShouldContain("AddModule");
    }

    [Fact]
    public void A_network_that_was_not_initialized_says_so() =>
        Should.Throw<ThalwegException>(() => new Dense(2, 2).Forward(Tensor.Ones([1, 2]))).Message.ShouldContain("call Initialize(seed)");

    private static void Train(Sequential network, string? patterns)
    {
        Rule[] rules = [.. (patterns?.Split(';') ?? []).Select(pattern => new Freeze(pattern))];
        Make(network, _options with { Optimizer = [.. new Adam(0.01).Chain, .. rules] }).Fit();
    }

    private static Sequential Network(PopulationStatistics population = PopulationStatistics.MovingAverage) => new(
        new Sequential(new Dense(2, 8), new BatchNorm1d(8, new BatchNormOptions { Population = population })),
        new Sequential(new Dense(8, 4), new BatchNorm1d(4), new Dense(4, 3)));

    private static Trainer Make(Module module, TrainerOptions options) =>
        new(module, new TrainingSet(s_data), new ValidationSet(s_data), options);

    /// <summary>A module that holds a part that it has not registered.</summary>
    private sealed class Forgotten : Module
    {
        private readonly Dense _body;
        private readonly Dense? _head;
        private readonly List<Module> _list = [];
        private readonly Sequential? _nested;
        private readonly string _kind;

        public Forgotten(string kind)
        {
            (_body, _kind) = (AddModule("body", new Dense(2, 3)), kind);
            Dense part = new(3, 3);
            switch (kind)
            {
                case "field": _head = part; break;
                case "property": Tail = part; break;
                case "list": _list.Add(part); break;
                default: _nested = new Sequential(part); break;
            }
        }

        private Dense? Tail { get; }

        protected override Tensor ForwardCore(Tensor x)
        {
            Module part = _kind switch { "field" => _head!, "property" => Tail!, "list" => _list[0], _ => _nested! };
            return part.Forward(_body.Forward(x));
        }
    }
}
