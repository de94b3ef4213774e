using MathNet.Numerics.LinearAlgebra;
using Thalweg.Optimizers;
using Thalweg.Rules;
using Thalweg.Training;

namespace Thalweg.Diagnostics.Tests.Instruments;

/// <summary>Instruments of curvature against a dense matrix.</summary>
public sealed class CurvatureInstrumentTests
{
    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Eigenvalues_trace_density_and_index_equal_those_of_the_dense_Hessian(string network)
    {
        Matrix<double>? hessian = null;
        double[] gradient = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(gradient: moment => (hessian, gradient) =
                (Dense(moment, CurvatureMatrix.Hessian), Compact(moment, moment.Parameters.Gradients))),
            new CurvatureEigenvalues { Tolerance = 1e-9, MaxProducts = 400, When = new EverySteps(1) },
            new CurvatureTrace { Vectors = 600 }, new CurvatureTrace { Vectors = 300, Estimator = TraceEstimator.HutchPlusPlus },
            new NegativeCurvature(), new SpectralDensity { Vectors = 30, Steps = 40 });
        Trainer trainer = Runs.New(network, Runs.Options(1) with { MaxSteps = 1 }, DType.Float64, panel);
        trainer.Fit();
        double[] eigen = [.. hessian!.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];
        Plain.Near(Plain.Of(panel, "curvature_eigenvalues", "largest", 0), eigen[^1]);
        Plain.Near(Plain.Of(panel, "curvature_eigenvalues", "smallest", 0), eigen[0]);
        Plain.Near(Plain.Of(panel, "negative_curvature", "smallest", 0), eigen[0]);
        double least = -1e-6 * eigen.Max(Math.Abs);
        Plain.Near(Plain.Of(panel, "negative_curvature", "index", 0), (double)eigen.Count(value => value < least) / eigen.Length);
        InstrumentReading[] traces = [.. panel.Readings.Where(reading => reading.Quantity == "trace")];
        foreach (InstrumentReading trace in traces)
            trace.Value.ShouldBe(eigen.Sum(), (4 * trace.Error!.Value) + (1e-8 * Math.Abs(eigen.Sum())));

        traces[1].Error!.Value.ShouldBeLessThan(traces[0].Error!.Value);
        InstrumentReading mean = panel.Readings.Single(reading => reading is { Instrument: "spectral_density", Quantity: "mean" });
        mean.Value.ShouldBe(eigen.Average(), 4 * mean.Error!.Value);
        InstrumentReading density = panel.Readings.Single(reading => reading.Quantity == "density");
        density.Value.ShouldBe((double)eigen.Count(value => value < 0) / eigen.Length, 0.3);
        double mass = density.Series!.Skip(2).Sum() * (density.Series![1] - density.Series[0]) / 63;
        mass.ShouldBe(1, 0.35);
    }

    [Fact]
    public void Fixed_samples_give_the_same_matrix_at_each_measurement()
    {
        CurvatureEigenvalues onStep = new()
        {
            Which = SpectrumEnd.Largest,
            Samples = 4,
            Tolerance = 1e-6,
            When = new EverySteps(1),
        };
        double[] Values(CurvatureEigenvalues instrument, string quantity)
        {
            // Weights that stay where they are: what differs are the samples.
            InstrumentPanel panel = Runs.Panel(instrument);
            Runs.New("dense", Runs.Options(2, new Sgd(1e-12)), DType.Float64, panel).Fit();
            return [.. panel.Readings.Where(reading => reading.Quantity == quantity).Select(reading => reading.Value)];
        }

        double[] moving = Values(onStep, "largest"), fixedValues = Values(onStep with { FixedSamples = true }, "largest");
        fixedValues.Length.ShouldBeGreaterThan(2);
        fixedValues.ShouldAllBe(value => Math.Abs(value - fixedValues[0]) < 1e-5 * fixedValues[0]);
        moving.ShouldContain(value => Math.Abs(value - moving[0]) > 1e-3 * moving[0]);
        double[] products = Values(onStep with { FixedSamples = true }, "products");
        products[1].ShouldBeLessThan(products[0]);

        InstrumentPanel refused = Runs.Panel(onStep with { FixedSamples = true, Samples = 0 });
        Runs.New("dense", Runs.Options(1), DType.Float64, refused).Fit();
        refused.Readings.Single(reading => reading.IsOff).Note!.ShouldContain("set samples");
    }

    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void The_Hessian_is_that_of_finite_differences(string network)
    {
        InstrumentPanel panel = Runs.Panel(new Probe(gradient: moment =>
        {
            RandomStream stream = new(7, RandomPurpose.User);
            double[] v = new double[moment.Parameters.Values.Length];
            CurvatureOperator.Signs(moment.Parameters, ref stream, v);
            double[] product = CurvatureOperator.On(moment, CurvatureMatrix.Hessian, 0).Multiply(v);
            Tensor weights = moment.Parameters.Values, kept = weights.Detach().Clone(), plus = Zeros(weights), minus = Zeros(weights);
            TrainingProbe probe = CurvatureOperator.ProbeOf(moment, 0, isFixed: false);
            const double H = 1e-5;
            Tensor direction = Tensor.From(v, [v.Length]);
            weights.Assign(kept.Add(direction.Multiply(H)));
            probe.Gradient(plus);
            weights.Assign(kept.Subtract(direction.Multiply(H)));
            probe.Gradient(minus);
            weights.Assign(kept);
            double[] differences = Plain.Values(plus.Subtract(minus).Divide(2 * H));
            double error = Plain.Norm(differences.Zip(product, (a, b) => a - b));
            error.ShouldBeLessThan(1e-4 * Plain.Norm(product));
        }));
        Runs.New(network, Runs.Options(1) with { MaxSteps = 2 }, DType.Float64, panel).Fit();
        panel.Readings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("convolution")]
    public void Gauss_Newton_and_Fisher_equal_their_definitions(string network)
    {
        double[][] singles = [];
        Dictionary<CurvatureMatrix, Matrix<double>> dense = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(
                pass: (moment, pass) => singles = Singles(pass),
                gradient: moment =>
                {
                    foreach (CurvatureMatrix matrix in Enum.GetValues<CurvatureMatrix>())
                        dense[matrix] = Dense(moment, matrix);
                }));
        Runs.New(network, Runs.Options(1) with { MaxSteps = 1 }, DType.Float64, panel).Fit();
        panel.Readings.ShouldBeEmpty();
        Matrix<double> g = Matrix<double>.Build.DenseOfRowArrays(singles);
        Matrix<double> empirical = g.Transpose() * g / singles.Length;
        (dense[CurvatureMatrix.EmpiricalFisher] - empirical).FrobeniusNorm().ShouldBeLessThan(1e-8 * empirical.FrobeniusNorm());
        dense[CurvatureMatrix.Fisher].ShouldBe(dense[CurvatureMatrix.GaussNewton]);
        dense[CurvatureMatrix.GaussNewton].Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real).ShouldBeGreaterThan(-1e-10);
    }

    [Theory]
    [MemberData(nameof(Runs.Networks), MemberType = typeof(Runs))]
    public void Predicted_and_actual_change_are_those_of_the_quadratic_and_of_the_loss(string network)
    {
        Matrix<double>? hessian = null;
        double[] g = [], d = [];
        double start = 0, end = 0;
        InstrumentPanel panel = Runs.Panel(
            new Probe(
                gradient: moment =>
                {
                    (hessian, g) = (Dense(moment, CurvatureMatrix.Hessian), Compact(moment, moment.Parameters.Gradients));
                    start = CurvatureOperator.ProbeOf(moment, 0, isFixed: false).Objective.Value();
                },
                update: (moment, before) =>
                {
                    d = Compact(moment, moment.Parameters.Values.Detach().Subtract(before));
                    end = CurvatureOperator.ProbeOf(moment, 0, isFixed: false).Objective.Value();
                }),
            new GradientCurvature { When = new EverySteps(1) });
        Runs.New(network, Runs.Options(1, new Sgd(1e-3)) with { MaxSteps = 1 }, DType.Float64, panel).Fit();
        Vector<double> gradient = Vector<double>.Build.Dense(g), update = Vector<double>.Build.Dense(d);
        double predicted = (gradient * update) + (update * (hessian! * update) / 2);
        Plain.Near(Plain.Of(panel, "gradient_curvature", "gg", 0), gradient * gradient);
        Plain.Near(Plain.Of(panel, "gradient_curvature", "ghg", 0), gradient * (hessian! * gradient));
        Plain.Near(Plain.Of(panel, "gradient_curvature", "predicted", 0), predicted);
        Plain.Near(Plain.Of(panel, "gradient_curvature", "actual", 0), end - start);
        Plain.Of(panel, "gradient_curvature", "ratio", 0).ShouldBe(1, 0.02);
    }

    [Theory]
    [InlineData("sgd(0.1)", 2 / 0.1)]
    [InlineData("momentum(0.1)", 3.8 / 0.1)]
    [InlineData("nesterov(0.1)", 3.8 / 0.28)]
    [InlineData("adam(0.01)", 38 / 0.01)]
    [InlineData("rmsprop(0.01)", 2 / 0.01)]
    [InlineData("adagrad(0.01)", 2 / 0.01)]
    public void Thresholds_of_stability_are_those_of_the_optimizer(string optimizer, double threshold)
    {
        List<(Matrix<double> Hessian, double[]? Roots)> seen = [];
        InstrumentPanel panel = Runs.Panel(
            new Probe(gradient: moment =>
            {
                OptimizerRun run = moment.Trainer.Optimizer;
                StabilityModel model = StabilityModel.Of(run.Chain, run.Updates, out _)!;
                double[]? roots = run.Updates == 0 ? null : model.InverseRoots(run);
                seen.Add((Dense(moment, CurvatureMatrix.Hessian), roots is null ? null
                    : Compact(moment, Tensor.From(roots, [roots.Length]))));
            }),
            new EdgeOfStability { When = new EverySteps(1), Tolerance = 1e-9, MaxProducts = 400 });
        Runs.New("dense", Runs.Options(1, Settings.Parse<NamedOptimizer>(optimizer)) with { MaxSteps = 3 }, DType.Float64, panel).Fit();
        for (int step = 1; step < 3; step++)
        {
            (Matrix<double> hessian, double[]? roots) = seen[step];
            Matrix<double> scale = Matrix<double>.Build.DenseOfDiagonalArray(roots ?? [.. Enumerable.Repeat(1.0, hessian.RowCount)]);
            Matrix<double> scaled = scale * hessian * scale;
            double largest = scaled.Evd(Symmetricity.Symmetric).EigenValues.Max(value => value.Real);
            Plain.Near(Plain.Of(panel, "edge_of_stability", "sharpness", step), largest);
            Plain.Near(Plain.Of(panel, "edge_of_stability", "threshold", step), threshold);
            Plain.Near(Plain.Of(panel, "edge_of_stability", "ratio", step), largest / threshold);
        }
    }

    [Theory]
    [InlineData(0.9, false, false)]
    [InlineData(0.9, true, false)]
    [InlineData(0.5, true, false)]
    [InlineData(0.9, false, true)]
    public void Above_its_threshold_an_optimizer_diverges_on_a_parabola_and_below_it_does_not(double mu, bool isNesterov, bool isAveraged)
    {
        string form = isAveraged ? "averaged" : "sum", nesterov = isNesterov ? "rearranged" : "none";
        string text = FormattableString.Invariant(
            $"chain(scale_by_momentum(mu={mu}, form={form}, nesterov={nesterov}), scale_by_learning_rate(0.1))");
        Chain chain = ChainText.Parse(text);
        double threshold = StabilityModel.Of(chain, 10, out _)!.ThresholdAt(0.1);
        foreach (double factor in (double[])[0.98, 1.02])
        {
            OptimizerRun run = new(chain, ParameterSegments.Single(1), DType.Float64);
            double[] w = [1], g = [0];
            for (int step = 0; step < 3000 && Math.Abs(w[0]) < 1e100; step++)
            {
                g[0] = factor * threshold * w[0];
                run.Step<double>(w, g);
            }

            (Math.Abs(w[0]) > 1).ShouldBe(factor > 1, $"{text} at {factor}");
        }
    }

    private static Tensor Zeros(Tensor like) => Tensor.Zeros(like.Shape, like.DType);

    private static int[] Places(InstrumentMoment moment) =>
        [.. moment.Parameters.Segments.Items.SelectMany(segment => Enumerable.Range(segment.Offset, segment.Size))];

    private static double[] Compact(InstrumentMoment moment, Tensor vector)
    {
        double[] all = Plain.Values(vector);
        return [.. Places(moment).Select(place => all[place])];
    }

    private static Matrix<double> Dense(InstrumentMoment moment, CurvatureMatrix matrix)
    {
        int[] places = Places(moment);
        CurvatureOperator product = CurvatureOperator.On(moment, matrix, 0);
        double[] unit = new double[product.Length];
        Matrix<double> dense = Matrix<double>.Build.Dense(places.Length, places.Length);
        for (int column = 0; column < places.Length; column++)
        {
            unit[places[column]] = 1;
            double[] values = product.Multiply(unit);
            unit[places[column]] = 0;
            for (int row = 0; row < places.Length; row++)
                dense[row, column] = values[places[row]];
        }

        // Symmetric, up to rounding.
        (dense - dense.Transpose()).FrobeniusNorm().ShouldBeLessThan(1e-10 * (1 + dense.FrobeniusNorm()));
        return (dense + dense.Transpose()) / 2;
    }

    private static double[][] Singles(NetworkPass pass)
    {
        double[][] rows = [.. Enumerable.Range(0, pass.Samples).Select(_ => Array.Empty<double>())];
        foreach (SingleGradient single in pass.Singles.Parameters)
        {
            double[] values = Plain.Values(single.Factor!.Gradients(0, pass.Samples).Multiply(single.Scale));
            for (int i = 0; i < rows.Length; i++)
                rows[i] = [.. rows[i], .. values.AsSpan(i * (int)single.Gradient.Length, (int)single.Gradient.Length)];
        }

        return rows;
    }
}
