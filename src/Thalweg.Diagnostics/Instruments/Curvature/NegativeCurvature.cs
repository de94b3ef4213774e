using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Diagnostics;

/// <summary>Whether the surface curves down somewhere: the direction in which it does most, and how many there are.</summary>
public sealed record NegativeCurvature : CurvatureInstrument
{
    /// <summary>Up to so many parameters the Hessian is made as a whole and the index counted; of larger networks it is estimated. 0 or
    /// more; default 600.</summary>
    public int DenseUpTo { get; init => field = AtLeast(0, value); } = 600;

    /// <summary>Products at most for the direction, 2 or more; default 40.</summary>
    public int MaxProducts { get; init => field = AtLeast(2, value); } = 40;

    /// <inheritdoc/>
    public override string Definition =>
        "smallest: smallest eigenvalue of the Hessian; gradient_cosine = |cos| between its eigenvector and the gradient; index: " +
        "share of eigenvalues below " +
        "-1e-6 of the largest in size, counted up to dense_up_to parameters, else the weight of negative eigenvalues in Lanczos' " +
        "quadrature from random signs";

    /// <inheritdoc/>
    public override string Source =>
        "Dauphin and others: Identifying and attacking the saddle point problem, NeurIPS 2014, section 3 (index); Ghorbani and " +
        "others, 2019";

    /// <inheritdoc/>
    public override string Unit => "loss per square of the weight (cosine and index: dimensionless)";

    /// <inheritdoc/>
    protected override double ProductsExpected => MaxProducts;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Parameters <= DenseUpTo ? run.Parameters / ProductsExpected * base.Work(run) : base.Work(run);
    }

    /// <inheritdoc/>
    public override void MeasureGradient(InstrumentMoment moment)
    {
        CurvatureOperator matrix = Operator(moment);
        (double smallest, double[] direction, double index, string? note) =
            moment.Run.Parameters <= DenseUpTo ? Dense(moment, matrix) : Estimated(moment, matrix);
        moment.Read("smallest", smallest, note: OnSamples(moment));
        double[] gradient = CurvatureOperator.ToDoubles(moment.Parameters.Gradients);
        double norm = Math.Sqrt(FlatMath.Dot(gradient, gradient));
        if (norm > 0)
            moment.Read("gradient_cosine", Math.Abs(FlatMath.Dot(gradient, direction)) / norm);

        moment.Read("index", index, note: note);
    }

    private static (double Smallest, double[] Direction, double Index, string? Note) Dense(InstrumentMoment moment,
        CurvatureOperator matrix)
    {
        int[] places = [.. moment.Parameters.Segments.Items.SelectMany(segment => Enumerable.Range(segment.Offset, segment.Size))];
        Matrix<double> hessian = DenseOf(matrix, places);
        var eigen = hessian.Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(value => value.Real)], direction = new double[matrix.Length];
        for (int i = 0; i < places.Length; i++)
            direction[places[i]] = eigen.EigenVectors[i, 0];

        return (values[0], direction, Index(values), null);
    }

    /// <summary>The matrix as a whole, symmetric to the bit.</summary>
    internal static Matrix<double> DenseOf(CurvatureOperator matrix, int[] places)
    {
        Matrix<double> dense = Matrix<double>.Build.Dense(places.Length, places.Length);
        double[] unit = new double[matrix.Length];
        for (int column = 0; column < places.Length; column++)
        {
            unit[places[column]] = 1;
            double[] product = matrix.Multiply(unit);
            unit[places[column]] = 0;
            for (int row = 0; row < places.Length; row++)
                dense[row, column] = product[places[row]];

            matrix.Vectors.Return(product);
        }

        return (dense + dense.Transpose()) / 2;
    }

    private (double Smallest, double[] Direction, double Index, string? Note) Estimated(InstrumentMoment moment, CurvatureOperator matrix)
    {
        using Lanczos lanczos = new(vector => matrix.Multiply(vector), RandomSigns(moment, 0), matrix.Vectors);
        while (lanczos.Steps < MaxProducts && lanczos.Step())
        {
        }

        double least = -1e-6 * lanczos.Values.Max(Math.Abs), index = 0;
        for (int i = 0; i < lanczos.Values.Length; i++)
            index += lanczos.Values[i] < least ? lanczos.Weights[i] : 0;

        return (lanczos.Values[0], lanczos.VectorOf(0), index, $"estimated from {lanczos.Steps} products");
    }

    private static double Index(double[] values)
    {
        double least = -1e-6 * values.Max(Math.Abs);
        return (double)values.Count(value => value < least) / values.Length;
    }
}
