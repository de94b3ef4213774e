namespace Thalweg.Training;

/// <summary>Numbers of one published form in the terms of another that gives the same steps.</summary>
public static class Conversions
{
    /// <summary>The rate for a gradient that is summed over n samples, from the rate for their mean: lr_sum = lr_mean / n.</summary>
    /// <param name="rateOfMean">Rate for the mean.</param>
    /// <param name="samples">Samples per step n, 1 or more.</param>
    public static double RateOfSum(double rateOfMean, int samples) => rateOfMean / samples;

    /// <summary>The rate of the summed velocity v = b v + g, from that of the averaged one v = b v + (1-b) g: lr_sum = lr_average
    /// (1-b).</summary>
    /// <param name="rateOfAverage">Rate for the averaged velocity.</param>
    /// <param name="share">Share b of the velocity that is kept, dimensionless, in [0, 1).</param>
    public static double RateOfSummedMomentum(double rateOfAverage, double share) =>
        rateOfAverage * (1 - Fraction(share, "a share of the velocity"));

    /// <summary>The weight of the new batch in batch normalization, from the weight that is retained: 1 - retained.</summary>
    /// <param name="retained">Weight that is retained, dimensionless, in [0, 1).</param>
    public static double WeightOfNewBatch(double retained) => 1 - Fraction(retained, "a retained weight");

    /// <summary>The probability of a zero in dropout, from the probability that an element is kept: 1 - keep.</summary>
    /// <param name="keep">Probability that an element is kept, dimensionless, in (0, 1].</param>
    public static double DropProbability(double keep) => Fraction(1 - keep, "1 - keep");

    /// <summary>The factor of (lambda/2) |w|^2 that gives the penalty lambda |w|^2: twice it.</summary>
    /// <param name="whole">Factor without the half, at least 0.</param>
    public static double HalfPenaltyFactor(double whole) => 2 * whole;

    /// <summary>The decay of <c>w - lambda w</c> that equals <c>w - lr lambda w</c> at a constant rate: lr lambda.</summary>
    /// <param name="decay">Factor lambda of the scaled form, at least 0.</param>
    /// <param name="rate">Learning rate, at least 0.</param>
    public static double UnscaledDecay(double decay, double rate) => rate * decay;

    private static double Fraction(double value, string what) => value is >= 0 and < 1
        ? value
        : throw new ThalwegException($"[equivalents] expected {what} in [0, 1), got {value}; give one in that range");
}
