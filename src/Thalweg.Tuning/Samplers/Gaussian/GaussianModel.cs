namespace Thalweg.Tuning;

/// <summary>A fitted Gaussian process over the trials of a history, and the logarithm of expected improvement under it.</summary>
internal sealed class GaussianModel
{
    /// <summary>Trials beyond which numbers of the kernel are fitted on some of them: cost grows by the third power.</summary>
    private const int MostFitted = 80;

    /// <summary>Evaluations of the likelihood from each start.</summary>
    private const int Evaluations = 40;

    private readonly GaussianProcess _process;
    private readonly double _best;

    private GaussianModel(GaussianProcess process, double best) => (_process, _best) = (process, best);

    /// <summary>The process.</summary>
    public GaussianProcess Process => _process;

    /// <summary>Fits a model.</summary>
    /// <param name="inputs">Inputs of the trials.</param>
    /// <param name="losses">Their losses.</param>
    /// <param name="pending">Inputs of trials whose losses are not known yet.</param>
    /// <param name="isCategorical">Whether each input has values without an order.</param>
    /// <param name="settings">How inputs and outputs are warped.</param>
    public static GaussianModel Fit(
        double[][] inputs, double[] losses, double[][] pending, bool[] isCategorical, GpSampler settings)
    {
        double[] outputs = OutputWarp.Apply(losses, settings.OutputWarping);
        KernelParameters parameters = new(isCategorical, settings.WarpInputs);
        double[] vector = FitVector(parameters, Some(inputs, outputs));
        GaussianProcess process = GaussianProcess.Of(parameters, vector, inputs, outputs);

        // Kriging believer (Ginsbourger et al., 2010): a pending trial counts as if it gave what the model expects, so that nothing is expected there.
        if (pending.Length > 0)
        {
            double[] believed = [.. pending.Select(point => process.Predict(point, [], []).Mean)];
            inputs = [.. inputs, .. pending];
            outputs = [.. outputs, .. believed];
            process = GaussianProcess.Of(parameters, vector, inputs, outputs);
        }

        return new(process, Best(process, inputs, outputs));
    }

    /// <summary>Log of the expected improvement at a point, and its gradient.</summary>
    /// <param name="point">The point.</param>
    /// <param name="gradient">Where the gradient goes; empty for none.</param>
    public double LogImprovementAt(ReadOnlySpan<double> point, Span<double> gradient)
    {
        Span<double> ofVariance = gradient.Length == 0 ? [] : new double[gradient.Length];
        (double mean, double variance) = _process.Predict(point, gradient, ofVariance);
        double deviation = Math.Sqrt(variance), z = (_best - mean) / deviation, logH = LogImprovement.LogH(z);
        double slope = gradient.Length == 0 ? 0 : LogImprovement.Slope(z, logH);
        for (int d = 0; d < gradient.Length; d++)
        {
            double ofDeviation = 0.5 * ofVariance[d] / deviation;
            gradient[d] = (ofDeviation / deviation) - (slope * (gradient[d] + (z * ofDeviation)) / deviation);
        }

        return Math.Log(deviation) + logH;
    }

    /// <summary>The least output; with much noise the least mean at the trials, which luck has not chosen.</summary>
    private static double Best(GaussianProcess process, double[][] inputs, double[] outputs) => process.NoiseVariance < 1e-3
        ? outputs.Min()
        : inputs.Min(input => process.Predict(input, [], []).Mean);

    private static double[] FitVector(KernelParameters parameters, (double[][] Inputs, double[] Outputs) data)
    {
        (double[] low, double[] high) = parameters.Bounds();
        double[]? best = null;
        double bestLoss = double.PositiveInfinity;
        foreach ((double logWeight, double logNoise) in ((double, double)[])[(0.5, Math.Log(1e-3)), (-2, Math.Log(0.1))])
        {
            double[] vector = parameters.Start(logWeight, logNoise);
            double loss = BoxMinimizer.Minimize(
                (point, gradient) => GaussianProcess.Loss(parameters, data, point, gradient), vector, low, high, Evaluations);
            if (best is null || loss < bestLoss)
                (best, bestLoss) = (vector, loss);
        }

        return best!;
    }

    /// <summary>The better half of the places for the best trials, the others for the latest.</summary>
    private static (double[][] Inputs, double[] Outputs) Some(double[][] inputs, double[] outputs)
    {
        if (inputs.Length <= MostFitted)
            return (inputs, outputs);
        int[] best = [.. Enumerable.Range(0, inputs.Length).OrderBy(i => outputs[i]).Take(MostFitted / 2)];
        int[] chosen = [.. best.Concat(Enumerable.Range(0, inputs.Length).Reverse().Except(best).Take(MostFitted - best.Length)).Order()];
        return ([.. chosen.Select(i => inputs[i])], [.. chosen.Select(i => outputs[i])]);
    }
}
