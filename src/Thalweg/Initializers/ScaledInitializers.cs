namespace Thalweg.Initializers;

/// <summary>Distribution that a scaled initializer draws from; each has the variance asked for.</summary>
public enum Law
{
    /// <summary>U(-a, a) with a = sqrt(3) deviation.</summary>
    Uniform,

    /// <summary>N(0, deviation^2).</summary>
    Normal,

    /// <summary>A normal law cut at two of its deviations and widened by 1 / 0.8796, so that the variance is kept.</summary>
    Truncated,
}

/// <summary>Variance = factor / fan, whatever the law.</summary>
internal abstract record ScaledInitializer(Fan Fan, Law Law) : Initializer
{
    /// <summary>Standard deviation of N(0, 1) conditioned on [-2, 2].</summary>
    private const double TruncatedDeviation = 0.87962566103423978;

    /// <summary>Factor of the standard deviation, before the fan.</summary>
    protected abstract double Factor { get; }

    public override void Fill(Tensor target, ref RandomStream stream) => Fill(target, Fans.Of(target.Shape), ref stream);

    public override void Fill(Tensor target, Fans fans, ref RandomStream stream)
    {
        double deviation = Factor / Math.Sqrt(fans.At(Fan));
        switch (Law)
        {
            case Law.Normal:
                Each.Normal(target, 0, deviation, ref stream);
                break;
            case Law.Uniform:
                double bound = deviation * Math.Sqrt(3);
                Each.Uniform(target, -bound, bound, ref stream);
                break;
            default:
                double wide = deviation / TruncatedDeviation;
                Each.Truncated(target, (0, wide), -2 * wide, 2 * wide, ref stream);
                break;
        }
    }

    protected static double Positive(double number, string what) => number > 0 && double.IsFinite(number)
        ? number
        : throw new ThalwegException($"[initializer] expected a finite {what} above 0, got {number}; give another");

    protected static string NameOf(Fan fan) => InitializerText.Name(fan);

    protected static string NameOf(Law law) => InitializerText.Name(law);
}

internal sealed record XavierInitializer(double Gain, Fan Fan, Law Law) : ScaledInitializer(Fan, Law)
{
    public double Gain { get; } = Positive(Gain, "gain");

    protected override double Factor => Gain;

    public override string ToString() => $"xavier_{NameOf(Law)}({Text(Gain)}{(Fan == Fan.Average ? "" : $", {NameOf(Fan)}")})";
}

internal sealed record HeInitializer(double Slope, Fan Fan, Law Law) : ScaledInitializer(Fan, Law)
{
    public double Slope { get; } = double.IsFinite(Slope)
        ? Slope
        : throw new ThalwegException($"[initializer] expected a finite negative slope, got {Slope}; give another");

    protected override double Factor => Initializers.Gain.Rectifier(Slope);

    public override string ToString() => (Slope, Fan) switch
    {
        (0, Fan.In) => $"he_{NameOf(Law)}",
        (_, Fan.In) => $"he_{NameOf(Law)}({Text(Slope)})",
        _ => $"he_{NameOf(Law)}({Text(Slope)}, {NameOf(Fan)})",
    };
}

internal sealed record LeCunInitializer(Law Law) : ScaledInitializer(Fan.In, Law)
{
    protected override double Factor => 1;

    public override string ToString() => $"lecun_{NameOf(Law)}";
}

internal sealed record VarianceScalingInitializer(double Scale, Fan Fan, Law Law) : ScaledInitializer(Fan, Law)
{
    public double Scale { get; } = Positive(Scale, "scale");

    protected override double Factor => Math.Sqrt(Scale);

    public override string ToString() => $"variance_scaling({Text(Scale)}, {NameOf(Fan)}, {NameOf(Law)})";
}

/// <summary>U(-1 / sqrt(n), 1 / sqrt(n)), n given or the fan-in.</summary>
internal sealed record FanInUniformInitializer(int Inputs) : Initializer
{
    public int Inputs { get; } = Inputs >= 0
        ? Inputs
        : throw new ThalwegException($"[initializer] expected 0 inputs (those of the weight) or more, got {Inputs}; give another number");

    public override void Fill(Tensor target, ref RandomStream stream) =>
        Fill(target, Inputs > 0 ? new Fans(Inputs, Inputs) : Fans.Of(target.Shape), ref stream);

    public override void Fill(Tensor target, Fans fans, ref RandomStream stream)
    {
        double bound = 1 / Math.Sqrt(Inputs > 0 ? Inputs : fans.In);
        Each.Uniform(target, -bound, bound, ref stream);
    }

    public override string ToString() => Inputs == 0 ? "fan_in_uniform" : $"fan_in_uniform({Text(Inputs)})";
}
