using Thalweg.Data;
using Thalweg.Layers;
using Thalweg.Losses;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Tests.Training;
using Thalweg.Training;

namespace Thalweg.Open.Tests;

/// <summary>Custom training loops, on what the library shows to everybody.</summary>
public sealed class HandLoopTests
{
    [Theory]
    [InlineData("adam(0.01)")]
    [InlineData("sam(0.05)")]
    [InlineData("nesterov(0.05, form=look_ahead)")]
    [InlineData("sophia(0.01, every=3)")]
    [InlineData("sophia(0.01, estimate=hutchinson, every=3)")]
    [InlineData("kfac(0.01, factors_every=2, inverses_every=3)")]
    [InlineData("chain(accumulate(2), kfac(0.01, factors_every=2))")]
    public void A_loop_by_hand_gives_the_bits_of_the_trainer(string text)
    {
        Dataset data = Samples.Clusters(96);
        Chain chain = ChainText.Parse(text);
        TrainerOptions options =
            new() { Optimizer = chain, BatchSize = 32, MicroBatchSize = 16, Epochs = 3, Patience = 0, RestoreBest = false };
        TrainingSet training = new(data);
        Trainer trainer = new(Samples.Network(dropout: 0.1), training, new ValidationSet(data), options);
        trainer.Fit();

        Sequential network = Samples.Network(dropout: 0.1);
        network.InitializeMissing(options.Seed, DType.Float32);
        network.SetTraining(true);
        ParameterVector parameters = new(network);
        OptimizerRun optimizer = new(chain, parameters.Segments);
        BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, parameters, maxMicroBatches: 2);
        int[] order = new int[96];
        for (long step = 0; step < 9; step++)
        {
            if (step % 3 == 0)
                training.FillOrder(options.Seed, (int)step / 3, order);
            int[] batch = order[(int)(step % 3 * 32)..][..32];
            objective.Begin(step, MicroBatch(data, batch[..16]), MicroBatch(data, batch[16..]));
            objective.StepLoss.ShouldBe(double.NaN);
            optimizer.TakeGradient(objective).ShouldBe(objective.StepLoss, 1e-12);
            optimizer.Step(parameters.Values, parameters.Gradients);
        }

        Samples.Weights(network).ShouldBe(Samples.Weights(trainer.Module));
    }

    [Fact]
    public void Accumulation_clipping_and_kfac_by_hand_learn()
    {
        Dataset data = Samples.Bars(256);
        Sequential network = new(new Conv2d(1, 4, 3), new Flatten(), new Dense(64, 16, Activation.Relu), new Dense(16, 3));
        network.Initialize(1);
        ParameterVector parameters = new(network);
        OptimizerRun optimizer = new(new Kfac(0.05), parameters.Segments);
        BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, parameters, maxMicroBatches: 2);
        List<double> losses = [];
        for (long step = 0; step < 60; step++)
        {
            int first = (int)(step % 4) * 64;
            objective.Begin(step, MicroBatch(data, Enumerable.Range(first, 32)), MicroBatch(data, Enumerable.Range(first + 32, 32)));
            losses.Add(optimizer.TakeGradient(objective));
            Clip(parameters.Gradients.AsSpan<float>(), 1);
            optimizer.Step(parameters.Values, parameters.Gradients);
        }

        losses[^1].ShouldBeLessThan(losses[0] / 5);
        optimizer.Updates.ShouldBe(60);
    }

    [Fact]
    public void Signals_can_be_told_without_the_help_of_take_gradient()
    {
        Dataset data = Samples.Clusters(32);
        (double[] Weights, List<SignalKinds> Wanted) Run(bool byHand)
        {
            Sequential network = Samples.Network();
            network.Initialize(1, DType.Float64);
            ParameterVector parameters = new(network);
            Chain chain = [new ScaleBySophia { Every = 2 }, new ScaleByKfac { FactorsEvery = 3 }, new ScaleByLearningRate(0.01)];
            OptimizerRun optimizer = new(chain, parameters.Segments, DType.Float64);
            BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, parameters);
            List<SignalKinds> wanted = [];
            MicroBatch microBatch = MicroBatch(data, Enumerable.Range(0, 32));
            microBatch = microBatch with { Features = microBatch.Features.To(DType.Float64) };
            for (long step = 0; step < 6; step++)
            {
                wanted.Add(optimizer.Wanted);
                objective.Begin(step, microBatch);
                if (byHand)
                {
                    objective.Gradient();
                    if ((wanted[^1] & SignalKinds.Curvature) != 0)
                        optimizer.Observe(objective.EstimateCurvature(optimizer.Needs.CurvatureForm));
                    if ((wanted[^1] & SignalKinds.LayerFactors) != 0)
                        optimizer.Observe(objective.FindLayerFactors());
                }
                else
                {
                    optimizer.TakeGradient(objective);
                }

                optimizer.Step(parameters.Values, parameters.Gradients);
            }

            return (parameters.Values.ToArray<double>(), wanted);
        }

        (double[] weights, List<SignalKinds> wanted) = Run(byHand: true);
        wanted.ShouldBe([
            SignalKinds.Curvature | SignalKinds.LayerFactors, SignalKinds.None, SignalKinds.Curvature, SignalKinds.LayerFactors,
            SignalKinds.Curvature, SignalKinds.None]);
        weights.ShouldBe(Run(byHand: false).Weights);
    }

    [Fact]
    public void A_steady_step_by_hand_allocates_nothing()
    {
        Dataset data = Samples.Clusters(32);
        Sequential network = Samples.Network(dropout: 0.1);
        network.Initialize(1);
        ParameterVector parameters = new(network);
        OptimizerRun optimizer = new(new Adam(0.01), parameters.Segments);
        BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, parameters);
        MicroBatch microBatch = MicroBatch(data, Enumerable.Range(0, 32));
        long step = 0;
        Allocations.Fewest(
            () =>
            {
                objective.Begin(step++, microBatch);
                optimizer.TakeGradient(objective);
                optimizer.Step(parameters.Values, parameters.Gradients);
            },
            300).ShouldBe(0);
    }

    [Fact]
    public void A_gradient_that_fails_leaves_the_weights_at_home()
    {
        Sequential network = Samples.Network();
        network.Initialize(1);
        ParameterVector parameters = new(network);
        float[] before = parameters.Values.ToArray<float>();
        OptimizerRun optimizer = new(new Sam(0.05), parameters.Segments);
        Tumbling source = new(parameters);
        Should.Throw<InvalidOperationException>(() => optimizer.TakeGradient(source));
        parameters.Values.ToArray<float>().ShouldBe(before);
        double.IsNaN(optimizer.TakeGradient(source)).ShouldBeTrue();
        parameters.Values.ToArray<float>().ShouldBe(before);
        optimizer.TakeGradient(source).ShouldBe(1);
    }

    [Fact]
    public void More_micro_batches_than_there_is_room_for_are_refused()
    {
        Sequential network = Samples.Network();
        network.Initialize(1);
        BatchObjective objective = new(network, Loss.SoftmaxCrossEntropy, new ParameterVector(network));
        MicroBatch microBatch = MicroBatch(Samples.Clusters(4), [0, 1]);
        Should.Throw<ThalwegException>(() => objective.Begin(0, microBatch, microBatch)).Message.ShouldContain("1 to 1 pieces");
        Should.Throw<ThalwegException>(() => objective.Begin(0)).Message.ShouldContain("got 0");
    }

    private static MicroBatch MicroBatch(Dataset data, IEnumerable<int> samples)
    {
        int[] rows = [.. samples];
        Tensor features = Tensor.Zeros([rows.Length, .. data.FeatureShape], DType.Float32);
        Tensor labels = Tensor.Zeros([rows.Length], DType.Int32);
        data.Gather(rows, features.AsSpan<float>());
        data.GatherLabels(rows, labels.AsSpan<int>());
        return new MicroBatch(features, labels);
    }

    private static void Clip(Span<float> gradient, double maximum)
    {
        double squares = 0;
        foreach (float g in gradient)
            squares += (double)g * g;
        float factor = (float)Math.Min(1, maximum / Math.Sqrt(squares));
        foreach (ref float g in gradient)
            g *= factor;
    }

    /// <summary>Fails at the second gradient, then gives one that is no number, then one.</summary>
    private sealed class Tumbling(ParameterVector parameters) : IGradientSource
    {
        private int _calls;

        public Tensor Values => parameters.Values;

        public Tensor Gradients => parameters.Gradients;

        public double Gradient()
        {
            parameters.Gradients.AsSpan<float>().Fill(1);
            return ++_calls switch
            {
                2 => throw new InvalidOperationException("on purpose"),
                3 => double.NaN,
                _ => 1,
            };
        }

        public CurvatureSignal EstimateCurvature(CurvatureForm form) => throw new NotSupportedException();

        public LayerFactorsSignal FindLayerFactors() => throw new NotSupportedException();
    }
}
