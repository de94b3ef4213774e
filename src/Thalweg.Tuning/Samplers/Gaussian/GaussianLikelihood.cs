namespace Thalweg.Tuning;

/// <summary>The likelihood of outputs under a Gaussian process, with its gradient by the logarithms of the kernel's numbers.</summary>
/// <remarks>Rasmussen and Williams, 2006, equations 5.8 and 5.9.</remarks>
internal sealed class GaussianLikelihood
{
    private static readonly double s_root5 = Math.Sqrt(5);

    private readonly KernelParameters _parameters;
    private readonly double[][] _warped, _byLogA, _byLogB, _slopes, _kernel;
    private readonly double[] _weights;
    private readonly double _scale, _noise;

    public GaussianLikelihood(KernelParameters parameters, double[][] inputs, double[] vector)
    {
        _parameters = parameters;
        _weights = [.. vector.Take(parameters.Inputs).Select(Math.Exp)];
        (_scale, _noise) = (Math.Exp(vector[parameters.Scale]), Math.Exp(vector[parameters.Noise]));
        _warped = [.. inputs.Select(input => (double[])input.Clone())];
        _byLogA = [.. inputs.Select(input => new double[input.Length])];
        _byLogB = [.. inputs.Select(input => new double[input.Length])];
        Warp(GaussianProcess.Exponents(parameters, vector, 0), GaussianProcess.Exponents(parameters, vector, 1));
        _slopes = [.. inputs.Select((_, i) => new double[i + 1])];
        _kernel = [.. inputs.Select((_, i) => new double[i + 1])];
        FillKernel();
    }

    /// <summary>Negative log-likelihood without its constant; the gradient is added.</summary>
    public double NegativeLog(double[] outputs, Span<double> gradient)
    {
        double[][] rows = [.. _kernel.Select(row => (double[])row.Clone())];
        for (int i = 0; i < rows.Length; i++)
            rows[i][i] += _noise;
        if (PositiveMatrix.Factor(rows) is not { } factor)
            return double.PositiveInfinity;
        double[][] inverse = PositiveMatrix.Square(factor.Inverse());
        double[] alpha = [.. inverse.Select(row => PositiveMatrix.Dot(row, outputs))];
        AddGradient(inverse, alpha, gradient);
        return factor.HalfLogDeterminant() + (0.5 * PositiveMatrix.Dot(alpha, outputs));
    }

    private void AddGradient(double[][] inverse, double[] alpha, Span<double> gradient)
    {
        double ofScale = 0, ofNoise = 0;
        for (int i = 0; i < alpha.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                // Half of tr((inverse - alpha alpha^T) dK), the pairs below the diagonal counted twice.
                double weight = (i == j ? 0.5 : 1) * (inverse[i][j] - (alpha[i] * alpha[j]));
                ofScale += weight * _kernel[i][j];
                ofNoise += i == j ? weight * _noise : 0;
                if (i != j)
                    AddPair(i, j, weight * _slopes[i][j], gradient);
            }
        }

        gradient[_parameters.Scale] += ofScale;
        gradient[_parameters.Noise] += ofNoise;
    }

    private void AddPair(int i, int j, double weight, Span<double> gradient)
    {
        double[] left = _warped[i], right = _warped[j];
        for (int d = 0; d < left.Length; d++)
        {
            double difference = left[d] - right[d], scaled = weight * _weights[d];
            if (_parameters.IsCategorical[d])
            {
                gradient[d] += difference == 0 ? 0 : scaled;
                continue;
            }

            gradient[d] += scaled * difference * difference;
            if (!_parameters.WarpsInputs)
                continue;
            int warp = _parameters.Warps + (2 * d);
            gradient[warp] += 2 * scaled * difference * (_byLogA[i][d] - _byLogA[j][d]);
            gradient[warp + 1] += 2 * scaled * difference * (_byLogB[i][d] - _byLogB[j][d]);
        }
    }

    private void FillKernel()
    {
        for (int i = 0; i < _kernel.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = 0;
                for (int d = 0; d < _weights.Length; d++)
                {
                    double difference = _warped[i][d] - _warped[j][d];
                    distance += _weights[d] * (_parameters.IsCategorical[d] ? difference == 0 ? 0 : 1 : difference * difference);
                }

                double r = s_root5 * Math.Sqrt(distance), decay = _scale * Math.Exp(-r);
                _kernel[i][j] = decay * (1 + r + (5.0 / 3 * distance));
                _slopes[i][j] = decay * (-5.0 / 6) * (1 + r);
            }

            _kernel[i][i] = _scale;
        }
    }

    private void Warp(double[] a, double[] b)
    {
        for (int i = 0; i < _warped.Length; i++)
        {
            for (int d = 0; d < a.Length; d++)
            {
                if (_parameters.IsWarped(d))
                    (_warped[i][d], _, _byLogA[i][d], _byLogB[i][d]) = InputWarp.Evaluate(_warped[i][d], a[d], b[d]);
            }
        }
    }
}
