namespace Thalweg.Diagnostics;

/// <summary>How a trace is estimated.</summary>
public enum TraceEstimator
{
    /// <summary>Mean of v'A v over random signs v. Source: Hutchinson, 1990.</summary>
    Hutchinson,

    /// <summary>The part in a small space that holds most of the matrix exactly, the rest by random signs. Source: Meyer, Musco, Musco,
    /// Woodruff: Hutch++, 2021, algorithm 1.</summary>
    HutchPlusPlus,
}

/// <summary>Trace of the Hessian or another matrix of curvature.</summary>
public sealed record CurvatureTrace : CurvatureInstrument
{
    /// <summary>Which matrix; default the Hessian.</summary>
    public CurvatureMatrix Matrix { get; init; }

    /// <summary>How it is estimated; default Hutchinson's way.</summary>
    public TraceEstimator Estimator { get; init; }

    /// <summary>Products with random vectors, 3 or more; default 12. The error falls with their root, with Hutch++ with their
    /// number.</summary>
    public int Vectors { get; init => field = AtLeast(3, value); } = 12;

    /// <inheritdoc/>
    public override string Definition =>
        "trace = mean of v'A v over random signs v; with hutch_plus_plus tr(Q'A Q) + the same mean over (1 - QQ')v, Q an orthonormal " +
        "basis of A S, S random " +
        "signs, a third of the vectors each; error: standard error of the mean; mean_eigenvalue = trace/n";

    /// <inheritdoc/>
    public override string Source =>
        "Hutchinson: A stochastic estimator of the trace, 1990; Meyer, Musco, Musco, Woodruff: Hutch++, 2021, algorithm 1; Yao and " +
        "others: PyHessian, 2020";

    /// <inheritdoc/>
    public override string Unit => "loss per square of the weight";

    /// <inheritdoc/>
    protected override CurvatureMatrix Of => Matrix;

    /// <inheritdoc/>
    protected override double ProductsExpected => Vectors;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        CurvatureOperator matrix = Operator(moment);
        TraceEstimate estimate = Estimator == TraceEstimator.Hutchinson
            ? TraceEstimate.Hutchinson(vector => matrix.Multiply(vector), vector => RandomSigns(moment, vector), (Vectors, matrix.Vectors))
            : TraceEstimate.HutchPlusPlus(vector => matrix.Multiply(vector), vector => RandomSigns(moment, vector), (Vectors, matrix.Vectors));
        moment.Read(new InstrumentReading(Name, "trace", estimate.Value) { Unit = Unit, Error = estimate.Error, Note = OnSamples(moment) });
        moment.Read(new InstrumentReading(Name, "mean_eigenvalue", estimate.Value / moment.Run.Parameters)
        {
            Unit = Unit,
            Error = estimate.Error / moment.Run.Parameters,
        });
    }
}

/// <summary>An estimate of a trace.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Error">Its standard error.</param>
internal readonly record struct TraceEstimate(double Value, double Error)
{
    public static TraceEstimate Hutchinson(
        Func<double[], double[]> multiply, Func<int, double[]> random, (int Count, VectorPool Pool) vectors) =>
        OfForms([.. Enumerable.Range(0, vectors.Count).Select(i => Form(multiply, random(i), vectors.Pool))]);

    public static TraceEstimate HutchPlusPlus(
        Func<double[], double[]> multiply, Func<int, double[]> random, (int Count, VectorPool Pool) pooled)
    {
        (int vectors, VectorPool pool) = pooled;
        int third = vectors / 3;
        List<double[]> basis = [];
        double exact = 0;
        for (int i = 0; i < third; i++)
        {
            double[] column = multiply(random(i));
            double before = FlatMath.Dot(column, column);
            TakeOut(column, basis);
            double norm = Math.Sqrt(FlatMath.Dot(column, column));
            if (norm <= 1e-10 * Math.Sqrt(before) || norm == 0)
                continue;

            for (int j = 0; j < column.Length; j++)
                column[j] /= norm;
            basis.Add(column);
            exact += FlatMath.Dot(column, multiply(column));
        }

        TraceEstimate rest = OfForms([.. Enumerable.Range(third, Math.Max(1, vectors - (2 * third))).Select(i =>
        {
            double[] v = random(i);
            TakeOut(v, basis);
            return Form(multiply, v, pool);
        })]);
        return new(exact + rest.Value, rest.Error);
    }

    /// <summary>v'A v; both vectors go back.</summary>
    private static double Form(Func<double[], double[]> multiply, double[] v, VectorPool pool)
    {
        double[] product = multiply(v);
        double form = FlatMath.Dot(v, product);
        pool.Return(v);
        pool.Return(product);
        return form;
    }

    private static void TakeOut(double[] vector, List<double[]> basis)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] known in basis)
                FlatMath.AddScaled(vector, -FlatMath.Dot(vector, known), known);
        }
    }

    private static TraceEstimate OfForms(double[] forms)
    {
        double mean = forms.Average();
        double variance = forms.Length > 1 ? forms.Sum(form => (form - mean) * (form - mean)) / (forms.Length - 1) : double.NaN;
        return new(mean, Math.Sqrt(variance / forms.Length));
    }
}
