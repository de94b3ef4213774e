namespace Thalweg.Initializers;

/// <summary>Distribution that a scaled initializer draws from; each has the variance asked for.</summary>
public enum Distribution
{
    /// <summary>U(-a, a) with a = sqrt(3) deviation.</summary>
    Uniform,

    /// <summary>N(0, deviation^2).</summary>
    Normal,

    /// <summary>A normal law cut at two of its deviations and widened by 1 / 0.8796, so that the variance is kept.</summary>
    Truncated,
}

/// <summary>Variance = factor^2 / fan, whatever the distribution.</summary>
internal abstract record ScaledInitializer : Initializer
{
    private protected const string Keras = "Chollet and others, Keras: VarianceScaling";

    /// <summary>Standard deviation of N(0, 1) conditioned on [-2, 2].</summary>
    private const double TruncatedDeviation = 0.87962566103423978;

    public override string Formula => Distribution switch
    {
        Distribution.Uniform => $"U(-s, s), s = sqrt(3 v), v = {Variance}",
        Distribution.Normal => $"N(0, v), v = {Variance}",
        _ => $"N(0, v / 0.8796^2) given |w| <= 2 sqrt(v) / 0.8796, v = {Variance}",
    };

    /// <summary>What is drawn from.</summary>
    protected abstract Distribution Distribution { get; }

    /// <summary>Which fan the variance is divided by.</summary>
    protected abstract Fan ScaledBy { get; }

    /// <summary>Factor of the standard deviation, before the fan.</summary>
    protected abstract double Factor { get; }

    /// <summary>The variance as a formula.</summary>
    protected abstract string Variance { get; }

    public override void Fill(Tensor target, ref RandomStream stream) => Fill(target, Fans.Of(target.Shape), ref stream);

    public override void Fill(Tensor target, Fans fans, ref RandomStream stream)
    {
        double deviation = Factor / Math.Sqrt(fans.At(ScaledBy));
        switch (Distribution)
        {
            case Distribution.Normal:
                Each.Normal(target, 0, deviation, ref stream);
                break;
            case Distribution.Uniform:
                double bound = deviation * Math.Sqrt(3);
                Each.Uniform(target, -bound, bound, ref stream);
                break;
            default:
                double wide = deviation / TruncatedDeviation;
                Each.Truncated(target, (0, wide), -2 * wide, 2 * wide, ref stream);
                break;
        }
    }
}

/// <summary>Variance gain^2 / fan, the fan being (fanIn + fanOut) / 2.</summary>
internal abstract record XavierInitializer : ScaledInitializer
{
    private protected XavierInitializer(double gain, Fan fan) => (Gain, Fan) = (gain, fan);

    /// <summary>Factor for the activation, above 0; default 1.</summary>
    public double Gain { get; init => field = AboveZero(value); }

    /// <summary>Which fan; default their mean.</summary>
    public Fan Fan { get; init; }

    public override string Source => Distribution == Distribution.Truncated ? $"{Paper}; truncation: {Keras}" : Paper;

    public override string Use => "tanh, sigmoid, softsign and linear layers";

    protected override string Variance => "gain^2 / fan, the fan being (fanIn + fanOut) / 2";

    protected override Fan ScaledBy => Fan;

    protected override double Factor => Gain;

    private static string Paper => "Glorot, Bengio, AISTATS 2010, eq. (12) and (16)";
}

/// <summary>Variance 2 / ((1 + slope^2) fan).</summary>
internal abstract record HeInitializer : ScaledInitializer
{
    private protected HeInitializer(double slope, Fan fan) => (Slope, Fan) = (slope, fan);

    /// <summary>Slope of the rectifier for negative numbers; default 0.</summary>
    public double Slope { get; init => field = Finite(value); }

    /// <summary>Which fan; default that of the inputs.</summary>
    public Fan Fan { get; init; }

    public override string Source => Distribution == Distribution.Truncated ? $"{Paper}; truncation: {Keras}" : Paper;

    public override string Use => "layers of the ReLU family";

    protected override string Variance => "2 / ((1 + slope^2) fan)";

    protected override Fan ScaledBy => Fan;

    protected override double Factor => Gain.Rectifier(Slope);

    private static string Paper => "He and others, ICCV 2015, eq. (10), (14) and (15)";
}

/// <summary>Variance 1 / fanIn.</summary>
internal abstract record LeCunInitializer : ScaledInitializer
{
    public override string Source => Distribution == Distribution.Truncated ? $"{Paper}; truncation: {Keras}" : Paper;

    public override string Use => "SELU, and tanh in LeCun's scaling";

    protected override string Variance => "1 / fanIn";

    protected override Fan ScaledBy => Fan.In;

    protected override double Factor => 1;

    private static string Paper => "LeCun, Bottou, Orr, Mueller: Efficient BackProp, 1998, eq. (16)";
}

/// <summary>Xavier from a uniform distribution.</summary>
internal sealed record XavierUniformInitializer : XavierInitializer
{
    public XavierUniformInitializer(double gain = 1, Fan fan = Fan.Average)
        : base(gain, fan)
    {
    }

    protected override Distribution Distribution => Distribution.Uniform;
}

/// <summary>He from a uniform distribution.</summary>
internal sealed record HeUniformInitializer : HeInitializer
{
    public HeUniformInitializer(double slope = 0, Fan fan = Fan.In)
        : base(slope, fan)
    {
    }

    protected override Distribution Distribution => Distribution.Uniform;
}

/// <summary>LeCun from a uniform distribution.</summary>
internal sealed record LeCunUniformInitializer : LeCunInitializer
{
    protected override Distribution Distribution => Distribution.Uniform;
}

/// <summary>Xavier from a normal distribution.</summary>
internal sealed record XavierNormalInitializer : XavierInitializer
{
    public XavierNormalInitializer(double gain = 1, Fan fan = Fan.Average)
        : base(gain, fan)
    {
    }

    protected override Distribution Distribution => Distribution.Normal;
}

/// <summary>He from a normal distribution.</summary>
internal sealed record HeNormalInitializer : HeInitializer
{
    public HeNormalInitializer(double slope = 0, Fan fan = Fan.In)
        : base(slope, fan)
    {
    }

    protected override Distribution Distribution => Distribution.Normal;
}

/// <summary>LeCun from a normal distribution.</summary>
internal sealed record LeCunNormalInitializer : LeCunInitializer
{
    protected override Distribution Distribution => Distribution.Normal;
}

/// <summary>Xavier from a truncated distribution.</summary>
internal sealed record XavierTruncatedInitializer : XavierInitializer
{
    public XavierTruncatedInitializer(double gain = 1, Fan fan = Fan.Average)
        : base(gain, fan)
    {
    }

    protected override Distribution Distribution => Distribution.Truncated;
}

/// <summary>He from a truncated distribution.</summary>
internal sealed record HeTruncatedInitializer : HeInitializer
{
    public HeTruncatedInitializer(double slope = 0, Fan fan = Fan.In)
        : base(slope, fan)
    {
    }

    protected override Distribution Distribution => Distribution.Truncated;
}

/// <summary>LeCun from a truncated distribution.</summary>
internal sealed record LeCunTruncatedInitializer : LeCunInitializer
{
    protected override Distribution Distribution => Distribution.Truncated;
}

/// <summary>Variance scale / fan from any distribution.</summary>
internal sealed record VarianceScalingInitializer : ScaledInitializer
{
    public VarianceScalingInitializer(double scale = 1, Fan fan = Fan.In, Distribution law = Distribution.Truncated) =>
        (Scale, Fan, Law) = (scale, fan, law);

    /// <summary>Factor of the variance, above 0; default 1.</summary>
    public double Scale { get; init => field = AboveZero(value); }

    /// <summary>Which fan; default that of the inputs.</summary>
    public Fan Fan { get; init; }

    /// <summary>Distribution; default truncated normal.</summary>
    public Distribution Law { get; init; }

    public override string Formula => "variance scale / fan";

    public override string Source => Keras;

    public override string Use => "any other combination of fan and law";

    protected override Distribution Distribution => Law;

    protected override Fan ScaledBy => Fan;

    protected override double Factor => Math.Sqrt(Scale);

    protected override string Variance => "scale / fan";
}

/// <summary>U(-1 / sqrt(n), 1 / sqrt(n)), n given or the fan-in.</summary>
internal sealed record FanInUniformInitializer : Initializer
{
    public FanInUniformInitializer(int inputs = 0) => Inputs = inputs;

    /// <summary>The number n; default 0, the fan-in of the weight.</summary>
    public int Inputs { get; init => field = AtLeast(0, value); }

    public override string Formula => "U(-1/sqrt(n), 1/sqrt(n)), n = inputs, or fanIn where inputs is 0";

    public override string Source => "Glorot, Bengio, AISTATS 2010, eq. (1)";

    public override string Use => "to start as PyTorch's layers do, biases too";

    public override void Fill(Tensor target, ref RandomStream stream) =>
        Fill(target, Inputs > 0 ? new Fans(Inputs, Inputs) : Fans.Of(target.Shape), ref stream);

    public override void Fill(Tensor target, Fans fans, ref RandomStream stream)
    {
        double bound = 1 / Math.Sqrt(Inputs > 0 ? Inputs : fans.In);
        Each.Uniform(target, -bound, bound, ref stream);
    }
}
