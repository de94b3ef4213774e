namespace Thalweg.Tuning;

/// <summary>The numbers of a Gaussian process that are fitted, as one vector of logarithms.</summary>
/// <param name="isCategorical">Whether each input has values without an order.</param>
/// <param name="warpsInputs">Whether the inputs that have an order are warped.</param>
internal sealed class KernelParameters(bool[] isCategorical, bool warpsInputs)
{
    /// <summary>Least and greatest noise variance, for outputs of variance 1.</summary>
    private const double LeastNoise = 1e-6, MostNoise = 1;

    /// <summary>Location of the noise variance and the scales of noise and warps: logarithms have normal priors.</summary>
    /// <remarks>Tuned on the first half of the problems of bench/Thalweg.Tuning.Bench; a wider prior of warps (0.5) bent them after a dozen trials.</remarks>
    private const double NoiseLocation = 1e-4, NoiseScale = 2, WarpScale = 0.2;

    /// <summary>Whether each input has values without an order.</summary>
    public bool[] IsCategorical { get; } = isCategorical;

    /// <summary>Whether inputs that have an order are warped.</summary>
    public bool WarpsInputs { get; } = warpsInputs;

    /// <summary>Number of inputs.</summary>
    public int Inputs => IsCategorical.Length;

    /// <summary>Index of the logarithm of the output's variance.</summary>
    public int Scale => Inputs;

    /// <summary>Index of the logarithm of the noise variance.</summary>
    public int Noise => Inputs + 1;

    /// <summary>Index of the first exponent of a warp.</summary>
    public int Warps => Inputs + 2;

    /// <summary>Length of the vector: log 1 / l^2 for each input, log variance, log noise, and log a, log b for each input that is warped.</summary>
    public int Count => Warps + (WarpsInputs ? 2 * Inputs : 0);

    /// <summary>Whether an input is warped.</summary>
    public bool IsWarped(int input) => WarpsInputs && !IsCategorical[input];

    /// <summary>The vector that a fit starts from.</summary>
    public double[] Start(double logWeight, double logNoise)
    {
        double[] start = new double[Count];
        Array.Fill(start, logWeight, 0, Inputs);
        start[Noise] = logNoise;
        return start;
    }

    /// <summary>Least and greatest entries.</summary>
    public (double[] Low, double[] High) Bounds()
    {
        double[] low = new double[Count], high = new double[Count];
        for (int i = 0; i < Inputs; i++)
            (low[i], high[i]) = (Math.Log(1e-4), Math.Log(1e4));
        (low[Scale], high[Scale]) = (Math.Log(0.05), Math.Log(20));
        (low[Noise], high[Noise]) = (Math.Log(LeastNoise), Math.Log(MostNoise));
        for (int i = Warps; i < Count; i++)
            (low[i], high[i]) = IsWarped((i - Warps) / 2) ? (Math.Log(0.25), Math.Log(4)) : (0, 0);
        return (low, high);
    }

    /// <summary>The negative logarithm of the prior, and its gradient added.</summary>
    /// <remarks>
    /// Lengths l are log-normal with location sqrt(2) + log(d) / 2 and scale sqrt(3), whatever the number d of inputs: Hvarfner et al., "Vanilla
    /// Bayesian optimization performs great in high dimensions", ICML 2024, equation 5. The variance of the output is log-normal around 1, the noise
    /// around 1e-4 with a wide scale, because a training that is repeated with the same seed gives the same figure; the exponents of warps are log-normal around 1
    /// (Snoek et al., "Input warping for Bayesian optimization", ICML 2014, section 3.2).
    /// </remarks>
    public double Penalty(ReadOnlySpan<double> vector, Span<double> gradient)
    {
        double sum = 0, location = -2 * (Math.Sqrt(2) + (0.5 * Math.Log(Inputs)));
        for (int i = 0; i < Inputs; i++)
            sum += Normal(vector, gradient, i, (location, 2 * Math.Sqrt(3)));
        sum += Normal(vector, gradient, Scale, (0, 1));
        sum += Normal(vector, gradient, Noise, (Math.Log(NoiseLocation), NoiseScale));
        for (int i = Warps; i < Count; i++)
            sum += IsWarped((i - Warps) / 2) ? Normal(vector, gradient, i, (0, WarpScale)) : 0;
        return sum;
    }

    private static double Normal(ReadOnlySpan<double> vector, Span<double> gradient, int index, (double Location, double Scale) prior)
    {
        double deviation = (vector[index] - prior.Location) / prior.Scale;
        gradient[index] += deviation / prior.Scale;
        return 0.5 * deviation * deviation;
    }
}
