using Thalweg.Layers;
using Thalweg.Losses;

namespace Thalweg.Diagnostics.Tests;

public sealed class SampleGradientTests
{
    private const int Batch = 5;

    private static readonly SampleGradientOptions s_all = new() { SecondMoments = true, DotProducts = true };

    /// <summary>Networks for inputs of the given shape, and the largest symbol where inputs are symbols.</summary>
    public static TheoryData<string, int[], int> Networks() => new()
    {
        { "dense", [6], 0 },
        { "dense over few places", [2, 6], 0 },
        { "dense over many places", [9, 6], 0 },
        { "convolution", [3, 7, 7], 0 },
        { "groups", [4, 7, 7], 0 },
        { "transposed", [4, 3, 3], 0 },
        { "signals", [3, 9], 0 },
        { "rnn", [4], 6 },
        { "lstm", [4], 6 },
        { "gru", [4], 6 },
        { "shared", [6], 0 },
        { "shared windows", [2, 5, 5], 0 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void All_measures_equal_those_of_a_loop_over_samples(string network, int[] shape, int symbols)
    {
        Module module = Make(network).Initialize(3, DType.Float64);
        Tensor x = Inputs(shape, symbols), labels = Tensor.Vector(0, 2, 1, 2, 0);
        SampleGradientReport report = SampleGradientMeter.Measure(module, x, labels, Loss.SoftmaxCrossEntropy, s_all);
        double[][][] expected = [.. Enumerable.Range(0, Batch).Select(i => OneByOne(module, x.Slice(0, i, 1), labels.Slice(0, i, 1)))];
        string[] names = [.. module.NamedParameters().Select(p => p.Name)];
        report.Parameters.Select(p => p.Name).ShouldBe(names);
        double[,] products = new double[Batch, Batch];
        for (int p = 0; p < names.Length; p++)
        {
            ParameterSampleGradients found = report.Parameters[p];
            double[][] gradients = [.. expected.Select(sample => sample[p])];
            Near(found.SquaredNorms, gradients.Select(g => g.Sum(v => v * v)));
            Near(found.Mean!, Columns(gradients, v => v.Average()));
            Near(found.SecondMoment!, Columns(gradients, v => v.Average(a => a * a)));
            Near(found.Variance!, Columns(gradients, v => v.Average(a => (a - v.Average()) * (a - v.Average()))));
            double[] pairs =
                [.. gradients.SelectMany(left => gradients.Select(right => left.Zip(right).Sum(pair => pair.First * pair.Second)))];
            Near(found.DotProducts!, pairs);
            for (int i = 0; i < pairs.Length; i++)
                products[i / Batch, i % Batch] += pairs[i];
        }

        Near(report.DotProducts!, products.Cast<double>());
        Near(report.SquaredNorms, Enumerable.Range(0, Batch).Select(i => products[i, i]));
        report.SquaredNorms.ToArray<double>().ShouldAllBe(norm => norm > 0);
        report.Losses.Mean().Item().ShouldBe(Loss.SoftmaxCrossEntropy.Compute(module.Forward(x), labels).Item(), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Little_working_memory_changes_rounding_alone(string network, int[] shape, int symbols)
    {
        Module module = Make(network).Initialize(3, DType.Float64);
        Tensor x = Inputs(shape, symbols), labels = Tensor.Vector(0, 2, 1, 2, 0);
        SampleGradientReport much = SampleGradientMeter.Measure(module, x, labels, Loss.SoftmaxCrossEntropy, s_all);
        foreach (int working in new[] { 1, 200 })
        {
            SampleGradientReport little = SampleGradientMeter.Measure(
                module, x, labels, Loss.SoftmaxCrossEntropy, s_all with { WorkingElements = working });
            foreach ((ParameterSampleGradients found, ParameterSampleGradients expected) in little.Parameters.Zip(much.Parameters))
            {
                Near(found.SquaredNorms, expected.SquaredNorms.ToArray<double>());
                Near(found.SecondMoment!, expected.SecondMoment!.ToArray<double>());
                Near(found.DotProducts!, expected.DotProducts!.ToArray<double>());
            }
        }
    }

    [Fact]
    public void The_loss_of_a_sample_is_the_mean_over_its_places()
    {
        Module module = new Sequential(new Lstm(2, 3), new Dense(3, 2)).Initialize(4, DType.Float64);
        Tensor x = Inputs([4, 2], 0), targets = Inputs([4, 2], 0).Multiply(0.5);
        SampleGradientReport report = SampleGradientMeter.Measure(module, x, targets, Loss.MeanSquaredError, s_all);
        Tensor[] gradients = Gradients.Of(
            Loss.MeanSquaredError.Compute(module.Forward(x), targets), [.. module.NamedParameters().Select(p => p.Parameter.Value)]);
        for (int i = 0; i < gradients.Length; i++)
        {
            Near(report.Parameters[i].Mean!, gradients[i].ToArray<double>());
            Near(report.Parameters[i].DotProducts!.Mean(), [gradients[i].Square().Sum().Item()]);
        }
    }

    [Fact]
    public void Only_what_is_asked_for_is_measured()
    {
        Module module = Make("dense").Initialize(3);
        Tensor x = Inputs([6], 0).To(DType.Float32), labels = Tensor.Vector(0, 2, 1, 2, 0);
        SampleGradientReport report = SampleGradientMeter.Measure(
            module, x, labels, Loss.SoftmaxCrossEntropy,
            new() { Means = false, Where = name => name.EndsWith("weight", StringComparison.Ordinal) });
        report.Parameters.Select(p => p.Name).ShouldBe(["0.weight", "1.weight"]);
        report.Parameters.ShouldAllBe(p => p.Mean == null && p.SecondMoment == null && p.Variance == null && p.DotProducts == null);
        report.DotProducts.ShouldBeNull();
        report.Samples.ShouldBe(Batch);
        report.SquaredNorms.DType.ShouldBe(DType.Float32);
    }

    [Fact]
    public void A_parameter_without_part_in_the_loss_has_gradients_of_zero()
    {
        Module module = new Dense(6, 3).Initialize(3, DType.Float64);
        Tensor x = Inputs([6], 0);
        SampleGradientReport report = SampleGradientMeter.Measure(module, x, _ => x.Detach().Square(), s_all);
        report.SquaredNorms.ToArray<double>().ShouldBe(new double[Batch]);
        report.Parameters[0].SecondMoment!.Shape.ShouldBe([6, 3]);
    }

    [Fact]
    public void What_is_not_served_is_refused_in_one_line()
    {
        Tensor x = Inputs([6], 0), labels = Tensor.Vector(0, 2, 1, 2, 0);
        Module norm = new Sequential(new Dense(6, 4), new BatchNorm1d(4), new Dense(4, 3)).Initialize(1, DType.Float64);
        Message(norm).ShouldContain("samples that do not act on each other, got batch normalization in training");
        norm.SetTraining(false);
        Message(norm).ShouldContain("got 1.gamma in the operation");
        SampleGradientOptions others = new() { Where = name => !name.StartsWith("1.", StringComparison.Ordinal) };
        SampleGradientMeter.Measure(norm, x, labels, Loss.SoftmaxCrossEntropy, others).Parameters.Count.ShouldBe(4);
        Module mixed = new Mixed().Initialize(1, DType.Float64);
        Message(mixed).ShouldContain("5 samples along the first axis of what parameter dense.weight acts on, got [6, 5]");
        Module dense = Make("dense").Initialize(1, DType.Float64);
        Should.Throw<ThalwegException>(
            () => SampleGradientMeter.Measure(dense, x, y => y.Sum())).Message.ShouldContain("losses [batch, ...]");
        Should.Throw<ThalwegException>(
            () => SampleGradientMeter.Measure(dense, x, y => y, new() { WorkingElements = 0 })).Message.ShouldContain("4 and 0");

        string Message(Module module)
        {
            string message = Should.Throw<ThalwegException>(
                () => SampleGradientMeter.Measure(module, x, labels, Loss.SoftmaxCrossEntropy)).Message;
            message.ShouldNotContain("\n");
            return message;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_mean_is_the_gradient_of_a_weighted_loss(bool isIgnored)
    {
        Loss loss = isIgnored ? new CrossEntropyLoss { IgnoredLabel = 2 } : new CrossEntropyLoss { ClassWeights = [1, 5, 20] };
        Module network = new Sequential(new Dense(4, 6, Activation.Tanh), new Dense(6, 3)).Initialize(2, DType.Float64);
        (Tensor x, Tensor t) = (Inputs([4], 0), Tensor.Vector(0, 2, 1, 2, 0));
        SampleGradientReport report = SampleGradientMeter.Measure(network, x, t, loss);
        Tensor[] expected = Gradients.Of(
            loss.Compute(network.Forward(x), t), [.. network.NamedParameters().Select(p => p.Parameter.Value)]);
        for (int i = 0; i < expected.Length; i++)
        {
            double[] found = report.Parameters[i].Mean!.ToArray<double>(), wanted = expected[i].ToArray<double>();
            for (int k = 0; k < wanted.Length; k++)
                found[k].ShouldBe(wanted[k], 1e-13);
        }
    }

    [Fact]
    public void Sample_gradients_refuse_all_steps_with_time_first()
    {
        Lstm first = new(3, 4, new() { BatchFirst = false });
        first.Initialize(1, DType.Float64);
        Tensor x = Tensor.Ones([3, 3, 3], DType.Float64), targets = Tensor.Zeros([3, 3, 4], DType.Float64);
        Should.Throw<ThalwegException>(() => SampleGradientMeter.Measure(first, x, targets, Loss.MeanSquaredError)).Message
            .ShouldStartWith("[sample gradients] expected the samples along the first axis,");
        Lstm last = new(3, 4, new() { BatchFirst = false, AllSteps = false });
        last.Initialize(1, DType.Float64);
        SampleGradientMeter.Measure(last, Tensor.Ones([5, 3, 3], DType.Float64), Tensor.Zeros([3, 4], DType.Float64), Loss.MeanSquaredError)
            .SquaredNorms.Shape.ShouldBe([3]);
    }

    private static Module Make(string network)
    {
        ConvolutionOptions same = new() { SamePadding = true, Activation = Activation.Relu };
        RecurrentOptions deep = new() { Layers = 2, Bidirectional = true }, last = new() { AllSteps = false };
        return network switch
        {
            "dense" => new Sequential(new Dense(6, 4, Activation.Relu), new Dense(4, 3)),
            "dense over few places" => new Sequential(new Dense(6, 8, Activation.Tanh), new Flatten(), new Dense(16, 3)),
            "dense over many places" => new Sequential(new Dense(6, 4, Activation.Sigmoid), new Flatten(), new Dense(36, 3)),
            "convolution" => new Sequential(
                new Conv2d(3, 4, 3, same), new MaxPool2d(2), new Conv2d(4, 2, 2, new() { Stride = 2, Padding = 1 }), new Flatten(),
                new Dense(8, 3)),
            "groups" => new Sequential(
                new Conv2d(4, 6, 3, same with { Groups = 2, Dilation = 2 }), new AdaptiveAvgPool2d(), new Flatten(), new Dense(6, 3)),
            "transposed" => new Sequential(
                new ConvTranspose2d(4, 6, 3, new() { Stride = 2, Padding = 1, Groups = 2, Activation = Activation.Relu }), new Flatten(),
                new Dense(150, 3)),
            "signals" => new Sequential(new Conv1d(3, 4, 3, same), new Flatten(), new Dense(36, 3)),
            "rnn" => new Sequential(
                new Embedding(6, 3), new Rnn(3, 4, options: deep), new Gru(8, 3, last with { Bias = false }), new Dense(3, 3)),
            "lstm" => new Sequential(new Embedding(6, 3, padding: 2), new Lstm(3, 4, deep with { AllSteps = false }), new Dense(8, 3)),
            "gru" => new Sequential(new Embedding(6, 3), new Gru(3, 4, deep), new Lstm(8, 3, last), new Dense(3, 3)),
            "shared" => new Twice(new Dense(6, 6, Activation.Tanh)),
            _ => new Twice(new Conv2d(2, 2, 3, same)),
        };
    }

    private static Tensor Inputs(int[] shape, int symbols)
    {
        RandomStream stream = new(11, RandomPurpose.User, 1);
        if (symbols > 0)
        {
            int[] values = new int[Batch * shape[0]];
            for (int i = 0; i < values.Length; i++)
                values[i] = (int)stream.NextDouble(0, symbols);

            return Tensor.From(values, [Batch, .. shape]);
        }

        return Tensor.Uniform([Batch, .. shape], -1, 1, ref stream, DType.Float64);
    }

    /// <summary>Gradients of the loss of one sample, one array for each parameter.</summary>
    private static double[][] OneByOne(Module module, Tensor x, Tensor label)
    {
        Tensor loss = Loss.SoftmaxCrossEntropy.Compute(module.Forward(x), label);
        return [.. Gradients.Of(loss, [.. module.NamedParameters().Select(p => p.Parameter.Value)]).Select(g => g.ToArray<double>())];
    }

    private static IEnumerable<double> Columns(double[][] rows, Func<double[], double> reduce) =>
        Enumerable.Range(0, rows[0].Length).Select(i => reduce([.. rows.Select(row => row[i])]));

    private static void Near(Tensor found, IEnumerable<double> expected)
    {
        double[] a = found.ToArray<double>(), b = [.. expected];
        a.Length.ShouldBe(b.Length);
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-10 * Math.Max(1, Math.Abs(b[i])));
    }

    /// <summary>One layer used twice; three of the results count.</summary>
    private sealed class Twice : Module
    {
        private readonly Module _layer;

        public Twice(Module layer) => _layer = AddModule("layer", layer);

        protected override Tensor ForwardCore(Tensor x) => _layer.Forward(_layer.Forward(x)).Flatten().Slice(1, 0, 3);
    }

    /// <summary>A layer that sees the batch turned.</summary>
    private sealed class Mixed : Module
    {
        private readonly Dense _dense;

        public Mixed() => _dense = AddModule("dense", new Dense(Batch, 3));

        protected override Tensor ForwardCore(Tensor x) => _dense.Forward(x.Transpose()).Slice(0, 0, Batch);
    }
}
