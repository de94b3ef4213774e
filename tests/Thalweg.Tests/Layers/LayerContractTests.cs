using System.Text.Json.Nodes;
using Thalweg.Checkpoints;
using Thalweg.Layers;
using Thalweg.Models;
using Thalweg.Tests.Shared;

namespace Thalweg.Tests.Layers;

/// <summary>What every layer promises; a new layer is one more row.</summary>
public sealed class LayerContractTests
{
    private static readonly Dictionary<string, (Func<Module> Make, int[] Sample)> s_rows = new()
    {
        ["multi-head attention"] =
            (() => new MultiHeadAttention(8, 2, new() { Causal = true, Dropout = 0.1, Bias = false, RotaryBase = 100 }), [5, 8]),
        ["transformer block"] = (() => new TransformerBlock(8, 2, new() { Dropout = 0.1, DropPath = 0.2, FeedForward = 12 }), [5, 8]),
        ["transformer block, norm last"] =
            (() => new TransformerBlock(8, 4, new() { NormFirst = false, Activation = Activation.Relu }), [5, 8]),
        ["transformer encoder"] = (() => new TransformerEncoder(2, 8, 2, new() { RotaryBase = 10_000, Causal = true }), [5, 8]),
        ["sinusoidal positions"] = (() => new SinusoidalPositions(6), [4, 6]),
        ["learned positions"] = (() => new LearnedPositions(9, 6), [4, 6]),
        ["rotary positions"] = (() => new RotaryPositions(4, 50), [4, 8]),
        ["channel dropout"] = (() => new ChannelDropout(0.4), [5, 3, 3]),
        ["stochastic depth"] = (() => new Residual(new Sequential(new Dense(4, 4), new StochasticDepth(0.4))), [4]),
        ["alpha dropout"] = (() => new AlphaDropout(0.2), [7]),
        ["gaussian dropout"] = (() => new GaussianDropout(0.2), [7]),
        ["gaussian noise"] = (() => new GaussianNoise(0.3), [7]),
        ["mean"] = (() => new Mean(1), [4, 6]),
        ["weight norm"] = (() => new WeightNorm(new Dense(6, 4, Activation.Tanh)), [6]),
        ["weight norm of a convolution"] = (() => new WeightNorm(new Conv2d(2, 4, 3)), [2, 5, 5]),
        ["spectral norm"] = (() => new SpectralNorm(new Dense(6, 4), 2), [6]),
        ["spectral norm of a transposed convolution"] = (() => new SpectralNorm(new ConvTranspose1d(2, 3, 3)), [2, 5]),
        ["dense block"] = (() => new DenseBlock(new Dense(4, 3, Activation.Relu), new Dense(7, 2)), [4]),
    };

    public static TheoryData<string> Names => [.. s_rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Descriptions_build_the_same_layer(string name)
    {
        Module layer = s_rows[name].Make();
        Module copy = LayerRegistry.Build((JsonObject)JsonNode.Parse(layer.Describe().ToJsonString())!);
        copy.Describe().ToJsonString().ShouldBe(layer.Describe().ToJsonString());
        copy.NamedParameters().Select(p => $"{p.Name} {p.Parameter.Shape}")
            .ShouldBe(layer.NamedParameters().Select(p => $"{p.Name} {p.Parameter.Shape}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_layers_compute_the_same_bits(string name)
    {
        Module layer = Make(name, DType.Float32), copy = s_rows[name].Make();
        Tensor x = Input(name, DType.Float32);
        layer.SetTraining(true);
        layer.Forward(x);
        layer.SetTraining(false);
        string path = Path.Combine(Path.GetTempPath(), $"thalweg-{Guid.NewGuid()}.safetensors");
        try
        {
            SafetensorsWriter writer = new();
            ModuleState.Write(writer, layer, n => n);
            writer.Write(path);
            ModuleState.Read(SafetensorsFile.Read(path), copy, path);
        }
        finally
        {
            File.Delete(path);
        }

        copy.SetTraining(false);
        copy.Forward(x).ToArray<float>().ShouldBe(layer.Forward(x).ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_empty_batch_gives_no_rows(string name)
    {
        Module layer = Make(name, DType.Float32);
        foreach (bool training in new[] { true, false })
        {
            layer.SetTraining(training);
            layer.Forward(Tensor.Zeros(new Shape([0, .. s_rows[name].Sample]))).Shape[0].ShouldBe(0);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_equal_differences(string name)
    {
        Module layer = Make(name, DType.Float64);
        // Training moves the singular vector of spectral normalization; with that vector held, its derivative is exact.
        layer.SetTraining(!name.StartsWith("spectral", StringComparison.Ordinal));
        Tensor x = Input(name, DType.Float64);
        GradientCheck.FirstOrder(a => layer.Forward(a[0]), [x]).ShouldBeLessThan(1e-6);
        foreach ((string parameter, Parameter p) in layer.NamedParameters())
        {
            double[] gradient = Gradients.Of(OfStep(layer, x).Square().Sum(), [p.Value])[0].ToArray<double>();
            int position = gradient.Length / 2;
            gradient[position].ShouldBe(Difference(layer, x, p.Value, position), 1e-5 * Math.Max(1, Math.Abs(gradient[position])),
                parameter);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_steady_step_allocates_nothing(string name)
    {
        Module layer = Make(name, DType.Float32);
        layer.SetTraining(true);
        Tensor x = Input(name, DType.Float32);
        x.RequiresGrad = true;
        StepMemory memory = new() { RecycleHandles = true };
        long step = 0;
        Allocations.Fewest(
            () =>
            {
                using ForwardScope context = ForwardContext.Training(step++);
                using StepScope scope = memory.Begin();
                layer.Forward(x).Square().Sum().Backward();
            },
            20).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_do_not_depend_on_the_number_of_threads(string name)
    {
        int before = Threads.Count;
        try
        {
            float[] expected = Run(1);
            foreach (int threads in new[] { 2, 3, 8 })
                Run(threads).ShouldBe(expected);
        }
        finally
        {
            Threads.Count = before;
        }

        float[] Run(int threads)
        {
            Threads.Count = threads;
            Module layer = Make(name, DType.Float32);
            Tensor x = Input(name, DType.Float32, batch: 9);
            x.RequiresGrad = true;
            layer.Forward(x).Square().Sum().Backward();
            return [.. x.Gradient!.ToArray<float>(),
                .. layer.NamedParameters().SelectMany(p => p.Parameter.Value.Gradient!.ToArray<float>())];
        }
    }

    internal static Module Make(string name, DType dtype) => s_rows[name].Make().Initialize(7, dtype);

    internal static Tensor Input(string name, DType dtype, int batch = 3)
    {
        RandomStream stream = new(29, RandomPurpose.User, 1);
        return Tensor.Normal([batch, .. s_rows[name].Sample], 0, 1, ref stream, dtype);
    }

    /// <summary>The output in one and the same step: random numbers are the same each time.</summary>
    private static Tensor OfStep(Module layer, Tensor x)
    {
        using ForwardScope context = ForwardContext.Begin(new ForwardOptions { Step = 0 });
        return layer.Forward(x);
    }

    private static double Difference(Module layer, Tensor x, Tensor value, int position)
    {
        const double Step = 1e-5;
        double center = value.AsSpan<double>()[position];
        value.AsSpan<double>()[position] = center + Step;
        double above = OfStep(layer, x).Square().Sum().Item();
        value.AsSpan<double>()[position] = center - Step;
        double below = OfStep(layer, x).Square().Sum().Item();
        value.AsSpan<double>()[position] = center;
        return (above - below) / (2 * Step);
    }
}
