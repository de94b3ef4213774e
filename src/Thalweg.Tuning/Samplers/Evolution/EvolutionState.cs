using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Thalweg.Tuning;

/// <summary>Mean, step size and covariance of an evolution strategy over the unit cube.</summary>
/// <remarks>Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772v2, 2023: figure 6 with the numbers of table 1; weights of the worse half are 0.</remarks>
internal sealed class EvolutionState
{
    private const int MostResampled = 100;

    private readonly double[] _weights, _pathOfSteps, _pathOfCovariance;
    private readonly double _effective, _rateOfSteps, _damping, _rateOfPath, _rankOne, _rankMany, _expectedNorm;
    private readonly Matrix<double> _covariance;
    private Matrix<double> _vectors;
    private double[] _roots;
    private int _generation;

    /// <param name="mean">The mean, in the unit cube.</param>
    /// <param name="step">The step size, dimensionless, above 0.</param>
    public EvolutionState(double[] mean, double step)
    {
        int d = mean.Length;
        (Mean, Step, Dilation) = ((double[])mean.Clone(), step, [.. Enumerable.Repeat(1.0, d)]);
        Population = PopulationOf(d);
        double[] raw = [.. Enumerable.Range(1, Population / 2).Select(i => Math.Log((Population + 1) / 2.0) - Math.Log(i))];
        _weights = [.. raw.Select(weight => weight / raw.Sum())];
        _effective = 1 / _weights.Sum(weight => weight * weight);
        _rateOfSteps = (_effective + 2) / (d + _effective + 5);
        _damping = 1 + (2 * Math.Max(0, Math.Sqrt((_effective - 1) / (d + 1)) - 1)) + _rateOfSteps;
        _rateOfPath = (4 + (_effective / d)) / (d + 4 + (2 * _effective / d));
        _rankOne = 2 / (Math.Pow(d + 1.3, 2) + _effective);
        _rankMany = Math.Min(1 - _rankOne, 2 * (0.25 + _effective + (1 / _effective) - 2) / (Math.Pow(d + 2, 2) + _effective));
        _expectedNorm = Math.Sqrt(d) * (1 - (1 / (4.0 * d)) + (1 / (21.0 * d * d)));
        (_pathOfSteps, _pathOfCovariance) = (new double[d], new double[d]);
        _covariance = Matrix<double>.Build.DenseIdentity(d);
        _vectors = Matrix<double>.Build.DenseIdentity(d);
        _roots = [.. Enumerable.Repeat(1.0, d)];
    }

    /// <summary>Points of a generation.</summary>
    public int Population { get; }

    /// <summary>The mean.</summary>
    public double[] Mean { get; }

    /// <summary>The step size.</summary>
    public double Step { get; private set; }

    /// <summary>What the margin stretches each coordinate by.</summary>
    public double[] Dilation { get; }

    /// <summary>Points of a generation for a number of coordinates: 4 + 3 ln d (tutorial, equation 48).</summary>
    public static int PopulationOf(int dimensions) => 4 + (int)Math.Floor(3 * Math.Log(dimensions));

    /// <summary>The standard deviation of a coordinate.</summary>
    public double DeviationOf(int d) => Step * Dilation[d] * Math.Sqrt(_covariance[d, d]);

    /// <summary>Draws a point within the cube.</summary>
    public double[] Draw(ref RandomStream random)
    {
        double[] point = new double[Mean.Length];
        for (int attempt = 0; attempt < MostResampled; attempt++)
        {
            double[] normal = new double[point.Length];
            for (int i = 0; i < normal.Length; i++)
                normal[i] = _roots[i] * random.NextNormal();
            bool isWithin = true;
            for (int d = 0; d < point.Length; d++)
            {
                double sum = 0;
                for (int i = 0; i < normal.Length; i++)
                    sum += _vectors[d, i] * normal[i];
                point[d] = Mean[d] + (Step * Dilation[d] * sum);
                isWithin &= point[d] is >= 0 and <= 1;
            }

            if (isWithin)
                return point;
        }

        return [.. point.Select(coordinate => Math.Clamp(coordinate, 0, 1))];
    }

    /// <summary>Moves by the points of a generation.</summary>
    /// <param name="ranked">The points, best first.</param>
    public void Update(double[][] ranked)
    {
        int size = Mean.Length;
        double[][] steps = [.. ranked.Take(_weights.Length).Select(point =>
            point.Select((coordinate, d) => (coordinate - Mean[d]) / (Step * Dilation[d])).ToArray())];
        double[] way = [.. Enumerable.Range(0, size).Select(d => _weights.Zip(steps).Sum(pair => pair.First * pair.Second[d]))];
        for (int d = 0; d < size; d++)
            Mean[d] += Step * Dilation[d] * way[d];
        _generation++;
        double norm = UpdatePaths(way);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double many = 0;
                for (int k = 0; k < steps.Length; k++)
                    many += _weights[k] * steps[k][i] * steps[k][j];
                double entry = ((1 - _rankOne - _rankMany) * _covariance[i, j])
                    + (_rankOne * _pathOfCovariance[i] * _pathOfCovariance[j]) + (_rankMany * many);
                _covariance[i, j] = _covariance[j, i] = entry;
            }
        }

        Step = Math.Clamp(Step * Math.Exp(_rateOfSteps / _damping * ((norm / _expectedNorm) - 1)), 1e-8, 1);
        Evd<double> parts = _covariance.Evd(Symmetricity.Symmetric);
        _vectors = parts.EigenVectors;
        _roots = [.. parts.EigenValues.Select(value => Math.Sqrt(Math.Max(value.Real, 1e-20)))];
    }

    /// <summary>Both paths; the norm of that for the step size.</summary>
    private double UpdatePaths(double[] way)
    {
        int size = Mean.Length;
        double[] rotated = new double[size], whitened = new double[size];
        for (int i = 0; i < size; i++)
        {
            for (int d = 0; d < size; d++)
                rotated[i] += _vectors[d, i] * way[d] / _roots[i];
        }

        for (int d = 0; d < size; d++)
        {
            for (int i = 0; i < size; i++)
                whitened[d] += _vectors[d, i] * rotated[i];
        }

        double forSteps = Math.Sqrt(_rateOfSteps * (2 - _rateOfSteps) * _effective), forPath = Math.Sqrt(_rateOfPath * (2 - _rateOfPath) * _effective), square = 0;
        for (int d = 0; d < size; d++)
        {
            _pathOfSteps[d] = ((1 - _rateOfSteps) * _pathOfSteps[d]) + (forSteps * whitened[d]);
            square += _pathOfSteps[d] * _pathOfSteps[d];
        }

        // The path stalls while steps are long, so that a first large step does not stretch the covariance.
        double norm = Math.Sqrt(square), usual = norm / Math.Sqrt(1 - Math.Pow(1 - _rateOfSteps, 2 * _generation));
        bool isShort = usual < (1.4 + (2.0 / (size + 1))) * _expectedNorm;
        for (int d = 0; d < size; d++)
            _pathOfCovariance[d] = ((1 - _rateOfPath) * _pathOfCovariance[d]) + (isShort ? forPath * way[d] : 0);
        return norm;
    }
}
