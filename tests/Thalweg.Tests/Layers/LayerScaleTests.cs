using System.Globalization;
using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

/// <summary>Every layer in float on numbers of any size beside itself in double, whose range has room for all that they make.</summary>
public sealed class LayerScaleTests
{
    private static readonly Row[] s_rows =
    [
        Of(() => new Dense(4, 3, Activation.Relu), 4), Of(() => new Maxout(4, 3), 4), Of(() => new PRelu(4), 4),
        Of(() => new ActivationLayer(Activation.Gelu), 4), Of(() => FunctionLayer.Softmax(), 4), Of(() => new Dropout(0.3), 4),
        Of(() => new ChannelDropout(0.4), 3, 2, 2), Of(() => new AlphaDropout(0.2), 4), Of(() => new GaussianDropout(0.2), 4),
        Of(() => new GaussianNoise(0.3), 4), Of(() => new StochasticDepth(0.4), 4), Of(() => new Flatten(), 2, 3),
        Of(() => new Mean(1), 3, 4), Of(() => new Sequential(new Dense(4, 4), new ActivationLayer(Activation.Tanh)), 4),
        Of(() => new Residual(new Dense(4, 4)), 4), Of(() => new DenseBlock(new Dense(4, 3)), 4),
        Of(() => new Recomputed(new Dense(4, 3)), 4),
        Of(() => new Conv1d(2, 3, 3), 2, 6), Of(() => new Conv2d(2, 3, 3), 2, 6, 6), Of(() => new ConvTranspose1d(2, 3, 3), 2, 6),
        Of(() => new ConvTranspose2d(2, 3, 3), 2, 4, 4), Of(() => new MaxPool1d(2), 2, 6),
        Of(() => new MaxPool2d(new() { KernelSize = 2 }), 2, 4, 4),
        Of(() => new AvgPool1d(2), 2, 6), Of(() => new AvgPool2d(new() { KernelSize = 2 }), 2, 4, 4),
        Of(() => new AdaptiveAvgPool1d(2), 2, 6), Of(() => new AdaptiveMaxPool1d(2), 2, 6), Of(() => new AdaptiveAvgPool2d(2), 2, 4, 4),
        Of(() => new AdaptiveMaxPool2d(2), 2, 4, 4),
        Of(() => new BatchNorm1d(4), 4) with { Trains = true }, Of(() => new BatchNorm2d(3), 3, 2, 2) with { Trains = true },
        Of(() => new BatchNorm1d(4), 4) with { Name = "BatchNorm1d in evaluation" },
        Of(() => new LayerNorm([4]), 4), Of(() => new RmsNorm([4]), 4), Of(() => new GroupNorm(2, 4), 4, 3),
        Of(() => new InstanceNorm(3, affine: true), 3, 5),
        Of(() => new WeightNorm(new Dense(4, 3)), 4), Of(() => new SpectralNorm(new Dense(4, 3)), 4),
        Of(() => new Rnn(4, 3), 5, 4), Of(() => new Gru(4, 3), 5, 4), Of(() => new Lstm(4, 3), 5, 4),
        // Scores are products of two numbers of the input: their squares are to stay in the range of float.
        Of(() => new MultiHeadAttention(4, 2), 5, 4) with { Largest = 1e15 },
        Of(() => new TransformerBlock(4, 2), 5, 4), Of(() => new TransformerBlock(4, 2, new() { NormFirst = false }), 5, 4) with
        {
            Name = "TransformerBlock, norm last", Largest = 1e15,
        },
        Of(() => new TransformerEncoder(1, 4, 2), 5, 4), Of(() => new SinusoidalPositions(4), 5, 4),
        Of(() => new LearnedPositions(5, 4), 5, 4),
        Of(() => new RotaryPositions(4, 50), 5, 4),
        Of(() => new Embedding(3, 4), 5) with { Symbols = 3 },
    ];

    public static TheoryData<string> Names => [.. s_rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Float_follows_double_for_inputs_of_any_size(string name)
    {
        Row row = s_rows.Single(r => r.Name == name);
        foreach (double size in row.Symbols > 0 ? (double[])[1] : [1, row.Largest, 1e-25, 1e-42, 0])
            Compare(row, size, 1);
    }

    [Theory]
    [InlineData("WeightNorm")]
    [InlineData("SpectralNorm")]
    public void Normalized_weights_may_have_any_size(string name)
    {
        foreach (double size in (double[])[1e20, 1e-25, 1e-10])
            Compare(s_rows.Single(r => r.Name == name), 1, size);
    }

    [Fact]
    public void Normalized_weights_of_0_stay_0()
    {
        foreach (Module layer in new Module[] { new WeightNorm(new Dense(4, 3)), new SpectralNorm(new Dense(4, 3)) })
        {
            layer.Initialize(1);
            foreach ((_, Parameter parameter) in layer.NamedParameters())
                parameter.Value.Assign(Tensor.Zeros(parameter.Shape));

            layer.Forward(Tensor.Ones([2, 4])).ToArray<float>().ShouldAllBe(y => y == 0);
        }
    }

    [Fact]
    public void Every_layer_has_its_row()
    {
        typeof(Dense).Assembly.GetExportedTypes()
            .Where(t => !t.IsAbstract && typeof(Module).IsAssignableFrom(t) && t.Namespace == "Thalweg.Layers")
            .Where(t => !typeof(TensorDictionaryModule).IsAssignableFrom(t)) // Its inputs have names; the module within has its row.
            .Select(t => t.Name)
            .Except(s_rows.Select(row => row.Name.Split(' ', ',')[0])).ShouldBeEmpty("add a row to this table");
    }

    [Theory]
    [InlineData(1e5, 1)]
    [InlineData(-1e6, 2)]
    public void Statistics_of_numbers_far_from_0_serve_evaluation(double center, double width)
    {
        RandomStream stream = new(3, RandomPurpose.User, 2);
        Tensor exact = Tensor.Uniform([64, 2, 3, 3], 0, width, ref stream, DType.Float64).Add(center), x = exact.To(DType.Float32);
        foreach (bool population in new[] { false, true })
        {
            BatchNorm2d layer = new(2, new BatchNormOptions { Momentum = 1, Variance = RunningVariance.Biased });
            layer.Initialize(1);
            if (population)
            {
                BatchNorm.MeasurePopulation(layer, [x.Slice(0, 0, 5), x.Slice(0, 5, 59)]);
            }
            else
            {
                layer.Forward(x);
                layer.SetTraining(false);
            }

            double[] numbers = x.To(DType.Float64).ToArray<double>(), y = layer.Forward(x).To(DType.Float64).ToArray<double>();
            for (int channel = 0; channel < 2; channel++)
            {
                int[] own = [.. Enumerable.Range(0, numbers.Length).Where(i => i / 9 % 2 == channel)];
                double mean = own.Average(i => numbers[i] - center) + center, variance = own.Average(i => Math.Pow(numbers[i] - mean, 2));
                layer.RunningMean!.ToArray<double>()[channel].ShouldBe(mean, 1e-6 * width);
                layer.RunningVariance!.ToArray<double>()[channel].ShouldBe(variance, 1e-5 * variance);
                own.Max(i => Math.Abs(y[i] - ((numbers[i] - mean) / Math.Sqrt(variance + 1e-5)))).ShouldBeLessThan(2e-5);
            }
        }
    }

    private static void Compare(Row row, double inputs, double weights)
    {
        Module single = row.Make().Initialize(1), wide = row.Make().Initialize(1, DType.Float64);
        foreach (((_, Parameter a), (_, Parameter b)) in single.NamedParameters().Zip(wide.NamedParameters()))
        {
            a.Value.Assign(a.Value.Detach().Multiply(weights));
            b.Value.Assign(a.Value.Detach().To(DType.Float64));
        }

        single.SetTraining(row.Trains);
        wide.SetTraining(row.Trains);
        Tensor x = row.Input(inputs);
        Tensor[] found = Run(single, x), expected = Run(wide, x.To(DType.Float64));
        for (int i = 0; i < expected.Length; i++)
            ShouldFollow(found[i], expected[i], $"{row.Name}, inputs of {inputs}, weights of {weights}, result {i}");
    }

    /// <summary>The outputs, and the derivatives of a weighted sum of them by the input and each parameter.</summary>
    private static Tensor[] Run(Module layer, Tensor input)
    {
        Tensor x = input.Clone();
        x.RequiresGrad = true;
        Tensor y = layer.Forward(x);
        Tensor weights = Tensor.From([.. Enumerable.Range(0, (int)y.Length).Select(i => Math.Cos(1 + i))], y.Shape).To(x.DType);
        return [y, .. Gradients.Of(y, weights, [x, .. layer.NamedParameters().Select(p => p.Parameter.Value)], createGraph: false)];
    }

    private static void ShouldFollow(Tensor found, Tensor expected, string location)
    {
        double[] numbers = found.To(DType.Float64).Contiguous().ToArray<double>(), wanted = expected.Contiguous().ToArray<double>();
        double scale = wanted.Select(Math.Abs).Where(e => e < float.MaxValue).DefaultIfEmpty(0).Max(), allowed = (scale * 1e-4) + 1.2e-38;
        for (int i = 0; i < wanted.Length; i++)
        {
            bool near = Math.Abs(wanted[i]) > 3.3e38 ? Math.Abs(numbers[i]) > 3.3e38 : Math.Abs(numbers[i] - wanted[i]) <= allowed;
            near.ShouldBeTrue(string.Create(
                CultureInfo.InvariantCulture, $"{location}, number {i}: expected {wanted[i]:R}, got {numbers[i]:R}, allowed {allowed:R}"));
        }
    }

    private static Row Of<TModule>(Func<TModule> make, params int[] sample)
        where TModule : Module => new(typeof(TModule).Name, () => make(), sample);

    private sealed record Row(string Name, Func<Module> Make, int[] Sample)
    {
        public bool Trains { get; init; }

        public int Symbols { get; init; }

        /// <summary>The size of the largest inputs.</summary>
        public double Largest { get; init; } = 1e20;

        public Tensor Input(double size)
        {
            Shape shape = new([3, .. Sample]);
            return Tensor.From([.. Enumerable.Range(0, (int)shape.Length).Select(Number)], shape);

            float Number(int i) => Symbols > 0 ? i % Symbols : (float)(size * Math.Sin(1 + (i * 1.7)));
        }
    }
}
