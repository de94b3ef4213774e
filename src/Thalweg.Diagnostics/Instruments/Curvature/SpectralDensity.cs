namespace Thalweg.Diagnostics;

/// <summary>How the eigenvalues of a matrix of curvature lie: their density.</summary>
public sealed record SpectralDensity : CurvatureInstrument
{
    /// <summary>Which matrix; default the Hessian.</summary>
    public CurvatureMatrix Matrix { get; init; }

    /// <summary>Random start vectors, 1 or more; default 2.</summary>
    public int Vectors { get; init => field = AtLeast(1, value); } = 2;

    /// <summary>Steps of Lanczos' iteration from each, 2 or more; default 20.</summary>
    public int Steps { get; init => field = AtLeast(2, value); } = 20;

    /// <summary>Points of the density, 2 or more; default 64.</summary>
    public int Points { get; init => field = AtLeast(2, value); } = 64;

    /// <inheritdoc/>
    public override string Definition =>
        "stochastic Lanczos quadrature: density(x) = mean over random signs v of sum w_i N(x; l_i, s^2), l_i the eigenvalues of " +
        "Lanczos' tridiagonal matrix " +
        "from v, w_i the squares of the first elements of its eigenvectors, s = 1/100 of the range; the value is the share below 0, " +
        "the series low, high, " +
        "then the density at evenly spaced points; mean: that of the density, with its standard error";

    /// <inheritdoc/>
    public override string Source =>
        "Ghorbani, Krishnan, Xiao: An investigation into neural net optimization via Hessian eigenvalue density, ICML 2019, " +
        "algorithm 1; Golub, Welsch, 1969";

    /// <inheritdoc/>
    public override string Unit => "dimensionless (mean: loss per square of the weight)";

    /// <inheritdoc/>
    protected override CurvatureMatrix Of => Matrix;

    /// <inheritdoc/>
    protected override double ProductsExpected => (double)Vectors * Steps;

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        CurvatureOperator matrix = Operator(moment);
        double[][] values = new double[Vectors][], weights = new double[Vectors][];
        for (int i = 0; i < Vectors; i++)
        {
            using Lanczos lanczos = new(vector => matrix.Multiply(vector), RandomSigns(moment, i), matrix.Vectors);
            while (lanczos.Steps < Steps && lanczos.Step())
            {
            }

            (values[i], weights[i]) = (lanczos.Values, lanczos.Weights);
        }

        double[] means = [.. values.Zip(weights, (v, w) => v.Zip(w, (x, y) => x * y).Sum())];
        double mean = means.Average();
        moment.Read(new InstrumentReading(Name, "mean", mean)
        {
            Unit = Unit,
            Error = Vectors > 1 ? Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (Vectors - 1.0) / Vectors) : null,
        });
        double below = values.Zip(weights, (v, w) => v.Zip(w, (x, y) => x < 0 ? y : 0).Sum()).Average();
        moment.Read("density", below, "", Density(values, weights));
    }

    private double[] Density(double[][] values, double[][] weights)
    {
        double low = values.Min(each => each.Min()), high = values.Max(each => each.Max());
        double spread = Math.Max((high - low) / 100, 1e-300);
        double[] series = new double[2 + Points];
        (series[0], series[1]) = (low, high);
        for (int point = 0; point < Points; point++)
        {
            double x = low + ((high - low) * point / (Points - 1)), sum = 0;
            for (int i = 0; i < values.Length; i++)
            {
                for (int j = 0; j < values[i].Length; j++)
                {
                    double far = (x - values[i][j]) / spread;
                    sum += weights[i][j] * Math.Exp(-far * far / 2);
                }
            }

            series[2 + point] = sum / (values.Length * spread * Math.Sqrt(2 * Math.PI));
        }

        return series;
    }
}
