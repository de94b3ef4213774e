using System.Globalization;

namespace Thalweg.Metrics;

/// <summary>The parts of an <see cref="EvaluationReport"/> beside its figures.</summary>
internal static class ReportParts
{
    private const int Bins = 10;

    private static readonly double[] s_shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

    /// <summary>Adds classes, confusion and calibration.</summary>
    public static EvaluationReport AddClasses(EvaluationReport report, in MetricBatch all, IReadOnlyList<string>? names)
    {
        int classes = all.Classes;
        report = report with { Calibration = Calibration(all) };
        if (classes > EvaluationReport.MostClasses)
            return report;

        int[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        for (int i = 0; i < all.Count; i++)
            counts[all.Label(i)][all.PredictedClass(i)]++;

        return report with
        {
            Confusion = counts,
            Classes = [.. Enumerable.Range(0, classes).Select(k => FiguresOf(
                k < names?.Count ? names[k] : k.ToString(CultureInfo.InvariantCulture),
                (counts[k][k], counts[k].Sum(), counts.Sum(row => row[k])), report.Level))],
        };
    }

    /// <summary>Quantiles of the residuals; of several numbers those of the first.</summary>
    public static ResidualFigures? Residuals(in MetricBatch all)
    {
        if (all.Numbers != 1)
            return null;

        double[] residuals = new double[all.Count];
        for (int i = 0; i < residuals.Length; i++)
            residuals[i] = all.Value(i) - all.PredictedValue(i);

        Array.Sort(residuals);
        return new ResidualFigures(
            residuals.Average(), s_shares, [.. s_shares.Select(share => Intervals.Quantile(residuals, share))]);
    }

    private static ClassFigures FiguresOf(string name, (int Right, int Samples, int Predicted) counts, double level)
    {
        (int right, int samples, int predicted) = counts;
        return new ClassFigures(
            name, samples, predicted, predicted == 0 ? 0 : (double)right / predicted, samples == 0 ? 0 : (double)right / samples,
            2.0 * right / (samples + predicted), predicted == 0 ? null : Intervals.Wilson(right, predicted, level),
            samples == 0 ? null : Intervals.Wilson(right, samples, level));
    }

    private static CalibrationBin[] Calibration(in MetricBatch all)
    {
        double[] sums = new double[3 * Bins];
        new ExpectedCalibrationError(Bins).Add(all, sums);
        return [.. Enumerable.Range(0, Bins).Select(bin => new CalibrationBin(
            (double)bin / Bins, (bin + 1.0) / Bins, (int)sums[3 * bin], sums[(3 * bin) + 1] / sums[3 * bin],
            sums[(3 * bin) + 2] / sums[3 * bin]))];
    }
}
