using Thalweg.Minimizers;

namespace Thalweg.Tests.Minimizers.Problems;

/// <summary>f = (x - 1)' Q (x - 1) / 2 with eigenvalues from 1 to the condition, evenly spread, on a logarithmic scale if so said, and
/// rotated; start at 0.</summary>
internal sealed class QuadraticBowl
{
    private readonly double[] _eigenvalues;
    private readonly double[][] _mirrors;

    public QuadraticBowl(int variables, double condition, bool isLogarithmic)
    {
        RandomStream stream = new((ulong)variables, RandomPurpose.User);
        _eigenvalues = [.. Enumerable.Range(0, variables).Select(i => i / (double)Math.Max(1, variables - 1))
            .Select(share => isLogarithmic ? Math.Pow(condition, share) : 1 + (share * (condition - 1)))];
        _mirrors = new double[3][];
        for (int k = 0; k < _mirrors.Length; k++)
        {
            _mirrors[k] = new double[variables];
            for (int i = 0; i < variables; i++)
                _mirrors[k][i] = stream.NextNormal();
        }
    }

    public ObjectiveFunction Function => ObjectiveFunction.Of(Evaluate, (_, vector, product) => Multiply(vector, product));

    private double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double[] way = point.ToArray();
        for (int i = 0; i < way.Length; i++)
            way[i] -= 1;
        Multiply(way, gradient);
        double value = 0;
        for (int i = 0; i < way.Length; i++)
            value += way[i] * gradient[i] / 2;
        return value;
    }

    /// <summary>Q v = M3 M2 M1 L M1 M2 M3 v with mirrors M = I - 2 u u' / u'u.</summary>
    private void Multiply(ReadOnlySpan<double> vector, Span<double> product)
    {
        vector.CopyTo(product);
        for (int k = _mirrors.Length - 1; k >= 0; k--)
            Mirror(_mirrors[k], product);
        for (int i = 0; i < product.Length; i++)
            product[i] *= _eigenvalues[i];
        foreach (double[] mirror in _mirrors)
            Mirror(mirror, product);
    }

    private static void Mirror(double[] u, Span<double> v)
    {
        double along = 0, square = 0;
        for (int i = 0; i < u.Length; i++)
        {
            along += u[i] * v[i];
            square += u[i] * u[i];
        }

        for (int i = 0; i < u.Length; i++)
            v[i] -= 2 * along / square * u[i];
    }

    /// <summary>Conjugate gradients with the exact length and no restart.</summary>
    public static NonlinearCg ConjugateGradients { get; } = new()
    {
        Search = LineSearch.Newton,
        RestartEvery = int.MaxValue,
        RestartShare = 1e300,
        MaximumIterations = 100_000,
    };

    /// <summary>Iterations of a minimizer from 0 to a gradient of 1e-8.</summary>
    public static MinimizerResult Run(Minimizer minimizer, int variables, double condition, bool isLogarithmic = false) =>
        minimizer.Minimize(new QuadraticBowl(variables, condition, isLogarithmic).Function, new double[variables]);
}
