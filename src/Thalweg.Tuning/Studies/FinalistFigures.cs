using MathNet.Numerics.Distributions;

namespace Thalweg.Tuning;

/// <summary>What a finalist scores on rows that the search never scored.</summary>
/// <remarks>
/// The repeats differ in seed and rows, so that the spread of their figures has two parts: that of rows, s^2 / rows, by the variance s^2 of
/// the scores of single rows, and that of trainings, t^2, which is what is left of the variance of the figures. The mean of R repeats over n
/// rows has the variance s^2 / n + t^2 / R, and the figure of one training on m other rows differs from it with the variance
/// s^2 (1 / n + 1 / m) + t^2 (1 + 1 / R): the prediction interval of Geisser, Predictive inference (1993), chapter 2, with the normal
/// quantile for rows and Student's for the repeats. Of shares of right answers s^2 is p (1 - p) with 2 right and 2 wrong answers added:
/// Agresti and Coull, The American Statistician 52 (1998), section 3.
/// </remarks>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Mean">Mean of its figures.</param>
/// <param name="Low">Lower end of the 95 % interval of the mean.</param>
/// <param name="High">Upper end.</param>
public sealed record FinalistFigures(int Trial, double Mean, double Low, double High)
{
    private const double Confidence = 0.95;

    /// <summary>The figure of each repeat.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Rows of all repeats together.</summary>
    public required int Samples { get; init; }

    /// <summary>Lower end of the 95 % interval in which the figure on the test data lies; NaN where there are none.</summary>
    public double TestLow { get; init; } = double.NaN;

    /// <summary>Upper end.</summary>
    public double TestHigh { get; init; } = double.NaN;

    internal static FinalistFigures Of(int trial, IReadOnlyList<HeldOutFigures> figures)
    {
        double[] values = [.. figures.Select(item => item.Metric)];
        int repeats = values.Length, rows = figures.Sum(item => item.Samples), test = figures[0].TestSamples;
        double mean = values.Average(), spread = repeats > 1 ? values.Sum(value => (value - mean) * (value - mean)) / (repeats - 1) : 0;
        double row = RowVariance(figures, mean, rows), ofRows = double.IsNaN(row) ? 0 : row;
        double training = Math.Max(0, spread - (ofRows * figures.Average(item => 1.0 / item.Samples)));
        double half = Half(ofRows / rows, training / repeats, repeats);
        FinalistFigures result = new(trial, mean, Clip(mean - half, figures), Clip(mean + half, figures)) { Values = values, Samples = rows };
        if (test == 0)
            return result;
        double ahead = Half(ofRows * ((1.0 / rows) + (1.0 / test)), training * (1 + (1.0 / repeats)), repeats);
        return result with { TestLow = Clip(mean - ahead, figures), TestHigh = Clip(mean + ahead, figures) };
    }

    /// <summary>Variance of the score of a row; NaN where the figure is no mean over rows.</summary>
    private static double RowVariance(IReadOnlyList<HeldOutFigures> figures, double mean, int rows)
    {
        if (figures[0].IsShare)
        {
            double share = ((mean * rows) + 2) / (rows + 4);
            return share * (1 - share);
        }

        return figures.Sum(item => item.Variance * item.Samples) / rows;
    }

    private static double Half(double rows, double trainings, int repeats)
    {
        double tail = (1 + Confidence) / 2, z = Normal.InvCDF(0, 1, tail);
        double t = repeats > 1 ? StudentT.InvCDF(0, 1, repeats - 1, tail) : 0;
        return Math.Sqrt((z * z * rows) + (t * t * trainings));
    }

    private static double Clip(double value, IReadOnlyList<HeldOutFigures> figures) => figures[0].IsShare ? Math.Clamp(value, 0, 1) : value;
}
