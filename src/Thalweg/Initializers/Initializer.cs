using System.Globalization;

namespace Thalweg.Initializers;

/// <summary>A way to give a parameter its starting value; a value type of its own: equal settings are equal.</summary>
/// <remarks>
/// For a weight of shape <c>[in, out]</c> (leading axes multiply both), fan-in is the number of inputs of a unit and fan-out the number
/// of units that an input feeds.
/// </remarks>
public abstract record Initializer
{
    /// <summary>All zeros. For biases; for weights it leaves units alike for ever.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>Names that <see cref="Parse"/> takes without arguments.</summary>
    public static IReadOnlyList<string> Names { get; } = ["zeros", "constant", "normal", "uniform", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal"];

    /// <summary>All elements equal.</summary>
    /// <param name="value">Their value.</param>
    public static Initializer Constant(double value) => new ConstantInitializer(value);

    /// <summary>N(mean, deviation^2).</summary>
    /// <param name="deviation">Standard deviation, 0 or more; default 0.01.</param>
    /// <param name="mean">Mean; default 0.</param>
    public static Initializer Normal(double deviation = 0.01, double mean = 0) => new NormalInitializer(deviation, mean);

    /// <summary>U[low, high).</summary>
    /// <param name="low">Lower end; default -0.05.</param>
    /// <param name="high">Upper end, above the lower one; default 0.05.</param>
    public static Initializer Uniform(double low = -0.05, double high = 0.05) => new UniformInitializer(low, high);

    /// <summary>U(-a, a) with a = gain sqrt(6 / (fanIn + fanOut)). Source: Glorot, Bengio, AISTATS 2010, eq. (16).</summary>
    /// <param name="gain">Factor for the activation; default 1.</param>
    public static Initializer XavierUniform(double gain = 1) => new ScaledInitializer(Fan.Average, gain, IsNormal: false);

    /// <summary>N(0, gain^2 2 / (fanIn + fanOut)). Source: Glorot, Bengio, AISTATS 2010, eq. (12).</summary>
    /// <param name="gain">Factor for the activation; default 1.</param>
    public static Initializer XavierNormal(double gain = 1) => new ScaledInitializer(Fan.Average, gain, IsNormal: true);

    /// <summary>U(-a, a) with a = sqrt(6 / fanIn). Source: He and others, ICCV 2015, eq. (10), as a uniform distribution of that variance.</summary>
    public static Initializer HeUniform() => new ScaledInitializer(Fan.In, Math.Sqrt(2), IsNormal: false);

    /// <summary>N(0, 2 / fanIn). Source: He and others, ICCV 2015, eq. (10).</summary>
    public static Initializer HeNormal() => new ScaledInitializer(Fan.In, Math.Sqrt(2), IsNormal: true);

    /// <summary>The default for a layer that ends in the given activation: He for the ReLU family, Xavier for those that are linear near 0.</summary>
    /// <param name="activation">Activation of the layer.</param>
    public static Initializer ForActivation(Activation activation) => activation switch
    {
        Activation.Relu or Activation.LeakyRelu or Activation.Elu or Activation.Gelu or Activation.Silu or Activation.Softplus
            or Activation.Relu6 or Activation.Celu or Activation.GeluTanh or Activation.Mish or Activation.HardSwish => HeNormal(),
        Activation.Selu => new ScaledInitializer(Fan.In, 1, IsNormal: true),
        _ => XavierUniform(),
    };

    /// <summary>Reads an initializer from its text: <c>he</c>, <c>xavier_uniform(gain=2)</c>, <c>normal(0.01)</c>; <see cref="ToString"/> writes it.</summary>
    /// <param name="text">The text; <c>he</c> and <c>xavier</c> stand for <c>he_normal</c> and <c>xavier_uniform</c>.</param>
    /// <exception cref="ThalwegException">The name or the arguments are not known; the message lists the names.</exception>
    public static Initializer Parse(string text)
    {
        (string name, double[] arguments) = InitializerText.Split(text);
        double At(int index, double fallback) => index < arguments.Length ? arguments[index] : fallback;
        (int most, Func<Initializer>? make) = name switch
        {
            "zeros" => (0, () => Zeros),
            "constant" => (1, () => Constant(At(0, 0))),
            "normal" => (2, () => Normal(At(0, 0.01), At(1, 0))),
            "uniform" => (2, () => Uniform(At(0, -0.05), At(1, 0.05))),
            "xavier" or "xavier_uniform" => (1, () => XavierUniform(At(0, 1))),
            "xavier_normal" => (1, () => XavierNormal(At(0, 1))),
            "he" or "he_normal" => (0, HeNormal),
            "he_uniform" => (0, HeUniform),
            "lecun_normal" => (0, () => new ScaledInitializer(Fan.In, 1, IsNormal: true)),
            _ => (0, (Func<Initializer>?)null),
        };
        if (make is null)
        {
            throw new ThalwegException($"[initializer] expected one of {string.Join(", ", Names)}, got '{text}'");
        }

        return arguments.Length <= most
            ? make()
            : throw new ThalwegException($"[initializer] expected at most {most} arguments for {name}, got {arguments.Length} in '{text}'");
    }

    /// <summary>Fills a parameter.</summary>
    /// <param name="target">Contiguous Float32 or Float64 tensor.</param>
    /// <param name="stream">Source of random draws.</param>
    public abstract void Fill(Tensor target, ref RandomStream stream);

    /// <summary>A number as text that reads back to the same number.</summary>
    private protected static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Which fan a scaled initializer divides by.</summary>
internal enum Fan
{
    In,
    Average,
}

internal sealed record ConstantInitializer(double Value) : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream) => Each.Set(target, Value);

    public override string ToString() => Value == 0 ? "zeros" : $"constant({Text(Value)})";
}

internal sealed record NormalInitializer : Initializer
{
    public NormalInitializer(double deviation, double mean)
    {
        (Deviation, Mean) = deviation >= 0 && double.IsFinite(deviation) && double.IsFinite(mean)
            ? (deviation, mean)
            : throw new ThalwegException($"[initializer] expected a finite standard deviation of 0 or more and a finite mean, got {deviation} and {mean}");
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
            : throw new ThalwegException($"[initializer] expected low < high, both finite, got {low} and {high}");
    }

    public double Low { get; }

    public double High { get; }

    public override void Fill(Tensor target, ref RandomStream stream) => Each.Uniform(target, Low, High, ref stream);

    public override string ToString() => $"uniform({Text(Low)}, {Text(High)})";
}

/// <summary>Variance gain^2 / fan, as a normal or a uniform distribution.</summary>
internal sealed record ScaledInitializer(Fan Fan, double Gain, bool IsNormal) : Initializer
{
    public override void Fill(Tensor target, ref RandomStream stream)
    {
        (double fanIn, double fanOut) = FansOf(target.Shape);
        double fan = Fan == Fan.In ? fanIn : (fanIn + fanOut) / 2;
        double deviation = Gain / Math.Sqrt(fan), bound = deviation * Math.Sqrt(3);
        if (IsNormal)
        {
            Each.Normal(target, 0, deviation, ref stream);
        }
        else
        {
            Each.Uniform(target, -bound, bound, ref stream);
        }
    }

    public override string ToString() => (Fan, IsNormal) switch
    {
        (Fan.Average, true) => $"xavier_normal({Text(Gain)})",
        (Fan.Average, false) => $"xavier_uniform({Text(Gain)})",
        (Fan.In, true) => Gain == 1 ? "lecun_normal" : "he_normal",
        _ => "he_uniform",
    };

    private static (double In, double Out) FansOf(Shape shape)
    {
        if (shape.Rank < 2)
        {
            throw new ThalwegException($"[initializer] expected a weight of two or more axes to scale by its fans, got shape {shape}; use normal or uniform");
        }

        double field = shape.LengthOf(0, shape.Rank - 2);
        return (field * shape[-2], field * shape[-1]);
    }
}
