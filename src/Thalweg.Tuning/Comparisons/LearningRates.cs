using System.Globalization;

namespace Thalweg.Tuning;

/// <summary>The learning rates that are tried, the same for all contenders.</summary>
internal static class LearningRates
{
    /// <summary>Digits that are kept: the rates are printed, and typed in again.</summary>
    private const string Digits = "E2";

    /// <summary>The rates, ascending.</summary>
    public static double[] Of(ComparisonOptions options)
    {
        double low = Math.Log(options.LowestRate), way = Math.Log(options.HighestRate) - low;
        if (options.Sampling == RateSampling.Random)
        {
            RandomStream random = new(options.Seed, RandomPurpose.User);
            double[] drawn = new double[options.Rates];
            for (int i = 0; i < drawn.Length; i++)
                drawn[i] = Rounded(Math.Exp(low + (way * random.NextDouble())));
            Array.Sort(drawn);
            return drawn;
        }

        return [.. Enumerable.Range(0, options.Rates)
            .Select(i => Rounded(Math.Exp(low + (way * (options.Rates == 1 ? 0.5 : (double)i / (options.Rates - 1))))))];
    }

    private static double Rounded(double rate) =>
        double.Parse(rate.ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
