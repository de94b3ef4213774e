using Thalweg.Training;

namespace Thalweg.Diagnostics;

/// <summary>How far a step went against the lowest point of the parabola through its two ends: alpha.</summary>
public sealed record StepQuality : Instrument
{
    private const int MostSamplesAtEnd = 16;

    /// <inheritdoc/>
    public override string Definition =>
        "alpha = t/t_min - 1 for a step of length t, t_min the lowest point of the parabola through loss and slope at both ends, the " +
        "end as the next " +
        "batch sees it, by least squares weighted with the inverse of their variances over samples; 0: to the lowest point, -1: no " +
        "step, 1: as " +
        "far behind it. concave = 1 where the parabola has no lowest point. The variances of the slopes are those along the gradients, at the " +
        "end over the first 16 samples of the batch";

    /// <inheritdoc/>
    public override string Source =>
        "Schneider, Dangel, Hennig: Cockpit, NeurIPS 2021, section 2.1 and appendix C.1 (alpha); Mutschler, Zell: PAL, NeurIPS 2020";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Products;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs =>
        InstrumentNeeds.Pass | InstrumentNeeds.Gradient | InstrumentNeeds.Update | InstrumentNeeds.NextStep;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.SingleGradientWork + new InstrumentWork(0, 4.0 * run.Parameters * run.ElementBytes, 2);
    }

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        // The end of a step needs no more than how large the noise is: some samples say that.
        int samples = moment.IsDue ? pass.Samples : Math.Min(pass.Samples, MostSamplesAtEnd);
        double[] products = moment.IsDue ? pass.Singles.Products : pass.Singles.ProductsOfFirst(samples);
        double lossNoise = VarianceOfMean(SampleLosses(pass), pass.Samples);
        double square = moment.IsDue ? products.Average() : pass.Singles.SquaredMean;
        double slopeNoise = square > 0 ? VarianceOfMean(products, pass.Samples) / square : 0;
        if (moment.IsNextStep)
        {
            moment.State.Keep("end", pass.Objective.Loss, lossNoise, slopeNoise);
        }

        if (moment.IsDue)
        {
            moment.State.Keep("noise", pass.Objective.Loss, lossNoise, slopeNoise);
        }
    }

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        InstrumentState state = moment.State;
        if (!moment.IsNextStep || moment.PreviousWeights is not { } before || state.Numbers("start") is not { } start
            || state.Numbers("end") is not { } end)
        {
            return;
        }

        // The weights are still where the step led, and the gradient is that of the next batch.
        double length = start[2], slope = UpdateSums.SlopeOf(moment.Parameters, before) / length;
        ParabolaFit fit = ParabolaFit.Of(
            length, (start[0], end[0]), (start[1], slope), new ParabolaNoise((start[3], end[1]), (start[4], end[2])));
        bool hasLowest = fit.Curvature > 0 && fit.Lowest > 0;
        moment.Read("concave", fit.Curvature > 0 ? 0 : 1);
        moment.Read(
            "alpha", hasLowest ? (length / fit.Lowest) - 1 : double.NaN,
            note: fit.Curvature <= 0 ? "concave: the parabola has no lowest point" : hasLowest ? null
                : "the step led uphill from its start");
        state.Forget("start");
        state.Forget("end");
    }

    /// <inheritdoc/>
    public override void MeasureUpdate(InstrumentMoment moment, Tensor before, in StepReport report)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (!moment.IsDue || moment.State.Numbers("noise") is not { } noise)
        {
            return;
        }

        UpdateSums.Sums sums = moment.Run.SumsOf(moment.Step, before).All;
        double length = Math.Sqrt(sums.Update);
        if (length > 0)
        {
            moment.State.Keep("start", noise[0], sums.Slope / length, length, noise[1], noise[2]);
        }
    }

    private static double[] SampleLosses(NetworkPass pass) => pass.SampleLosses.Detach().To(DType.Float64).Contiguous().ToArray<double>();

    private static double VarianceOfMean(double[] values, int samples)
    {
        double mean = values.Average();
        return values.Length > 1 ? values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1.0) / samples : 0;
    }
}

/// <summary>Variances of the values and slopes at both ends of a step.</summary>
/// <param name="Values">Of the values.</param>
/// <param name="Slopes">Of the slopes.</param>
internal readonly record struct ParabolaNoise((double Start, double End) Values, (double Start, double End) Slopes);

/// <summary>A parabola through values and slopes at both ends of a step: value + slope t + curvature t^2/2.</summary>
/// <param name="Slope">Slope at the start.</param>
/// <param name="Curvature">Second derivative.</param>
internal readonly record struct ParabolaFit(double Slope, double Curvature)
{
    /// <summary>The lowest point; negative where it lies behind the start.</summary>
    public double Lowest => -Slope / Curvature;

    /// <summary>Fits by least squares, each observation weighted by the inverse of its variance; all alike where one has none.</summary>
    public static ParabolaFit Of(double t, (double Start, double End) values, (double Start, double End) slopes, ParabolaNoise noise)
    {
        double[] variances = [noise.Values.Start, noise.Values.End, noise.Slopes.Start, noise.Slopes.End];
        bool isWeighted = variances.All(variance => variance > 0 && double.IsFinite(variance));
        double[][] rows = [[1, 0, 0], [1, t, t * t / 2], [0, 1, 0], [0, 1, t]];
        double[] seen = [values.Start, values.End, slopes.Start, slopes.End];
        double[,] normal = new double[3, 4];
        for (int row = 0; row < 4; row++)
        {
            double weight = isWeighted ? 1 / variances[row] : 1;
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                    normal[i, j] += weight * rows[row][i] * rows[row][j];
                normal[i, 3] += weight * rows[row][i] * seen[row];
            }
        }

        double determinant = Determinant(normal, -1);
        return new(Determinant(normal, 1) / determinant, Determinant(normal, 2) / determinant);
    }

    /// <summary>Determinant, with the right side in place of a column.</summary>
    private static double Determinant(double[,] m, int replaced)
    {
        double At(int row, int column) => m[row, column == replaced ? 3 : column];
        return (At(0, 0) * ((At(1, 1) * At(2, 2)) - (At(1, 2) * At(2, 1))))
            - (At(0, 1) * ((At(1, 0) * At(2, 2)) - (At(1, 2) * At(2, 0))))
            + (At(0, 2) * ((At(1, 0) * At(2, 1)) - (At(1, 1) * At(2, 0))));
    }
}
