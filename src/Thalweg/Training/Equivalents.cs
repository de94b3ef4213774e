namespace Thalweg.Training;

/// <summary>Numbers of one published form in the terms of another that gives the same steps.</summary>
public static class Equivalents
{
    /// <summary>The rate for a gradient that is summed over n samples, from the rate for their mean: lr_sum = lr_mean / n.</summary>
    /// <param name="rateOfMean">Rate for the mean.</param>
    /// <param name="samples">Samples per step n, 1 or more.</param>
    public static double RateOfSum(double rateOfMean, int samples) => rateOfMean / samples;
}
