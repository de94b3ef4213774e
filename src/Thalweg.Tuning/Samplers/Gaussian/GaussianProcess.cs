namespace Thalweg.Tuning;

/// <summary>A Gaussian process with a Matern 5/2 kernel, one length for each input, and warped inputs.</summary>
/// <remarks>
/// k(x, y) = s (1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r) with r^2 the sum of ((x - y) / l)^2 over inputs that have an order, and of [x != y] / l^2 over
/// those that have none (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, equations 4.17 and 2.23 to 2.24; the
/// categorical part is that of a one-hot code).
/// </remarks>
internal sealed class GaussianProcess
{
    private static readonly double s_root5 = Math.Sqrt(5);

    private readonly KernelParameters _parameters;
    private readonly double[][] _inputs;
    private readonly double[] _weights, _a, _b, _alpha;
    private readonly double[][] _warped, _inverse;
    private readonly double _scale;

    private GaussianProcess(KernelParameters parameters, double[] vector, double[][] inputs, double[] outputs)
    {
        (_parameters, _inputs) = (parameters, inputs);
        _weights = [.. vector.Take(parameters.Inputs).Select(Math.Exp)];
        _scale = Math.Exp(vector[parameters.Scale]);
        NoiseVariance = Math.Exp(vector[parameters.Noise]);
        _a = Exponents(parameters, vector, 0);
        _b = Exponents(parameters, vector, 1);
        _warped = [.. inputs.Select(Warped)];
        PositiveMatrix? factor = null;
        for (double added = NoiseVariance; factor is null; added = Math.Max(10 * added, 1e-9))
            factor = PositiveMatrix.Factor(Covariance(added));
        _inverse = PositiveMatrix.Square(factor.Inverse());
        _alpha = [.. _inverse.Select(row => PositiveMatrix.Dot(row, outputs))];
    }

    /// <summary>Variance of the noise of an output.</summary>
    public double NoiseVariance { get; }

    /// <summary>1 / l^2 of each input.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Makes the process of given numbers.</summary>
    public static GaussianProcess Of(KernelParameters parameters, double[] vector, double[][] inputs, double[] outputs) =>
        new(parameters, vector, inputs, outputs);

    /// <summary>Negative log of likelihood times prior, without constants, and its gradient.</summary>
    /// <param name="parameters">What the vector means.</param>
    /// <param name="data">Inputs and outputs.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="gradient">Where the gradient goes.</param>
    public static double Loss(
        KernelParameters parameters, (double[][] Inputs, double[] Outputs) data, ReadOnlySpan<double> vector, Span<double> gradient)
    {
        gradient.Clear();
        double penalty = parameters.Penalty(vector, gradient);
        return penalty + new GaussianLikelihood(parameters, data.Inputs, vector.ToArray()).NegativeLog(data.Outputs, gradient);
    }

    /// <summary>Mean and variance of the function at a point, and their gradients.</summary>
    /// <param name="point">The point.</param>
    /// <param name="meanGradient">Where the gradient of the mean goes; empty for none.</param>
    /// <param name="varianceGradient">Where the gradient of the variance goes; empty for none.</param>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> point, Span<double> meanGradient, Span<double> varianceGradient)
    {
        int size = _inputs.Length;
        double[] warped = Warped(point.ToArray()), kernel = new double[size], solved = new double[size], slope = new double[size];
        for (int i = 0; i < size; i++)
        {
            double distance = Distance(warped, _warped[i]), r = s_root5 * Math.Sqrt(distance), decay = _scale * Math.Exp(-r);
            kernel[i] = decay * (1 + r + (5.0 / 3 * distance));
            slope[i] = decay * (-5.0 / 6) * (1 + r);
        }

        for (int i = 0; i < size; i++)
            solved[i] = PositiveMatrix.Dot(_inverse[i], kernel);
        double mean = PositiveMatrix.Dot(kernel, _alpha), variance = Math.Max(_scale - PositiveMatrix.Dot(kernel, solved), 1e-12 * _scale);
        for (int d = 0; d < meanGradient.Length; d++)
        {
            (meanGradient[d], varianceGradient[d]) = (0, 0);
            if (_parameters.IsCategorical[d])
                continue;
            double byInput = _parameters.IsWarped(d) ? InputWarp.Evaluate(point[d], _a[d], _b[d]).ByInput : 1;
            double ofMean = 0, ofVariance = 0;
            for (int i = 0; i < size; i++)
            {
                double change = slope[i] * 2 * _weights[d] * (warped[d] - _warped[i][d]);
                ofMean += change * _alpha[i];
                ofVariance -= 2 * change * solved[i];
            }

            (meanGradient[d], varianceGradient[d]) = (ofMean * byInput, ofVariance * byInput);
        }

        return (mean, variance);
    }

    private double[][] Covariance(double noise)
    {
        double[][] rows = new double[_inputs.Length][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[i + 1];
            for (int j = 0; j < i; j++)
            {
                double distance = Distance(_warped[i], _warped[j]), r = s_root5 * Math.Sqrt(distance);
                rows[i][j] = _scale * Math.Exp(-r) * (1 + r + (5.0 / 3 * distance));
            }

            rows[i][i] = _scale + noise;
        }

        return rows;
    }

    private double Distance(double[] left, double[] right)
    {
        double sum = 0;
        for (int d = 0; d < left.Length; d++)
        {
            double difference = left[d] - right[d];
            sum += _weights[d] * (_parameters.IsCategorical[d] ? difference == 0 ? 0 : 1 : difference * difference);
        }

        return sum;
    }

    private double[] Warped(double[] point)
    {
        double[] warped = [.. point];
        for (int d = 0; d < warped.Length; d++)
        {
            if (_parameters.IsWarped(d))
                warped[d] = InputWarp.Evaluate(point[d], _a[d], _b[d]).Value;
        }

        return warped;
    }

    internal static double[] Exponents(KernelParameters parameters, double[] vector, int which) => parameters.WarpsInputs
        ? [.. Enumerable.Range(0, parameters.Inputs).Select(d => Math.Exp(vector[parameters.Warps + (2 * d) + which]))]
        : new double[parameters.Inputs];
}
