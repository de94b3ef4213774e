using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Tuning.Tests.Samplers;

/// <summary>The model beside its definition, and gradients beside differences.</summary>
public sealed class GaussianTests
{
    private static readonly bool[] s_isCategorical = [false, true, false];

    private static readonly KernelParameters s_parameters = new(s_isCategorical, warpsInputs: true);

    private static readonly double[] s_vector = [0.3, -0.5, 1.1, 0.2, Math.Log(0.01), 0.3, -0.2, 0, 0, -0.4, 0.25];

    private static (double[][] Inputs, double[] Outputs) Data(int count)
    {
        RandomStream random = new(3, RandomPurpose.User);
        double[][] inputs = [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextDouble(), (random.NextInt32(3) + 0.5) / 3, random.NextDouble() })];
        return (inputs, [.. inputs.Select(input => Math.Sin(5 * input[0]) + (input[1] > 0.5 ? 1 : 0) - input[2] + (0.05 * random.NextNormal()))]);
    }

    [Fact]
    public void The_posterior_is_that_of_the_definition()
    {
        (double[][] inputs, double[] outputs) = Data(12);
        GaussianProcess process = GaussianProcess.Of(s_parameters, s_vector, inputs, outputs);
        Matrix<double> inverse = (Matrix<double>.Build.Dense(12, 12, (i, j) => Kernel(inputs[i], inputs[j]))
            + (Math.Exp(s_vector[4]) * Matrix<double>.Build.DenseIdentity(12))).Inverse();
        double[] point = [0.42, 0.5, 0.13];
        Vector<double> kernel = Vector<double>.Build.Dense(12, i => Kernel(point, inputs[i])), targets = Vector<double>.Build.Dense(outputs);
        (double mean, double variance) = process.Predict(point, [], []);
        mean.ShouldBe(kernel * inverse * targets, 1e-9);
        variance.ShouldBe(Math.Exp(s_vector[3]) - (kernel * inverse * kernel), 1e-9);
    }

    [Fact]
    public void The_likelihood_is_that_of_the_definition_and_its_gradient_that_of_differences()
    {
        (double[][] Inputs, double[] Outputs) data = Data(10);
        Matrix<double> covariance = Matrix<double>.Build.Dense(10, 10, (i, j) => Kernel(data.Inputs[i], data.Inputs[j]))
            + (Math.Exp(s_vector[4]) * Matrix<double>.Build.DenseIdentity(10));
        Vector<double> targets = Vector<double>.Build.Dense(data.Outputs);
        double expected = (0.5 * Math.Log(covariance.Determinant())) + (0.5 * (targets * covariance.Inverse() * targets));
        double[] gradient = new double[s_vector.Length], unused = new double[s_vector.Length];
        double loss = GaussianProcess.Loss(s_parameters, data, s_vector, gradient);
        loss.ShouldBe(expected + s_parameters.Penalty(s_vector, unused), 1e-9);
        for (int i = 0; i < s_vector.Length; i++)
        {
            double difference = (Loss(i, 1e-5) - Loss(i, -1e-5)) / 2e-5;
            gradient[i].ShouldBe(difference, 1e-5 * (1 + Math.Abs(difference)), $"entry {i}");
        }

        double Loss(int index, double change)
        {
            double[] vector = [.. s_vector];
            vector[index] += change;
            return GaussianProcess.Loss(s_parameters, data, vector, unused);
        }
    }

    [Fact]
    public void The_gradient_of_expected_improvement_is_that_of_differences()
    {
        (double[][] inputs, double[] outputs) = Data(15);
        GaussianModel model = GaussianModel.Fit(inputs, outputs, [], s_isCategorical, new GpSampler());
        double[] point = [0.31, 0.5, 0.77], gradient = new double[3], moved = [.. point];
        double value = model.LogImprovementAt(point, gradient);
        value.ShouldBe(model.LogImprovementAt(point, []));
        foreach (int d in new[] { 0, 2 })
        {
            moved[d] = point[d] + 1e-6;
            double up = model.LogImprovementAt(moved, []);
            moved[d] = point[d] - 1e-6;
            double difference = (up - model.LogImprovementAt(moved, [])) / 2e-6;
            moved[d] = point[d];
            gradient[d].ShouldBe(difference, 1e-4 * (1 + Math.Abs(difference)));
        }
    }

    // With 1,300 digits by the series of the normal distribution function.
    [Theory]
    [InlineData(3, 1.0987396653277077)]
    [InlineData(0.5, -0.3598276837450638)]
    [InlineData(0, -0.9189385332046728)]
    [InlineData(-0.5, -1.6205162643873199)]
    [InlineData(-0.999, -2.4832171154475855)]
    [InlineData(-1, -2.4851210257126413)]
    [InlineData(-1.001, -2.4870256579553893)]
    [InlineData(-3, -7.869686059603029)]
    [InlineData(-6, -22.578879392169796)]
    [InlineData(-10, -55.55312203612235)]
    [InlineData(-20, -206.9178385094251)]
    [InlineData(-25, -319.86146358149597)]
    public void The_logarithm_of_expected_improvement_has_all_digits(double z, double expected)
    {
        LogImprovement.LogH(z).ShouldBe(expected, 1e-11 * (1 + Math.Abs(expected)));
        double slope = (LogImprovement.LogH(z + 1e-5) - LogImprovement.LogH(z - 1e-5)) / 2e-5;
        LogImprovement.Slope(z, LogImprovement.LogH(z)).ShouldBe(slope, 1e-6 * (1 + slope));
    }

    [Fact]
    public void Far_out_it_does_not_underflow()
    {
        LogImprovement.LogH(-199.999).ShouldBe(LogImprovement.LogH(-200.001) + (0.002 * 200), 1e-3);
        LogImprovement.LogH(-1e8).ShouldBe(-0.5e16, 1e3);
    }

    [Theory]
    [InlineData(OutputWarping.None)]
    [InlineData(OutputWarping.YeoJohnson)]
    [InlineData(OutputWarping.HalfRank)]
    public void Warped_outputs_keep_their_order_and_have_mean_0_and_variance_1(OutputWarping warping)
    {
        double[] losses = [3, 1, 4, 1.5, 9, 2.6, 5, 3.5, 1e6, 2.2], warped = OutputWarp.Apply(losses, warping);
        Enumerable.Range(0, 10).OrderBy(i => warped[i]).ShouldBe(Enumerable.Range(0, 10).OrderBy(i => losses[i]));
        warped.Average().ShouldBe(0, 1e-9);
        warped.Average(value => value * value).ShouldBe(1, 1e-9);
        OutputWarp.Apply([2, 2, 2], warping).ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void Input_warps_have_the_slopes_of_differences()
    {
        foreach (double unit in new[] { 0.01, 0.3, 0.99 })
        {
            (double value, double byInput, double byLogA, double byLogB) = InputWarp.Evaluate(unit, 1.7, 0.6);
            value.ShouldBe(1 - Math.Pow(1 - Math.Pow(unit, 1.7), 0.6), 1e-12);
            byInput.ShouldBe((InputWarp.Evaluate(unit + 1e-7, 1.7, 0.6).Value - InputWarp.Evaluate(unit - 1e-7, 1.7, 0.6).Value) / 2e-7, 1e-5);
            byLogA.ShouldBe((InputWarp.Evaluate(unit, 1.7 * Math.Exp(1e-6), 0.6).Value - value) / 1e-6, 1e-5);
            byLogB.ShouldBe((InputWarp.Evaluate(unit, 1.7, 0.6 * Math.Exp(1e-6)).Value - value) / 1e-6, 1e-5);
        }
    }

    [Fact]
    public void Trust_regions_grow_with_success_and_shrink_with_failure()
    {
        TrustRegion.Side([], 4).ShouldBe(0.8);
        TrustRegion.Side([5, 4, 3], 4).ShouldBe(1.6);
        TrustRegion.Side([5, 6, 6, 6, 6], 4).ShouldBe(0.4);
        TrustRegion.Side([5, .. Enumerable.Repeat(6.0, 28)], 4).ShouldBe(0.8);
    }

    /// <summary>The kernel written out.</summary>
    private static double Kernel(double[] left, double[] right)
    {
        double square = 0;
        for (int d = 0; d < 3; d++)
        {
            double a = Math.Exp(s_vector[5 + (2 * d)]), b = Math.Exp(s_vector[6 + (2 * d)]);
            double Warp(double u) => 1 - Math.Pow(1 - Math.Pow(u, a), b);
            double difference = s_isCategorical[d] ? left[d] == right[d] ? 0 : 1 : Warp(left[d]) - Warp(right[d]);
            square += Math.Exp(s_vector[d]) * difference * difference;
        }

        double r = Math.Sqrt(5 * square);
        return Math.Exp(s_vector[3]) * (1 + r + (r * r / 3)) * Math.Exp(-r);
    }
}
