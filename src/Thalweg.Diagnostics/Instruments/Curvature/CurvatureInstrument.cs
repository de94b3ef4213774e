namespace Thalweg.Diagnostics;

/// <summary>An instrument that multiplies a matrix of curvature with vectors.</summary>
public abstract record CurvatureInstrument : Instrument
{
    /// <summary>Samples that the curvature is taken on: the first of the step, 0 or more; default 0, all.</summary>
    public int Samples { get; init => field = AtLeast(0, value); }

    /// <summary>Whether all measurements are taken on the same <see cref="Samples"/> of the training data, drawn once by the seed of the run,
    /// so that the last eigenvector is near the next; default false: on samples of the step.</summary>
    public bool FixedSamples { get; init; }

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Curvature;

    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Gradient;

    /// <summary>Which matrix.</summary>
    protected virtual CurvatureMatrix Of => CurvatureMatrix.Hessian;

    /// <summary>Products of a measurement, as far as they can be known.</summary>
    protected abstract double ProductsExpected { get; }

    /// <inheritdoc/>
    public override string? Unavailable(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return FixedSamples && Samples == 0 ? "fixed_samples needs a number of samples: set samples"
            : FixedSamples && run.Trainer.TrainingData.Stream is not null ? "a stream has no samples to come back to: leave fixed_samples out"
            : CurvatureOperator.Unavailable(Of, run.Trainer.Loss);
    }

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        double share = Samples == 0 ? 1 : Math.Min(1.0, (double)Samples / run.Samples);
        InstrumentWork product = run.HessianProduct;
        double flat = 8.0 * run.Parameters * ProductsExpected;
        return ProductsExpected * new InstrumentWork(share * product.MultiplyAdds, (share * product.Bytes) + flat, product.Calls);
    }

    /// <summary>The matrix on the samples of a step.</summary>
    /// <param name="moment">The step.</param>
    protected CurvatureOperator Operator(InstrumentMoment moment) => CurvatureOperator.On(moment, Of, Samples, FixedSamples);

    /// <summary>Random numbers of a step.</summary>
    /// <param name="moment">The step.</param>
    /// <param name="vector">Number of the vector, from 0.</param>
    private protected static RandomStream Stream(InstrumentMoment moment, int vector) =>
        new(moment.Trainer.Options.Seed, RandomPurpose.Instruments, ((ulong)vector << 40) | (ulong)moment.Step);

    private protected static double[] RandomSigns(InstrumentMoment moment, int vector)
    {
        RandomStream stream = Stream(moment, vector);
        double[] signs = moment.Run.Vectors.Rent();
        CurvatureOperator.Signs(moment.Parameters, ref stream, signs);
        return signs;
    }

    /// <summary>What the readings were taken on.</summary>
    private protected string? OnSamples(InstrumentMoment moment) =>
        FixedSamples ? $"on the same {moment.Run.FixedSamples(Samples).Length} samples each time"
        : Samples == 0 || Samples >= moment.Samples.Length ? null : $"on {Samples} of {moment.Samples.Length} samples";
}
