namespace Thalweg.Initializers;

/// <summary>All zeros.</summary>
internal sealed record ZerosInitializer : Initializer
{
    public override string Formula => "w = 0";

    public override string Source => "folklore";

    public override string Use => "biases; weights would stay alike for ever";

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Set(target, 0);
}

/// <summary>All ones.</summary>
internal sealed record OnesInitializer : Initializer
{
    public override string Formula => "w = 1";

    public override string Source => "folklore";

    public override string Use => "scales of normalizations";

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Set(target, 1);
}

/// <summary>All elements equal.</summary>
internal sealed record ConstantInitializer : Initializer
{
    public ConstantInitializer(double value = 0) => Value = value;

    /// <summary>The value of each element; default 0.</summary>
    public double Value { get; init => field = Finite(value); }

    public override string Formula => "w = value";

    public override string Source => "folklore";

    public override string Use => "biases: 0.1 for ReLU, 1 for the forget gate of an LSTM";

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Set(target, Value);
}

/// <summary>N(mean, deviation^2).</summary>
internal sealed record NormalInitializer : Initializer
{
    public NormalInitializer(double deviation = 0.01, double mean = 0) => (Deviation, Mean) = (deviation, mean);

    /// <summary>Standard deviation, 0 or more; default 0.01.</summary>
    public double Deviation { get; init => field = AtLeastZero(value); }

    /// <summary>Mean; default 0.</summary>
    public double Mean { get; init => field = Finite(value); }

    public override string Formula => "N(mean, deviation^2)";

    public override string Source => "Krizhevsky, Sutskever, Hinton, NIPS 2012, section 5";

    public override string Use => "when fans do not matter: embeddings, shallow nets";

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Normal(target, Mean, Deviation, ref stream);
}

/// <summary>U[low, high).</summary>
internal sealed record UniformInitializer : Initializer
{
    public UniformInitializer(double low = -0.05, double high = 0.05)
    {
        (Low, High) = (low, high);
        RefuseConflict();
    }

    /// <summary>Lower end; default -0.05.</summary>
    public double Low { get; init => field = Finite(value); }

    /// <summary>Upper end, above the lower one; default 0.05.</summary>
    public double High { get; init => field = Finite(value); }

    public override string Formula => "U(low, high)";

    public override string Source => "folklore";

    public override string Use => "as normal, with bounds";

    protected override string? Conflict => Low < High && double.IsFinite(High - Low)
        ? null
        : $"expected low < high, not farther apart than the largest number, got {Low} and {High}; give others";

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Uniform(target, Low, High, ref stream);
}

/// <summary>The normal law of a mean and a deviation, conditioned on an interval.</summary>
internal sealed record TruncatedNormalInitializer : Initializer
{
    /// <summary>Beyond so many deviations from the mean the distribution function has no digits left.</summary>
    private const double Farthest = 35;

    public TruncatedNormalInitializer(double deviation = 0.02, double mean = 0, double? low = null, double? high = null)
    {
        (Deviation, Mean, Low, High) = (deviation, mean, low, high);
        RefuseConflict();
    }

    /// <summary>Standard deviation before truncation, above 0; default 0.02.</summary>
    public double Deviation { get; init => field = AboveZero(value); }

    /// <summary>Mean before truncation; default 0.</summary>
    public double Mean { get; init => field = Finite(value); }

    /// <summary>Lower end; default none: two deviations below the mean.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end, above the lower one; default none: two deviations above the mean.</summary>
    public double? High { get; init; }

    public override string Formula => "N(mean, deviation^2) given low <= w <= high";

    public override string Source => "Paszke and others, PyTorch, torch.nn.init.trunc_normal_";

    public override string Use => "Transformers";

    protected override string? Conflict
    {
        get
        {
            (double low, double high) = Interval;
            if (!(low < high && double.IsFinite(high - low)))
                return $"expected low < high, both finite, got {low} and {high}; give others";
            return low > Mean + (Farthest * Deviation) || high < Mean - (Farthest * Deviation)
                ? $"expected an interval within {Farthest} deviations of the mean {Mean}, got {low} to {high}; move it nearer or widen " +
                    "the deviation"
                : null;
        }
    }

    private (double Low, double High) Interval => (Low ?? (Mean - (2 * Deviation)), High ?? (Mean + (2 * Deviation)));

    public override void Fill(Tensor target, ref RandomStream stream) =>
        Each.Truncated(target, (Mean, Deviation), Interval.Low, Interval.High, ref stream);
}
