using Thalweg.Training;

namespace Thalweg.Diagnosis;

/// <summary>What a layer gives on some samples.</summary>
/// <param name="Path">Path of the layer.</param>
/// <param name="Function">Name of the function that it ends with, as in <c>relu</c>; <c>none</c> where there is none.</param>
/// <param name="Units">Number of units or channels.</param>
/// <param name="Rms">Root of the mean square of its values.</param>
/// <param name="Deviation">Standard deviation over samples of the values of a unit, root of the mean square over units.</param>
internal sealed record ProbedLayer(string Path, string Function, int Units, double Rms, double Deviation)
{
    /// <summary>Share of units that are 0 for all samples.</summary>
    public double Zero { get; init; }

    /// <summary>Share of units that are the same for all samples.</summary>
    public double Constant { get; init; }

    /// <summary>Share of values at which the function is flat; NaN where it has no flat part.</summary>
    public double Saturated { get; init; } = double.NaN;

    /// <summary>Whether it has a function with a threshold at 0.</summary>
    public bool IsRectifier => Function is "relu" or "relu6";

    /// <summary>Whether it has a function that is flat on both sides.</summary>
    public bool IsSquashing => Function is "sigmoid" or "tanh" or "softsign" or "hardtanh" or "hard_sigmoid";
}

/// <summary>Norms of a parameter and its gradient on some samples.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Rank">Number of its axes.</param>
/// <param name="Elements">Number of its elements.</param>
/// <param name="Rms">Root of its mean square.</param>
/// <param name="GradientRms">Root of the mean square of its gradient.</param>
internal sealed record ProbedParameter(string Name, int Rank, long Elements, double Rms, double GradientRms)
{
    /// <summary>Share of units whose weights are equal to the bit to those of another unit.</summary>
    public double Twins { get; init; }

    /// <summary>Whether it is a matrix or a kernel.</summary>
    public bool IsWeight => Rank >= 2;

    /// <summary>Gradient against weight: how fast it would change.</summary>
    public double RelativeGradient => GradientRms / Math.Max(Rms, 1e-30);
}

/// <summary>A look at a network on some training samples, as in training, which leaves weights, statistics and scores as they are.</summary>
internal sealed record NetworkProbe
{
    private const int MostSamples = 256;

    /// <summary>The layers on the way to the outputs, in order.</summary>
    public IReadOnlyList<ProbedLayer> Layers { get; init; } = [];

    /// <summary>The parameters, in order.</summary>
    public IReadOnlyList<ProbedParameter> Parameters { get; init; } = [];

    /// <summary>Root of the mean square of the inputs.</summary>
    public double InputRms { get; init; }

    /// <summary>Means of the outputs over the samples.</summary>
    public double[] OutputMeans { get; init; } = [];

    /// <summary>Root of the mean square of the outputs.</summary>
    public double OutputRms { get; init; }

    /// <summary>Standard deviation of the outputs over samples.</summary>
    public double OutputDeviation { get; init; }

    /// <summary>Mean loss of the samples, as in training, without regularizers.</summary>
    public double Loss { get; init; }

    /// <summary>Name of the op and layer at which a value that is not finite came up first; null where all are finite.</summary>
    public string? FirstNonFinite { get; init; }

    /// <summary>The layers before that of the outputs, which is the last one with weights.</summary>
    public IEnumerable<ProbedLayer> Hidden
    {
        get
        {
            string name = Parameters.LastOrDefault(parameter => parameter.IsWeight)?.Name ?? "";
            string path = name[..Math.Max(0, name.LastIndexOf('.'))];
            int last = Layers.ToList().FindLastIndex(layer => layer.Path == path);
            return Layers.Take(last < 0 ? Layers.Count - 1 : last);
        }
    }

    /// <summary>Root of the mean square of the bias of the last layer; 0 where it has none.</summary>
    public double OutputBias
    {
        get
        {
            string name = Parameters.LastOrDefault(parameter => parameter.IsWeight)?.Name ?? "";
            string path = name[..(name.LastIndexOf('.') + 1)];
            return Parameters.FirstOrDefault(parameter => parameter.Rank == 1 && parameter.Name == $"{path}bias")?.Rms ?? 0;
        }
    }

    /// <summary>Largest recurrent weights, as a multiple of the usual 1/sqrt(units); NaN where there are none.</summary>
    public double RecurrentScale
    {
        get
        {
            double largest = double.NaN;
            foreach (ProbedParameter weight in Parameters.Where(parameter => parameter.Name.Contains("weight_hh", StringComparison.Ordinal)))
            {
                string name = weight.Name.Replace("weight_hh", "bias_hh", StringComparison.Ordinal);
                if (Parameters.FirstOrDefault(parameter => parameter.Name == name) is { Elements: > 0 } bias)
                    largest = Math.Max(double.IsNaN(largest) ? 0 : largest, weight.Rms * Math.Sqrt((double)weight.Elements / bias.Elements));
            }

            return largest;
        }
    }

    /// <summary>The weights but those of the last layer.</summary>
    public IEnumerable<ProbedParameter> HiddenWeights => Parameters.Where(parameter => parameter.IsWeight).SkipLast(1);

    /// <summary>Looks at a network.</summary>
    /// <param name="trainer">Its run.</param>
    /// <returns>What was seen; null where the training data are a stream, or the network carries its state from step to step.</returns>
    public static NetworkProbe? Take(Trainer trainer)
    {
        if (trainer.TrainingData.Stream is not null || trainer.Module.IsStateful)
            return null;
        int all = trainer.TrainingData.Data.Count, count = Math.Min(MostSamples, all);
        int[] samples = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))];
        TrainingProbe probe = trainer.NewProbe(count);
        probe.Begin(samples, trainer.Step);
        Tensor gradient = Tensor.Zeros(trainer.Parameters.Gradients.Shape, trainer.Parameters.Gradients.DType);
        probe.Gradient(gradient);
        NetworkProbe? taken = null;
        using Recording recording = Recording.Start(new RecordingOptions { Gradients = false });
        probe.Objective.Visit(pass =>
        {
            if (taken is not null)
                return;
            recording.Stop();
            taken = Of(recording, pass);
        });
        return taken is null ? null : taken with { Parameters = ParametersOf(trainer, gradient) };
    }

    private static NetworkProbe Of(Recording recording, in MicroBatchObjective pass)
    {
        Tensor outputs = pass.Outputs;
        double[] values = outputs.Detach().To(DType.Float64).Contiguous().ToArray<double>();
        int width = outputs.Rank < 2 ? 1 : outputs.Shape[-1], rows = Math.Max(1, values.Length / Math.Max(1, width));
        UnitSums sums = UnitSums.Of(values, rows, width, 1);
        double[] inputs = pass.Features.DType.IsFloat() ? pass.Features.Detach().To(DType.Float64).Contiguous().ToArray<double>() : [];
        return new NetworkProbe
        {
            Layers = LayerFinder.Find(recording, outputs),
            Loss = pass.Loss,
            InputRms = inputs.Length == 0 ? double.NaN : Math.Sqrt(inputs.Average(x => x * x)),
            OutputMeans = sums.Means,
            OutputRms = sums.Rms,
            OutputDeviation = sums.Deviation,
            FirstNonFinite = LayerFinder.FirstNonFinite(recording, outputs),
        };
    }

    private static ProbedParameter[] ParametersOf(Trainer trainer, Tensor gradient)
    {
        ParameterVector parameters = trainer.Parameters;
        double[] gradients = gradient.To(DType.Float64).ToArray<double>(), weights = parameters.Values.Detach().To(DType.Float64).ToArray<double>();
        return
        [
            .. parameters.Named.Zip(parameters.Segments.Items, (named, segment) =>
            {
                Span<double> own = weights.AsSpan(segment.Offset, segment.Size);
                return new ProbedParameter(
                    named.Name, named.Value.Rank, segment.Size, Rms(own), Rms(gradients.AsSpan(segment.Offset, segment.Size)))
                {
                    Twins = Twins(own, named.Value.Shape),
                };
            }),
        ];
    }

    private static double Rms(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value * value;
        return Math.Sqrt(sum / Math.Max(1, values.Length));
    }

    /// <summary>Share of units with a twin: columns of a matrix <c>[in, out]</c>, kernels <c>[out, ...]</c>.</summary>
    private static double Twins(ReadOnlySpan<double> weights, Shape shape)
    {
        if (shape.Rank < 2 || weights.Length == 0)
            return 0;
        int units = shape.Rank == 2 ? shape[1] : shape[0], inputs = weights.Length / units;
        if (units < 2)
            return 0;
        Dictionary<int, int> counts = [];
        int[] hashes = new int[units];
        for (int unit = 0; unit < units; unit++)
        {
            HashCode hash = default;
            for (int i = 0; i < inputs; i++)
                hash.Add(weights[shape.Rank == 2 ? (i * units) + unit : (unit * inputs) + i]);
            counts[hashes[unit] = hash.ToHashCode()] = counts.GetValueOrDefault(hashes[unit]) + 1;
        }

        return (double)hashes.Count(hash => counts[hash] > 1) / units;
    }
}

/// <summary>Sums over the values of units.</summary>
internal sealed class UnitSums
{
    private UnitSums(int units) => (Means, Lows, Highs) = (new double[units], new double[units], new double[units]);

    public double[] Means { get; }

    public double[] Lows { get; }

    public double[] Highs { get; }

    public double Rms { get; private set; }

    public double Deviation { get; private set; }

    /// <summary>Sums of values <c>[outer, units, inner]</c>.</summary>
    public static UnitSums Of(ReadOnlySpan<double> values, int outer, int units, int inner)
    {
        UnitSums sums = new(units);
        Array.Fill(sums.Lows, double.PositiveInfinity);
        Array.Fill(sums.Highs, double.NegativeInfinity);
        double squares = 0;
        double[] unitSquares = new double[units];
        for (int i = 0; i < values.Length; i++)
        {
            int unit = i / inner % units;
            double value = values[i];
            sums.Means[unit] += value;
            unitSquares[unit] += value * value;
            sums.Lows[unit] = Math.Min(sums.Lows[unit], value);
            sums.Highs[unit] = Math.Max(sums.Highs[unit], value);
            squares += value * value;
        }

        double each = Math.Max(1, (double)outer * inner), variance = 0;
        for (int unit = 0; unit < units; unit++)
        {
            sums.Means[unit] /= each;
            variance += Math.Max(0, (unitSquares[unit] / each) - (sums.Means[unit] * sums.Means[unit]));
        }

        sums.Rms = Math.Sqrt(squares / Math.Max(1, values.Length));
        sums.Deviation = Math.Sqrt(variance / Math.Max(1, units));
        return sums;
    }
}
