using Thalweg.Optimizers;

namespace Thalweg.Tests.Minimizers.Problems;

/// <summary>A noisy quadratic bowl of 100 dimensions, 10 of them steep, as DeepOBS has it.</summary>
/// <remarks>
/// Source: Schneider, Balles, Hennig, "DeepOBS: a deep learning optimizer benchmark suite", ICLR 2019, problem quadratic_deep: loss (w
/// - x)' Q (w - x) / 2, Q with 90 eigenvalues in (0, 1) and 10 in (30, 60) under a random rotation, samples x from N(0, 0.36 I), 1000
/// for training, batches of 128 (a smaller last one dropped), 100 epochs, start at ones. The rotation and the samples are this
/// project's own draws.
/// </remarks>
internal sealed class QuadraticDeep
{
    public const int Dimensions = 100, Samples = 1000, BatchSize = 128, Epochs = 100;
    private const int Flat = 90;
    private const double Noise = 0.6;
    private const ulong Seed = 42;
    private readonly double[,] _q;
    private readonly double[][] _training;
    private readonly SampleSet _validation, _test;

    public QuadraticDeep()
    {
        RandomStream stream = new(Seed, RandomPurpose.User);
        double[] eigenvalues = [.. Enumerable.Range(0, Dimensions).Select(i => i < Flat ? stream.NextDouble() : stream.NextDouble(30, 60))];
        _q = Rotate(eigenvalues, ref stream);
        _training = Draw(ref stream);
        (_validation, _test) = (Describe(Draw(ref stream)), Describe(Draw(ref stream)));
        Floor = Noise * Noise * eigenvalues.Sum() / 2;
    }

    /// <summary>Least expected loss, sigma^2 tr Q / 2, taken at w = 0.</summary>
    public double Floor { get; }

    /// <summary>Least mean loss on the test samples, at their mean.</summary>
    public double TestFloor => _test.Floor;

    /// <summary>Trains from ones; the curves and the end.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="seed">Names the order of the samples.</param>
    public Outcome Train(NamedOptimizer optimizer, ulong seed = 1)
    {
        OptimizerRun run = new(optimizer.Chain, ParameterSegments.Single(Dimensions), DType.Float64);
        double[] w = [.. Enumerable.Repeat(1.0, Dimensions)];
        int[] order = [.. Enumerable.Range(0, Samples)];
        List<double> curve = [Loss(w, _test)];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            RandomStream stream = new(seed, RandomPurpose.Shuffle, (ulong)epoch);
            stream.Shuffle(order.AsSpan());
            for (int start = 0; start + BatchSize <= Samples; start += BatchSize)
                run.Step<double>(w, Gradient(w, Mean([.. order.AsSpan(start, BatchSize).ToArray().Select(i => _training[i])])));
            curve.Add(Loss(w, _test));
        }

        return new(Loss(w, _validation), Expected(w), [.. curve]);
    }

    /// <summary>Loss expected on a new sample.</summary>
    private double Expected(double[] w) => Floor + (Quadratic(w) / 2);

    /// <summary>Mean loss on samples: that at their mean, and that of the way from there.</summary>
    private double Loss(double[] w, SampleSet samples) => samples.Floor + (Quadratic(Less(w, samples.Mean)) / 2);

    private SampleSet Describe(double[][] samples)
    {
        double[] mean = Mean(samples);
        return new(mean, samples.Average(x => Quadratic(Less(x, mean))) / 2);
    }

    private static double[] Less(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private double Quadratic(double[] v) => v.Zip(Gradient(v, new double[Dimensions]), (a, b) => a * b).Sum();

    private double[] Gradient(double[] w, double[] center)
    {
        double[] gradient = new double[Dimensions];
        for (int i = 0; i < Dimensions; i++)
        {
            for (int j = 0; j < Dimensions; j++)
                gradient[i] += _q[i, j] * (w[j] - center[j]);
        }

        return gradient;
    }

    private static double[] Mean(double[][] samples) => [.. Enumerable.Range(0, Dimensions).Select(i => samples.Average(x => x[i]))];

    private static double[][] Draw(ref RandomStream stream)
    {
        double[][] samples = new double[Samples][];
        for (int i = 0; i < Samples; i++)
        {
            samples[i] = new double[Dimensions];
            for (int k = 0; k < Dimensions; k++)
                samples[i][k] = Noise * stream.NextNormal();
        }

        return samples;
    }

    /// <summary>R diag(l) R' with the rows of R from Gram and Schmidt's process on normal draws.</summary>
    private static double[,] Rotate(double[] eigenvalues, ref RandomStream stream)
    {
        double[][] basis = new double[Dimensions][];
        double[,] q = new double[Dimensions, Dimensions];
        for (int k = 0; k < Dimensions; k++)
        {
            double[] v = new double[Dimensions];
            for (int i = 0; i < Dimensions; i++)
                v[i] = stream.NextNormal();
            foreach (double[] other in basis.Take(k).Concat(basis.Take(k)))
            {
                double along = v.Zip(other, (a, b) => a * b).Sum();
                v = [.. v.Zip(other, (a, b) => a - (along * b))];
            }

            double length = Math.Sqrt(v.Sum(a => a * a));
            basis[k] = [.. v.Select(a => a / length)];
            for (int i = 0; i < Dimensions; i++)
            {
                for (int j = 0; j < Dimensions; j++)
                    q[i, j] += eigenvalues[k] * basis[k][i] * basis[k][j];
            }
        }

        return q;
    }

    private sealed record SampleSet(double[] Mean, double Floor);

    /// <summary>How a training ended.</summary>
    /// <param name="Validation">Mean loss on the validation samples.</param>
    /// <param name="Expected">Loss expected on a new sample.</param>
    /// <param name="TestCurve">Mean loss on the test samples at the start and after each epoch.</param>
    public sealed record Outcome(double Validation, double Expected, double[] TestCurve);
}
