using Thalweg.Initializers;
using Thalweg.Layers;

namespace Thalweg.Labs.Playground;

/// <summary>Sends noise through a deep network that was just made, forward and backward, and counts what arrives in each layer.</summary>
internal static class Signals
{
    private const int Samples = 100, Bins = 31;

    /// <summary>Measures a network.</summary>
    /// <exception cref="ThalwegException">A name or number is not known: the message says which.</exception>
    public static SignalAnswer Measure(SignalRequest request)
    {
        if (request.Depth is < 1 or > 50 || request.Width is < 1 or > 256 || !double.IsFinite(request.Gain) || request.Gain < 0)
        {
            throw new ThalwegException("[playground] expected 1 to 50 layers, 1 to 256 units and a gain of at least 0, got "
                + $"{request.Depth}, {request.Width} and {request.Gain}; correct them");
        }

        if (request.Normalization is not ("none" or "before" or "after"))
        {
            throw new ThalwegException(
                $"[playground] expected batch normalization none, before or after, got '{request.Normalization}'; choose one of them");
        }

        (double[] Forward, double[] Backward)[] signals = Send(request);
        double forward = Range(signals.Select(signal => signal.Forward)), backward = Range(signals.Select(signal => signal.Backward));
        return new(forward, backward, [.. signals.Select(signal => new SignalLayer(
            Count(signal.Forward, forward), Count(signal.Backward, backward), Deviation(signal.Forward), Deviation(signal.Backward)))]);
    }

    private static (double[] Forward, double[] Backward)[] Send(SignalRequest request)
    {
        (int depth, int width) = (request.Depth, request.Width);
        Activation activation = ActivationNames.Parse(request.Activation);
        Initializer initializer = Settings.Parse<Initializer>(request.Initializer);
        Dense[] layers = [.. Enumerable.Range(0, depth).Select(_ => new Dense(width, width, Activation.None, initializer))];
        BatchNorm1d[] norms = [.. layers.Where(_ => request.Normalization != "none").Select(_ => new BatchNorm1d(width))];
        new Sequential([.. layers, .. norms]).Initialize((ulong)request.Seed, DType.Float32);
        foreach (Dense layer in layers)
            layer.Weight.Value.Assign(layer.Weight.Value.Detach() * request.Gain);
        RandomStream random = new((ulong)request.Seed, RandomPurpose.User);
        Tensor signal = Tensor.Normal([Samples, width], 0, 1, ref random, DType.Float32);
        Tensor[] before = new Tensor[depth], after = new Tensor[depth];
        for (int layer = 0; layer < depth; layer++)
        {
            before[layer] = layers[layer].Forward(signal);
            Tensor inner = request.Normalization == "before" ? norms[layer].Forward(before[layer]) : before[layer];
            signal = inner.Activate(activation);
            after[layer] = signal = request.Normalization == "after" ? norms[layer].Forward(signal) : signal;
        }

        Tensor noise = Tensor.Normal(signal.Shape, 0, 1, ref random, DType.Float32);
        Tensor[] gradients = Gradients.Of(signal, noise, before, createGraph: false);
        return [.. Enumerable.Range(0, depth).Select(layer => (Numbers(after[layer]), Numbers(gradients[layer])))];
    }

    private static double[] Numbers(Tensor values) => values.Detach().To(DType.Float64).ToArray<double>();

    /// <summary>Three standard deviations of the widest layer.</summary>
    private static double Range(IEnumerable<double[]> layers)
    {
        double widest = layers.Select(values => Math.Sqrt(values.Average(value => value * value))).Where(double.IsFinite)
            .DefaultIfEmpty(1).Max();
        return widest > 0 ? 3 * widest : 1;
    }

    private static int[] Count(double[] values, double range)
    {
        int[] counts = new int[Bins];
        foreach (double value in values)
        {
            if (double.IsFinite(value))
                counts[(int)Math.Clamp(((value / range) + 1) / 2 * Bins, 0, Bins - 1)]++;
        }

        return counts;
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average(), square = values.Average(value => (value - mean) * (value - mean));
        return double.IsFinite(square) ? Math.Sqrt(square) : -1;
    }
}
