using Thalweg.Data;

namespace Thalweg.Models;

/// <summary>Calibration of class probabilities by one number: softmax(z / T) with the temperature T that has the least log loss on
/// validation data. The most probable class of a sample stays the same.</summary>
/// <remarks>Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017, section 4.2, equation 9. The loss
/// is convex in 1/T; its minimum is found by Newton's method in double precision.</remarks>
public static class TemperatureScaling
{
    private const double Hottest = 100, Coldest = 0.01;
    private const int Bins = 15, MostIterations = 100;

    /// <summary>Finds the temperature of a model.</summary>
    /// <param name="model">A model of classes; a temperature that it has already is left aside.</param>
    /// <param name="validation">Samples that training did not see, prepared as those of the training: the validation part.</param>
    /// <returns>The temperature, with loss and calibration error before and after; <see cref="CalibrationResult.Apply"/> gives the
    /// calibrated model.</returns>
    /// <exception cref="ThalwegException">The model does not learn classes, or there are no samples.</exception>
    public static CalibrationResult Fit(TrainedModel model, ValidationSet validation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(validation);
        Dataset samples = validation.Data;
        if (model.Preprocessing.Task is not ClassificationTask || samples.Count == 0)
        {
            throw new ThalwegException($"[calibration] expected a model of classes and validation data, got "
                + $"{(samples.Count == 0 ? "no samples" : $"one of {model.Preprocessing.Task}")}; only probabilities of classes are calibrated");
        }

        int classes = model.Preprocessing.Task.ClassNames.Count;
        double[] logs = new double[samples.Count * classes];
        new Predictor(model with { Temperature = 1 }).Predict(samples, logs);
        for (int i = 0; i < logs.Length; i++)
            logs[i] = Math.Log(Math.Max(logs[i], double.Epsilon));
        int[] labels = new int[samples.Count];
        samples.GatherLabels([.. Enumerable.Range(0, samples.Count)], labels);
        double inverse = Minimize(logs, labels, classes);
        return new CalibrationResult(model, 1 / inverse)
        {
            LossBefore = Measure(logs, labels, classes, 1).Loss,
            LossAfter = Measure(logs, labels, classes, inverse).Loss,
            ErrorBefore = Error(logs, labels, classes, 1),
            ErrorAfter = Error(logs, labels, classes, inverse),
        };
    }

    /// <summary>Applies a temperature to probabilities in place.</summary>
    internal static void Apply(Span<double> probabilities, int classes, double temperature)
    {
        for (int start = 0; start < probabilities.Length; start += classes)
        {
            Span<double> row = probabilities.Slice(start, classes);
            double most = 0, sum = 0;
            foreach (double probability in row)
                most = Math.Max(most, probability);
            for (int i = 0; i < classes; i++)
            {
                row[i] = Math.Pow(row[i] / most, 1 / temperature);
                sum += row[i];
            }

            for (int i = 0; i < classes; i++)
                row[i] /= sum;
        }
    }

    private static double Minimize(double[] logs, int[] labels, int classes)
    {
        double inverse = 1;
        for (int i = 0; i < MostIterations; i++)
        {
            (_, double slope, double curvature) = Measure(logs, labels, classes, inverse);
            if (!(curvature > 0))
                return inverse;

            // Far from the minimum Newton's step may be too long: a factor of 4 at most.
            double next = Math.Clamp(inverse - (slope / curvature), inverse / 4, inverse * 4);
            next = Math.Clamp(next, 1 / Hottest, 1 / Coldest);
            if (Math.Abs(next - inverse) <= 1e-12 * inverse)
                return next;
            inverse = next;
        }

        return inverse;
    }

    /// <summary>Mean of -log softmax(b log p)[label], with its first two derivatives by b.</summary>
    private static (double Loss, double Slope, double Curvature) Measure(double[] logs, int[] labels, int classes, double b)
    {
        double loss = 0, slope = 0, curvature = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> z = logs.AsSpan(row * classes, classes);
            double most = double.NegativeInfinity, sum = 0, first = 0, second = 0;
            foreach (double value in z)
                most = Math.Max(most, value);
            foreach (double value in z)
            {
                double weight = Math.Exp(b * (value - most));
                sum += weight;
                first += weight * value;
                second += weight * value * value;
            }

            double mean = first / sum;
            loss += Math.Log(sum) + (b * (most - z[labels[row]]));
            slope += mean - z[labels[row]];
            curvature += (second / sum) - (mean * mean);
        }

        return (loss / labels.Length, slope / labels.Length, curvature / labels.Length);
    }

    /// <summary>Expected calibration error over bins of equal width: sum of n_b / n times |accuracy - mean confidence| of each.</summary>
    private static double Error(double[] logs, int[] labels, int classes, double b)
    {
        double[] gaps = new double[Bins];
        double[] row = new double[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int k = 0; k < classes; k++)
                row[k] = Math.Exp(logs[(i * classes) + k]);
            Apply(row, classes, 1 / b);
            int best = Array.IndexOf(row, row.Max());
            gaps[Math.Min(Bins - 1, (int)(row[best] * Bins))] += (best == labels[i] ? 1 : 0) - row[best];
        }

        return gaps.Sum(Math.Abs) / labels.Length;
    }
}

/// <summary>A temperature, and what it changes on the data that it was found on.</summary>
/// <param name="Model">The model as it was.</param>
/// <param name="Temperature">The temperature, above 0: above 1 makes probabilities less sure; in [0.01, 100].</param>
public sealed record CalibrationResult(TrainedModel Model, double Temperature)
{
    /// <summary>Mean log loss at temperature 1, in nats.</summary>
    public double LossBefore { get; init; }

    /// <summary>Mean log loss at the temperature, in nats.</summary>
    public double LossAfter { get; init; }

    /// <summary>Expected calibration error over 15 bins at temperature 1, in [0, 1].</summary>
    public double ErrorBefore { get; init; }

    /// <summary>Expected calibration error over 15 bins at the temperature, in [0, 1].</summary>
    public double ErrorAfter { get; init; }

    /// <summary>The model with the temperature: its predictions are calibrated, and it is saved with it.</summary>
    public TrainedModel Apply() => Model with { Temperature = Temperature };
}
