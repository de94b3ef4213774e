namespace Thalweg.Diagnostics;

/// <summary>Which eigenvalues are looked for.</summary>
public enum SpectrumEnd
{
    /// <summary>The largest.</summary>
    Largest,

    /// <summary>The smallest, below 0 where the surface curves down.</summary>
    Smallest,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Largest and smallest eigenvalue of the Hessian or another matrix of curvature.</summary>
public sealed record CurvatureEigenvalues : CurvatureInstrument
{
    /// <summary>Which matrix; default the Hessian.</summary>
    public CurvatureMatrix Matrix { get; init; }

    /// <summary>Which eigenvalues; default both.</summary>
    public SpectrumEnd Which { get; init; } = SpectrumEnd.Both;

    /// <summary>Residual |A v - l v|/|l| at which it ends, above 0; default 0.02.</summary>
    public double Tolerance { get; init => field = AboveZero(value); } = 0.02;

    /// <summary>Products at most, 2 or more; default 40. A residual above the tolerance is then in the note.</summary>
    public int MaxProducts { get; init => field = AtLeast(2, value); } = 40;

    /// <inheritdoc/>
    public override string Definition =>
        "largest, smallest: eigenvalues of the matrix on the samples of the step, or on fixed ones, by Lanczos' iteration with re-orthogonalization, " +
        "from the eigenvectors of " +
        "the last measurement, until |A v - l v| <= tolerance |l|; residual: that share of the worse one; products: as many as it took";

    /// <inheritdoc/>
    public override string Source =>
        "Golub, Van Loan: Matrix computations, 2013, section 10.3; Sagun, Bottou, LeCun: Eigenvalues of the Hessian in deep " +
        "learning, 2016; Yao and others: PyHessian, 2020";

    /// <inheritdoc/>
    public override string Unit => "loss per square of the weight";

    /// <inheritdoc/>
    protected override CurvatureMatrix Of => Matrix;

    /// <inheritdoc/>
    protected override double ProductsExpected => Math.Min(MaxProducts, Which == SpectrumEnd.Both ? 16 : 8);

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        CurvatureOperator matrix = Operator(moment);
        double[] start = StartOf(moment);
        using ExtremeEigenvalues found = ExtremeEigenvalues.Find(
            vector => matrix.Multiply(vector), new(Which, Tolerance, MaxProducts), start, matrix.Vectors);
        matrix.Vectors.Return(start);
        if (Which != SpectrumEnd.Smallest)
        {
            moment.Read("largest", found.Largest, note: Note(moment, found));
            moment.State.KeepVector("largest", found.LargestVector, matrix.Vectors);
        }

        if (Which != SpectrumEnd.Largest)
        {
            moment.Read("smallest", found.Smallest, note: Note(moment, found));
            moment.State.KeepVector("smallest", found.SmallestVector, matrix.Vectors);
        }

        moment.Read("residual", found.Residual);
        moment.Read("products", matrix.Products);
    }

    private double[] StartOf(InstrumentMoment moment)
    {
        Tensor? largest = moment.State.Find("largest"), smallest = moment.State.Find("smallest");
        if ((largest ?? smallest) is not { } known)
            return RandomSigns(moment, 0);

        double[] start = moment.Run.Vectors.Rent();
        FlatMath.Read(known, start);
        for (int i = 0; largest is not null && smallest is not null && i < start.Length; i++)
            start[i] += smallest.AsSpan<double>()[i];

        return start;
    }

    private string? Note(InstrumentMoment moment, ExtremeEigenvalues found) => found.Residual <= Tolerance
        ? OnSamples(moment)
        : $"residual {found.Residual:g2} after {MaxProducts} products; {OnSamples(moment) ?? "raise max_products"}";
}

/// <summary>What is looked for, and when it is good enough.</summary>
/// <param name="Which">Which end of the spectrum.</param>
/// <param name="Tolerance">Residual as a share of the eigenvalue.</param>
/// <param name="MaxProducts">Products at most.</param>
internal readonly record struct EigenvalueSearch(SpectrumEnd Which, double Tolerance, int MaxProducts);

/// <summary>The ends of the spectrum of a symmetric matrix.</summary>
internal sealed class ExtremeEigenvalues : IDisposable
{
    private readonly Lanczos _lanczos;

    private ExtremeEigenvalues(Lanczos lanczos, double residual) => (_lanczos, Residual) = (lanczos, residual);

    public double Largest => _lanczos.Values[^1];

    public double Smallest => _lanczos.Values[0];

    /// <summary>The worse residual, as a share of its eigenvalue.</summary>
    public double Residual { get; }

    public double[] LargestVector => _lanczos.VectorOf(_lanczos.Steps - 1);

    public double[] SmallestVector => _lanczos.VectorOf(0);

    /// <summary>Looks for them.</summary>
    /// <param name="multiply">Multiplies with the matrix.</param>
    /// <param name="search">What is looked for.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="vectors">Takes vectors back when the result is disposed.</param>
    public static ExtremeEigenvalues Find(
        Func<double[], double[]> multiply, EigenvalueSearch search, double[] start, VectorPool? vectors = null)
    {
        Lanczos lanczos = new(multiply, start, vectors);
        double residual = double.PositiveInfinity;
        bool more = true;
        while (more && lanczos.Steps < search.MaxProducts && residual > search.Tolerance)
        {
            more = lanczos.Step();
            if (lanczos.Steps == 0)
                throw new ThalwegException("[eigenvalues] expected a start that is not 0, got one that is; measure at other weights");

            // An eigenvalue near 0 has no share to be judged by: it is judged by the largest.
            double scale = Math.Max(Math.Abs(lanczos.Values[^1]), Math.Abs(lanczos.Values[0])) * 1e-3;
            double largest = lanczos.Residuals[^1] / Math.Max(Math.Abs(lanczos.Values[^1]), scale);
            double smallest = lanczos.Residuals[0] / Math.Max(Math.Abs(lanczos.Values[0]), scale);
            residual = scale == 0 ? 0 : search.Which switch
            {
                SpectrumEnd.Largest => largest,
                SpectrumEnd.Smallest => smallest,
                _ => Math.Max(largest, smallest),
            };
        }

        return new(lanczos, residual);
    }

    /// <inheritdoc/>
    public void Dispose() => _lanczos.Dispose();
}
