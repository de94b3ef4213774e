using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Optimizers;
using Thalweg.Tests.Shared;
using Thalweg.Training;

namespace Thalweg.Tests.Models;

/// <summary>One predictor, or one network in evaluation mode, for many threads.</summary>
public sealed class PredictorTests
{
    private const int Classes = 3, Callers = 8;

    private static readonly Dictionary<string, (int[] Sample, Func<Module> Make)> s_networks = new()
    {
        ["dense"] = ([6], () => new Sequential(new Dense(6, 16, Activation.Relu), new Dense(16, Classes))),
        ["dropout and batch norm"] = ([6], () => new Sequential(
            new Dense(6, 16), new BatchNorm1d(16), new ActivationLayer(Activation.Relu), new Dropout(0.5), new Dense(16, Classes))),
        ["convolutions"] = ([2, 9, 9], () => new Sequential(
            new Conv2d(2, 8, 3), new BatchNorm2d(8), new ActivationLayer(Activation.Relu), new MaxPool2d(), new Flatten(),
            new Dense(8 * 3 * 3, Classes))),
        ["recurrent"] = ([5, 4], () => new Sequential(
            new Lstm(4, 8, new RecurrentOptions { BatchFirst = true, Layers = 2, Dropout = 0.3 }), new Mean(1), new Dense(8, Classes))),
        ["attention"] = ([5, 8], () => new Sequential(
            new SinusoidalPositions(8), new TransformerEncoder(2, 8, 2, new() { Dropout = 0.2, RotaryBase = 100, Causal = true }),
            new Mean(1), new Dense(8, Classes))),
        ["checkpointed and normalized weights"] = ([6], () => new Sequential(
            new Recomputed(new Sequential(new Dense(6, 8, Activation.Tanh), new GaussianNoise(0.4))),
            new SpectralNorm(new Dense(8, 8)), new WeightNorm(new Dense(8, Classes)))),
    };

    public static TheoryData<string> Networks => [.. s_networks.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Threads_that_share_one_get_the_bits_of_a_single_one(string name)
    {
        TrainedModel model = Model(name);
        int[] rows = [1, 7, 2, 5];
        float[][] inputs = [.. rows.Select((count, i) => Input(model, count, i))];
        double[][] right = [.. rows.Select((count, i) => Answer(new Predictor(model, 8), inputs[i], count))];
        Predictor shared = new(model, 8);
        int wrong = 0;
        Side(60, i =>
        {
            int which = i % rows.Length;
            double[] results = new double[rows[which] * Classes];
            shared.Predict(inputs[which], rows[which], results);
            wrong += results.AsSpan().SequenceEqual(right[which]) ? 0 : 1;
        });
        wrong.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_passes_side_by_side_give_the_bits_of_a_single_one(string name)
    {
        TrainedModel model = Model(name);
        Module module = model.Module;
        module.SetTraining(false);
        Tensor x = Tensor.From(Input(model, 4, 1), new Shape([4, .. model.Preprocessing.FeatureShape]));
        float[] right = module.Forward(x).ToArray<float>();
        int wrong = 0;
        Side(40, i =>
        {
            using NoGrad silence = NoGrad.Begin();
            using StepScope scope = i % 3 == 0 ? default : StepScope.Begin();
            if (i % 16 == 0)
                GC.Collect();

            wrong += module.Forward(x).AsSpan<float>().SequenceEqual(right) ? 0 : 1;
        });
        wrong.ShouldBe(0);
    }

    [Fact]
    public void Positions_may_be_asked_for_at_any_length_by_any_thread()
    {
        for (int round = 0; round < 20; round++)
        {
            SinusoidalPositions layer = new(6);
            layer.Initialize(1);
            Side(8, i => layer.Forward(Tensor.Zeros([1, 60 + (i * 13), 6])).Shape[1].ShouldBe(60 + (i * 13)));
        }
    }

    [Fact]
    public void Predicting_does_not_disturb_whoever_trains_the_network()
    {
        (float[] alone, _) = Train(null);
        (float[] beside, int calls) = Train((predictor, results) => predictor.Predict(new float[6 * 4], 4, results));
        beside.ShouldBe(alone);
        calls.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_network_in_training_mode_predicts_in_evaluation_mode_and_stays_as_it_is()
    {
        TrainedModel model = Model("dropout and batch norm");
        float[] input = Input(model, 4, 1);
        model.Module.SetTraining(false);
        double[] right = Answer(new Predictor(model), input, 4);
        model.Module.SetTraining(true);
        Answer(new Predictor(model), input, 4).ShouldBe(right);
        model.Module.IsTraining.ShouldBeTrue();
    }

    [Fact]
    public void An_error_in_a_call_leaves_the_predictor_usable()
    {
        Fragile fragile = new();
        Predictor predictor = new(Model(new Sequential(fragile, new Dense(6, Classes)), [6]), 4);
        float[] input = [.. Enumerable.Range(0, 24).Select(i => i / 10f)];
        Tensor recorded = Tensor.Ones([1, 6]);
        recorded.RequiresGrad = true;
        double[] right = Answer(predictor, input, 4);
        Side(50, i =>
        {
            if (i % 2 == 0)
            {
                Answer(predictor, input, 4).ShouldBe(right);
                return;
            }

            float[] broken = [.. input.Select(_ => -1f)];
            double[] results = [1, 2, 3];
            Should.Throw<InvalidOperationException>(() => predictor.Predict(broken, 1, results));
            results.ShouldBe([1, 2, 3]);
            fragile.Forward(recorded).RequiresGrad.ShouldBeTrue();
        });
        Answer(predictor, input, 4).ShouldBe(right);
    }

    [Fact]
    public void A_module_that_keeps_a_tensor_from_call_to_call_is_caught()
    {
        Keeper keeper = new();
        Predictor predictor = new(Model(new Sequential(keeper, new Dense(6, Classes)), [6]), 4);
        float[] input = new float[6];
        Answer(predictor, input, 1);
        Should.Throw<ThalwegException>(() => Answer(predictor, input, 1)).Message.ShouldContain("scope has ended");
    }

    [Theory]
    [InlineData(0, 6, 3, "expected 1 to 4 rows, got 0")]
    [InlineData(5, 30, 15, "expected 1 to 4 rows, got 5")]
    [InlineData(-1, 6, 3, "expected 1 to 4 rows, got -1")]
    [InlineData(2, 11, 6, "expected 2 rows of 6 features and room for 3 results each, got 11 features and room for 6")]
    [InlineData(2, 12, 5, "got 12 features and room for 5")]
    public void Sizes_that_do_not_fit_are_refused(int rows, int features, int results, string message)
    {
        Predictor predictor = new(Model("dense"), 4);
        double[] room = new double[results];
        Should.Throw<ThalwegException>(() => predictor.Predict(new float[features], rows, room)).Message.ShouldContain(message);
        room.ShouldAllBe(value => value == 0);
        Should.Throw<ThalwegException>(() => new Predictor(Model("dense"), 0)).Message.ShouldContain("blocks of 1 or more rows, got 0");
    }

    [Fact]
    public void Outputs_that_do_not_fit_the_target_are_refused()
    {
        Predictor predictor = new(Model(new Sequential(new Dense(6, 2)), [6]), 4);
        double[] results = new double[Classes];
        Should.Throw<ThalwegException>(() => predictor.Predict(new float[6], 1, results)).Message.ShouldContain(
            "expected a network with 3 outputs for 3 classes and the loss softmax_cross_entropy, got outputs of shape [1, 2]");
        results.ShouldAllBe(value => value == 0);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void A_steady_call_allocates_nothing(DType dtype)
    {
        TrainedModel model = Model("dense");
        model.Module.Initialize(3, dtype);
        Predictor predictor = new(model, 8);
        float[] input = Input(model, 8, 1);
        double[] results = new double[8 * Classes];
        Allocations.Fewest(() => predictor.Predict(input, 8, results), 20).ShouldBe(0);
    }

    private static (float[] Weights, int Calls) Train(Action<Predictor, double[]>? beside)
    {
        Module module = s_networks["dropout and batch norm"].Make();
        module.Initialize(5);
        float[] features = [.. Enumerable.Range(0, 6 * 200).Select(i => MathF.Sin(i * 0.7f))];
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % Classes)];
        Dataset data = Dataset.ForClassification(features, [6], labels, ["a", "b", "c"]);
        Trainer trainer = new(module, new TrainingSet(data), new ValidationSet(data),
            new TrainerOptions { Optimizer = new Sgd(0.05), Epochs = 3, BatchSize = 20 });
        Predictor predictor = new(new TrainedModel(module, Preprocessing([6])));
        bool isDone = false;
        int calls = 0;
        Thread[] others = [.. Enumerable.Range(0, beside is null ? 0 : 3).Select(_ => new Thread(() =>
        {
            double[] results = new double[4 * Classes];
            while (!Volatile.Read(ref isDone))
            {
                beside!(predictor, results);
                Interlocked.Increment(ref calls);
            }
        }))];
        Array.ForEach(others, thread => thread.Start());
        SpinWait.SpinUntil(() => beside is null || Volatile.Read(ref calls) > 0);
        trainer.Fit();
        Volatile.Write(ref isDone, true);
        Array.ForEach(others, thread => thread.Join());
        return ([.. module.NamedParameters().SelectMany(p => p.Parameter.Value.ToArray<float>())], calls);
    }

    /// <summary>Calls the work from several threads at once, and rethrows what fails.</summary>
    private static void Side(int calls, Action<int> work)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < calls; i++)
                    work(i + caller);
            }
            catch (Exception error)
            {
                failure = error;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        failure.ShouldBeNull();
    }

    private static TrainedModel Model(string name)
    {
        (int[] sample, Func<Module> make) = s_networks[name];
        TrainedModel model = Model(make(), sample);
        RandomStream stream = new(4, RandomPurpose.User);
        model.Module.Forward(Tensor.Normal(new Shape([16, .. sample]), 0, 1, ref stream));
        return model;
    }

    private static TrainedModel Model(Module module, int[] sample) => new(module.Initialize(2), Preprocessing(sample));

    private static Preprocessing Preprocessing(int[] sample) => new()
    {
        Task = LearningTask.Classification(),
        FeatureShape = sample,
        Target = new TargetEncoding { Name = "label", Index = -1, ClassNames = ["a", "b", "c"] },
    };

    private static float[] Input(TrainedModel model, int rows, int seed) =>
        [.. Enumerable.Range(0, rows * model.Preprocessing.FeatureWidth).Select(i => MathF.Sin((i * 0.37f) + seed))];

    private static double[] Answer(Predictor predictor, float[] features, int rows)
    {
        double[] results = new double[rows * predictor.Width];
        predictor.Predict(features, rows, results);
        return results;
    }

    /// <summary>Stops recording, and fails before it records again, where the input is below 0.</summary>
    private sealed class Fragile : Module
    {
        protected override Tensor ForwardCore(Tensor x)
        {
            if (x.AsSpan<float>()[0] >= 0)
                return x.Multiply(2);

            NoGrad.Begin();
            throw new InvalidOperationException("broken");
        }
    }

    /// <summary>Adds what it computed in the call before.</summary>
    private sealed class Keeper : Module
    {
        private Tensor? _kept;

        protected override Tensor ForwardCore(Tensor x)
        {
            Tensor y = _kept is null ? x : x.Add(_kept);
            _kept = x.Multiply(2);
            return y;
        }
    }
}
