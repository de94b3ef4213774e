namespace Thalweg.Diagnostics;

/// <summary>Sharpness against the largest that the optimizer in use is stable at.</summary>
public sealed record EdgeOfStability : CurvatureInstrument
{
    /// <summary>Residual |A v - l v|/|l| at which the search for the largest eigenvalue ends, above 0; default 0.02.</summary>
    public double Tolerance { get; init => field = AboveZero(value); } = 0.02;

    /// <summary>Products at most, 2 or more; default 40.</summary>
    public int MaxProducts { get; init => field = AtLeast(2, value); } = 40;

    /// <inheritdoc/>
    public override string Definition =>
        "sharpness: largest eigenvalue of the Hessian, for Adam and its kin of P^-1/2 H P^-1/2 with their denominator P; " +
        "rate_product = sharpness times the rate of " +
        "the last update; threshold: 2/rate for gradient descent, (2 + 2m)/rate heavy ball, (2 + 2m)/((1 + 2m) rate) Nesterov, (2 + " +
        "2 b1)/((1 - b1) rate) Adam; " +
        "ratio = sharpness/threshold: 1 at the edge of stability";

    /// <inheritdoc/>
    public override string Source =>
        "Cohen, Kaur, Li, Kolter, Talwalkar: Gradient descent typically occurs at the edge of stability, ICLR 2021; Cohen and " +
        "others: Adaptive gradient methods at " +
        "the edge of stability, arXiv:2207.14484, section 2";

    /// <inheritdoc/>
    public override string Unit => "1/rate (rate_product, ratio: dimensionless)";

    /// <inheritdoc/>
    protected override double ProductsExpected => Math.Min(MaxProducts, 8);

    /// <inheritdoc/>
    public override string? Unavailable(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Trainer.Options.Minimizer is not null)
            return "a minimizer has no learning rate";

        return base.Unavailable(run);
    }

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        Optimizers.OptimizerRun run = moment.Trainer.Optimizer;
        StabilityModel? model = StabilityModel.Of(run.Chain, run.Updates, out string? unknown);
        if (model?.Denominator is not null && run.Updates == 0)
        {
            moment.Read("sharpness", double.NaN, note: "before the first update the denominator of the optimizer is not known");
            return;
        }

        double[]? roots = model?.InverseRoots(run);
        CurvatureOperator matrix = Operator(moment);
        double[] Multiply(double[] vector)
        {
            if (roots is null)
                return matrix.Multiply(vector);

            double[] scaled = matrix.Vectors.Rent();
            Scale(vector, roots, scaled);
            double[] product = matrix.Multiply(scaled);
            matrix.Vectors.Return(scaled);
            Scale(product, roots, product);
            return product;
        }

        double[] start = moment.State.Numbers("vector") ?? RandomSigns(moment, 0);
        using ExtremeEigenvalues found = ExtremeEigenvalues.Find(
            Multiply, new(SpectrumEnd.Largest, Tolerance, MaxProducts), start, matrix.Vectors);
        moment.State.KeepVector("vector", found.LargestVector, matrix.Vectors);
        double rate = run.LearningRate;
        moment.Read("sharpness", found.Largest, note: OnSamples(moment));
        moment.Read("rate_product", found.Largest * rate);
        moment.Read("residual", found.Residual);
        if (model is null)
        {
            moment.Read("threshold", double.NaN, note: $"no threshold is known for the rule {unknown}");
            return;
        }

        moment.Read("threshold", model.ThresholdAt(rate), note: model.Note);
        moment.Read("ratio", found.Largest / model.ThresholdAt(rate), note: model.Note);
    }

    private static void Scale(double[] vector, double[] roots, double[] scaled) => FlatMath.Share(vector.Length, (start, length) =>
    {
        for (int i = start; i < start + length; i++)
            scaled[i] = vector[i] * roots[i];
    });
}
