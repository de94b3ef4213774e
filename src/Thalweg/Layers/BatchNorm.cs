using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Batch normalization of channels: gamma (x - mean) / sqrt(variance + epsilon) + beta.</summary>
/// <remarks>
/// In training mean and (biased) variance come from the batch (of all its shards, see <see cref="ForwardContext.Shards"/>), and moving
/// averages of them are kept for evaluation;
/// <see cref="BatchNormOptions"/> names the forms that are in use. Where it is frozen (<see cref="Module.Freeze()"/>, or the rule
/// <see cref="Rules.Freeze"/> for all of its parameters) it works in training as in evaluation, and its statistics stay as they are. Parameters <c>gamma [features]</c> (starts at 1) and <c>beta
/// [features]</c> (0); buffers <c>running_mean</c> and <c>running_variance [features]</c>. Source: Ioffe, Szegedy, "Batch normalization",
/// ICML 2015, algorithms 1 and 2.
/// </remarks>
public abstract class BatchNorm : Module, IFusesActivation
{
    private readonly string _type;
    private readonly Parameter? _gamma, _beta;
    private readonly Tensor? _mean, _variance, _batches;
    private PopulationMoments? _population;

    private protected BatchNorm(string type, int features, BatchNormOptions options)
    {
        options.Check();
        if (features < 1)
        {
            throw new ThalwegException($"[batch norm] expected features >= 1, got {features}");
        }

        (_type, Features, Options) = (type, features, options);
        if (options.Affine)
        {
            _gamma = AddParameter("gamma", [features], ParameterRole.Normalization, Initializer.Constant(1));
            _beta = AddParameter("beta", [features], ParameterRole.Normalization, Initializer.Zeros);
        }

        if (options.TrackRunningStatistics)
        {
            _mean = AddBuffer("running_mean", [features], 0);
            _variance = AddBuffer("running_variance", [features], 1);
            _batches = options.Momentum is null ? AddBuffer("batches", [1], 0) : null;
        }
    }

    /// <summary>Number of features, or channels.</summary>
    public int Features { get; }

    /// <summary>The forms in use.</summary>
    public BatchNormOptions Options { get; }

    /// <summary>Training batches that entered the statistics; counted from a loaded model only where the momentum is null.</summary>
    public long BatchesTracked { get; internal set; }

    /// <summary>Whether a rule of the run's optimizer freezes the layer.</summary>
    internal bool IsHeldByRule { get; set; }

    /// <summary>Scale, or null.</summary>
    public Parameter? Gamma => _gamma;

    /// <summary>Shift, or null.</summary>
    public Parameter? Beta => _beta;

    /// <summary>Mean of the population <c>[features]</c> as evaluation uses it, or null.</summary>
    public Tensor? RunningMean => _mean;

    /// <summary>Variance of the population <c>[features]</c> as evaluation uses it, or null.</summary>
    public Tensor? RunningVariance => _variance;

    /// <summary>
    /// The exact pass: sets the population statistics of all batch normalizations of a network to the moments of what they see in
    /// evaluation.
    /// </summary>
    /// <remarks>
    /// Frozen ones keep their statistics. The network runs in evaluation, without recording and without dropout, over all batches once for each batch normalization, in the
    /// order of the modules: each is measured when those before it have their statistics already, so that all see what they will see in
    /// use.
    /// </remarks>
    /// <param name="network">The network; it is left in evaluation.</param>
    /// <param name="batches">Inputs of the network, together the training data, in batches of any sizes; gone through once for each
    /// layer.</param>
    /// <exception cref="ThalwegException">There are fewer than 2 values for each channel.</exception>
    public static void MeasurePopulation(Module network, IEnumerable<Tensor> batches) => MeasurePopulation(network, () =>
    {
        foreach (Tensor batch in batches)
        {
            network.Forward(batch);
        }
    });

    /// <inheritdoc cref="MeasurePopulation(Module, IEnumerable{Tensor})"/>
    /// <param name="network">The network.</param>
    /// <param name="pass">Runs the network forward over all of them.</param>
    internal static void MeasurePopulation(Module network, Action pass)
    {
        network.SetTraining(false);
        using NoGrad silence = NoGrad.Begin();
        foreach (BatchNorm layer in AllOf(network).Where(layer => layer._mean is not null && !layer.IsHeld))
        {
            layer._population = new PopulationMoments(layer.Features);
            try
            {
                pass();
                layer._population.Write(layer._mean!, layer._variance!, layer.Options.Variance == Layers.RunningVariance.Unbiased);
            }
            finally
            {
                layer._population = null;
            }
        }
    }

    /// <summary>All batch normalizations of a network, in order.</summary>
    /// <param name="network">The network.</param>
    public static IEnumerable<BatchNorm> AllOf(Module network) =>
        (network is BatchNorm layer ? [layer] : Enumerable.Empty<BatchNorm>()).Concat(network.Modules.SelectMany(m => AllOf(m.Module)));

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">The shape does not fit, or a training batch has a single value per channel.</exception>
    protected override Tensor ForwardCore(Tensor x) => Forward(x, Activation.None);

    /// <inheritdoc/>
    bool IFusesActivation.Fuses(Activation activation) => activation == Activation.Relu;

    /// <inheritdoc/>
    Tensor IFusesActivation.Forward(Tensor x, Activation activation) => Forward(x, activation);

    private bool IsHeld => IsFrozen || IsHeldByRule;

    private Tensor Forward(Tensor x, Activation activation)
    {
        if (!Fits(x.Rank) || x.Shape[1] != Features)
        {
            throw new ThalwegException($"[batch norm] expected inputs {Expected}, got {x.Shape}");
        }

        if (_population is not null && x.Length > 0)
        {
            x.BatchNorm(null, null, Options.Epsilon, out Tensor moments);
            _population.Add(moments, x.Length / Features);
        }

        return (IsTraining && !IsHeld) || _mean is null ? Normalize(x, activation) : Evaluate(x).Activate(activation);
    }

    /// <inheritdoc/>
    public sealed override JsonObject Describe() => new()
    {
        ["type"] = _type,
        ["features"] = Features,
        ["epsilon"] = Options.Epsilon,
        ["momentum"] = Options.Momentum,
        ["momentum_form"] = Options.MomentumVariant.ToString(),
        ["variance"] = Options.Variance.ToString(),
        ["population"] = Options.Population.ToString(),
        ["affine"] = Options.Affine,
        ["track"] = Options.TrackRunningStatistics,
    };

    /// <summary>The options of a description; the forms may be missing, which means the defaults.</summary>
    internal static BatchNormOptions Read(JsonObject description) => new()
    {
        Epsilon = LayerRegistry.Read<double>(description, "epsilon"),
        Momentum = description.TryGetPropertyValue(
            "momentum", out JsonNode? node) && node is null ? null : LayerRegistry.Read<double>(description, "momentum"),
        MomentumVariant = ReadName<BatchNormMomentum>(description, "momentum_form"),
        Variance = ReadName<RunningVariance>(description, "variance"),
        Population = ReadName<PopulationStatistics>(description, "population"),
        Affine = !description.ContainsKey("affine") || LayerRegistry.Read<bool>(description, "affine"),
        TrackRunningStatistics = !description.ContainsKey("track") || LayerRegistry.Read<bool>(description, "track"),
    };

    /// <summary>What the layer takes, for messages.</summary>
    private protected abstract string Expected { get; }

    /// <summary>Whether the layer takes inputs of a number of axes.</summary>
    private protected abstract bool Fits(int rank);

    private static TEnum ReadName<TEnum>(JsonObject description, string name)
        where TEnum : struct, Enum
    {
        if (!description.ContainsKey(name))
        {
            return default;
        }

        string text = LayerRegistry.Read<string>(description, name);
        return Enum.TryParse(text, out TEnum value) && Enum.IsDefined(value)
            ? value
            : throw new ThalwegException(
                $"[batch norm] expected '{name}' as one of {string.Join(", ", Enum.GetNames<TEnum>())}, got '{text}'");
    }

    private Tensor Normalize(Tensor x, Activation activation)
    {
        long count = x.Length / Features;
        Tensor y, moments;
        if (ForwardContext.Shards is { } shards)
        {
            (Tensor, Tensor)? affine = _gamma is null ? null : (_gamma.Value, _beta!.Value);
            y = x.BatchNorm(affine, Options.Epsilon, shards, out moments, out count);
            RefuseSingle(count, x);
            y = y.Activate(activation);
        }
        else
        {
            RefuseSingle(count, x);
            y = x.BatchNorm(_gamma?.Value, _beta?.Value, Options.Epsilon, out moments, activation);
        }

        if (IsTraining && !IsRepeat && _mean is not null)
        {
            Track(moments, count);
        }

        return y;
    }

    private static void RefuseSingle(long count, Tensor x)
    {
        if (count < 2)
        {
            throw new ThalwegException(
                $"[batch norm] expected 2 or more values for each channel in a training batch, got {count} of inputs {x.Shape}; "
                + "use a larger batch");
        }
    }

    private void Track(Tensor moments, long count)
    {
        BatchesTracked = _batches is null ? BatchesTracked + 1 : (long)++_batches.AsSpan<double>()[0];
        double weight = Options.WeightOfNewBatch(BatchesTracked);
        double unbias = Options.Variance == Layers.RunningVariance.Unbiased ? count / (count - 1.0) : 1;
        Span<double> mean = _mean!.AsSpan<double>(), variance = _variance!.AsSpan<double>(), batch = moments.AsSpan<double>();
        for (int j = 0; j < Features; j++)
        {
            mean[j] += weight * (batch[j] - mean[j]);
            variance[j] += weight * ((unbias * batch[Features + j]) - variance[j]);
        }
    }

    /// <summary>One center, scale and shift per channel: the statistics are constants.</summary>
    private Tensor Evaluate(Tensor x)
    {
        Tensor center = Tensor.Zeros([Features], x.DType), scale = Tensor.Zeros([Features], x.DType);
        Tensor shift = Tensor.Zeros([Features], x.DType);
        Span<double> mean = _mean!.AsSpan<double>(), variance = _variance!.AsSpan<double>();
        for (int j = 0; j < Features; j++)
        {
            double inverse = 1 / Math.Sqrt(variance[j] + Options.Epsilon);
            center.Write(j, mean[j]);
            scale.Write(j, inverse);
            // What the type of the input cannot hold of a mean far from 0.
            shift.Write(j, (center.Read(j) - mean[j]) * inverse);
        }

        if (_gamma is not null)
        {
            shift = shift.Multiply(_gamma.Value).Add(_beta!.Value);
            scale = scale.Multiply(_gamma.Value);
        }

        return x.ScaleChannels(center, scale, shift);
    }
}

/// <summary>Moments of all batches of a pass together. Source: Chan, Golub, LeVeque, "Updating formulae", 1979, equation 2.1.</summary>
internal sealed class PopulationMoments(int features)
{
    private readonly double[] _mean = new double[features], _squares = new double[features];
    private long _count;

    /// <summary>Adds a batch of <paramref name="count"/> values per channel with the given mean and biased variance.</summary>
    public void Add(Tensor moments, long count)
    {
        long total = _count + count;
        for (int j = 0; j < features; j++)
        {
            double difference = moments.Read(j) - _mean[j];
            _mean[j] += difference * count / total;
            _squares[j] += (moments.Read(features + j) * count) + (difference * difference * _count * count / total);
        }

        _count = total;
    }

    /// <summary>Writes the result.</summary>
    /// <exception cref="ThalwegException">There was not more than one value.</exception>
    public void Write(Tensor mean, Tensor variance, bool unbiased)
    {
        if (_count < 2)
        {
            throw new ThalwegException(
                $"[batch norm] expected 2 or more values for each channel to measure a population, got {_count}; "
                + "give the batches of the training set");
        }

        for (int j = 0; j < features; j++)
        {
            mean.Write(j, _mean[j]);
            variance.Write(j, _squares[j] / (unbiased ? _count - 1 : _count));
        }
    }
}
