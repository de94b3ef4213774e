using System.Text.Json;
using Thalweg.Layers;
using Thalweg.Tests.Rules;

namespace Thalweg.Tests.Layers;

public sealed class BatchNormTests
{
    private static readonly Tensor s_x = Tensor.From([1.0, 10, 3, 30, 5, 20, 9, 60], [4, 2]);

    [Fact]
    public void Sequences_equal_the_reference()
    {
        foreach (JsonElement row in Conformance.Cases("batchnorm.json"))
        {
            JsonElement options = row.GetProperty("options"), start = row.GetProperty("init");
            BatchNormOptions settings = new()
            {
                Epsilon = options.Number("eps", 1e-5),
                Momentum = options.GetProperty("momentum").ValueKind == JsonValueKind.Null ? null : options.Number("momentum", 0.1),
                Affine = options.Flag("affine"),
                TrackRunningStatistics = options.Flag("track_running_stats"),
            };
            int features = options.GetProperty("num_features").GetInt32();
            BatchNorm layer = row.GetProperty("op").GetString() == "batch_norm1d" ? new BatchNorm1d(features, settings) : new BatchNorm2d(features, settings);
            layer.Initialize(0, DType.Float64);
            Set(layer.Gamma?.Value, start, "weight");
            Set(layer.Beta?.Value, start, "bias");
            Set(layer.RunningMean, start, "running_mean");
            Set(layer.RunningVariance, start, "running_var");
            foreach (JsonElement step in row.GetProperty("steps").EnumerateArray())
            {
                Step(layer, step, row);
            }
        }
    }

    [Fact]
    public void The_momentum_weighs_the_new_batch_or_what_is_retained()
    {
        double[] found = Train(new() { Momentum = 0.25 }).ToArray<double>();
        found[0].ShouldBe(0.25 * 4.5, 1e-12);
        Train(new() { Momentum = 0.75, MomentumForm = BatchNormMomentum.Retained }).ToArray<double>().ShouldBe(found);
        Train(new() { Momentum = 0.75 }).ToArray<double>()[0].ShouldBe(0.75 * 4.5, 1e-12);
        Should.Throw<ThalwegException>(() => new BatchNorm1d(2, new BatchNormOptions { Momentum = 1, MomentumForm = BatchNormMomentum.Retained }));

        static Tensor Train(BatchNormOptions options)
        {
            BatchNorm1d layer = new(2, options);
            layer.Initialize(1, DType.Float64);
            layer.Forward(s_x);
            return layer.RunningMean!;
        }
    }

    [Theory]
    [InlineData(RunningVariance.Unbiased, 35.0 / 3)]
    [InlineData(RunningVariance.Biased, 35.0 / 4)]
    public void The_running_variance_is_unbiased_or_biased(RunningVariance form, double expected)
    {
        BatchNorm1d layer = new(2, new BatchNormOptions { Momentum = 1, Variance = form });
        layer.Initialize(1, DType.Float64);
        layer.Forward(s_x);
        layer.RunningVariance!.ToArray<double>()[0].ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void The_exact_pass_gives_the_moments_of_all_data_however_it_is_cut()
    {
        BatchNorm1d layer = new(2, new BatchNormOptions { Population = PopulationStatistics.Exact });
        Sequential network = new(layer, new Dense(2, 1));
        network.Initialize(1, DType.Float64);
        BatchNorm.MeasurePopulation(network, [Tensor.From([1.0, 10, 3, 30], [2, 2]), Tensor.From([5.0, 20, 9, 60], [2, 2])]);
        double[] mean = layer.RunningMean!.ToArray<double>(), variance = layer.RunningVariance!.ToArray<double>();
        mean[0].ShouldBe(4.5, 1e-12);
        mean[1].ShouldBe(30, 1e-12);
        variance[0].ShouldBe(35.0 / 3, 1e-12);
        layer.BatchesTracked.ShouldBe(0);
        network.IsTraining.ShouldBeFalse();
        Should.Throw<ThalwegException>(() => BatchNorm.MeasurePopulation(network, [])).Message.ShouldContain("got no batch");
    }

    private static void Step(BatchNorm layer, JsonElement step, JsonElement row)
    {
        layer.SetTraining(step.GetProperty("mode").GetString() == "train");
        Tensor x = Read(step, "x");
        x.RequiresGrad = true;
        Tensor y = layer.Forward(x);
        Match(y, step, row, "y");
        Tensor[] inputs = layer.Gamma is null ? [x] : [x, layer.Gamma.Value, layer.Beta!.Value];
        Tensor[] gradients = Gradients.Of(y, Read(step, "grad_y"), inputs, createGraph: false);
        string[] names = ["grad_x", "grad_weight", "grad_bias"];
        for (int i = 0; i < gradients.Length; i++)
        {
            Match(gradients[i], step, row, names[i]);
        }

        if (layer.RunningMean is not null)
        {
            Match(layer.RunningMean, step, row, "running_mean");
            Match(layer.RunningVariance!, step, row, "running_var");
            layer.BatchesTracked.ShouldBe(step.GetProperty("num_batches_tracked").GetInt64());
        }
    }

    private static void Set(Tensor? target, JsonElement start, string name) => target?.Assign(Read(start, name));

    private static Tensor Read(JsonElement values, string name)
    {
        JsonElement value = values.GetProperty(name);
        return Tensor.From(value.GetProperty("data").Numbers(), new Shape([.. value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())]));
    }

    private static void Match(Tensor found, JsonElement step, JsonElement row, string name)
    {
        double[] values = found.ToArray<double>(), expected = Read(step, name).ToArray<double>();
        values.Length.ShouldBe(expected.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i].ShouldMatch(expected[i], row.GetProperty("tol"), $"{row.GetProperty("id").GetString()} {name}[{i}]");
        }
    }
}
