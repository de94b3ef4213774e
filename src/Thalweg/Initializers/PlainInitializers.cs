namespace Thalweg.Initializers;

internal sealed record ConstantInitializer(double Value) : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream) => Each.Set(target, Value);

    public override string ToString() => Value switch
    {
        0 => "zeros",
        1 => "ones",
        _ => $"constant({Text(Value)})",
    };
}

internal sealed record NormalInitializer : Initializer
{
    public NormalInitializer(double deviation, double mean)
    {
        (Deviation, Mean) = deviation >= 0 && double.IsFinite(deviation) && double.IsFinite(mean)
            ? (deviation, mean)
            : throw new ThalwegException(
                $"[initializer] expected a finite standard deviation of 0 or more and a finite mean, got {deviation} and {mean}; give " +
                "others");
    }

    public double Deviation { get; }

    public double Mean { get; }

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Normal(target, Mean, Deviation, ref stream);

    public override string ToString() => $"normal({Text(Deviation)}, {Text(Mean)})";
}

internal sealed record UniformInitializer : Initializer
{
    public UniformInitializer(double low, double high)
    {
        (Low, High) = low < high && double.IsFinite(high - low)
            ? (low, high)
            : throw new ThalwegException($"[initializer] expected low < high, both finite, got {low} and {high}; give others");
    }

    public double Low { get; }

    public double High { get; }

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Uniform(target, Low, High, ref stream);

    public override string ToString() => $"uniform({Text(Low)}, {Text(High)})";
}

/// <summary>The normal law of a mean and a deviation, conditioned on an interval.</summary>
internal sealed record TruncatedNormalInitializer : Initializer
{
    /// <summary>Beyond so many deviations from the mean the distribution function has no digits left.</summary>
    private const double Farthest = 35;

    public TruncatedNormalInitializer(double deviation, double mean, double low, double high)
    {
        if (!(deviation > 0 && double.IsFinite(deviation) && double.IsFinite(mean) && low < high && double.IsFinite(high - low)))
        {
            throw new ThalwegException(
                $"[initializer] expected a standard deviation above 0 and low < high, all finite, got {deviation}, {mean}, {low} and " +
                $"{high}; give others");
        }

        if (low > mean + (Farthest * deviation) || high < mean - (Farthest * deviation))
        {
            throw new ThalwegException(
                $"[initializer] expected an interval within {Farthest} deviations of the mean {mean}, got {low} to {high}; move it " +
                "nearer or widen the deviation");
        }

        (Deviation, Mean, Low, High) = (deviation, mean, low, high);
    }

    public double Deviation { get; }

    public double Mean { get; }

    public double Low { get; }

    public double High { get; }

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Truncated(target, (Mean, Deviation), Low, High, ref stream);

    public override string ToString() => $"truncated_normal({Text(Deviation)}, {Text(Mean)}, {Text(Low)}, {Text(High)})";
}
