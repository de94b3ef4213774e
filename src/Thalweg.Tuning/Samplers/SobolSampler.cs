namespace Thalweg.Tuning;

/// <summary>Fills the space more evenly than random points do: a Sobol sequence, scrambled.</summary>
/// <remarks>
/// Sobol, "On the distribution of points in a cube", USSR Computational Mathematics and Mathematical Physics 7(4), 1967; scrambled digit by digit after Owen,
/// "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995, which keeps each prefix of 2^k points a net. The scramble follows from the seed, the
/// point from the number of the trial. At most 500 parameters.
/// </remarks>
public sealed record SobolSampler : Sampler
{
    /// <inheritdoc/>
    public override TrialPoint Suggest(SuggestionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Space.Count > SobolDirections.MostDimensions)
        {
            throw new ThalwegException($"[sobol] expected at most {SobolDirections.MostDimensions} parameters, got {context.Space.Count}; "
                + "take the random sampler");
        }

        double[] units = new double[context.Space.Count];
        for (int d = 0; d < units.Length; d++)
            units[d] = Coordinate(context.Seed, d, (uint)context.Number);
        return context.Space.FromUnit(units);
    }

    /// <summary>A coordinate of a scrambled point.</summary>
    /// <param name="seed">Names the scramble.</param>
    /// <param name="dimension">The dimension, from 0.</param>
    /// <param name="index">Number of the point, from 0.</param>
    /// <returns>A number in (0, 1).</returns>
    internal static double Coordinate(ulong seed, int dimension, uint index)
    {
        uint[] directions = SobolDirections.Of(dimension);
        uint digits = 0;
        for (int bit = 0; index >> bit != 0; bit++)
            digits ^= ((index >> bit) & 1) * directions[bit];
        return (Scrambled(seed, dimension, digits) + 0.5) / (1UL << SobolDirections.Bits);
    }

    /// <summary>Turns each digit over or not, as a random number says that belongs to all digits before it.</summary>
    private static uint Scrambled(ulong seed, int dimension, uint digits)
    {
        RandomStream stream = new(seed, RandomPurpose.Search, (2UL << 40) + (ulong)dimension);
        uint result = 0;
        for (int bit = 0; bit < SobolDirections.Bits; bit++)
        {
            // A one before the digits tells prefixes of different lengths apart.
            ulong prefix = (1UL << bit) | (bit == 0 ? 0 : digits >> (SobolDirections.Bits - bit));
            (uint random, _, _, _) = Philox.Block(stream.Key, prefix, stream.High);
            uint digit = (digits >> (SobolDirections.Bits - 1 - bit)) & 1;
            result = (result << 1) | (digit ^ (random & 1));
        }

        return result;
    }
}
