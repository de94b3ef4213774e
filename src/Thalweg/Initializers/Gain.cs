namespace Thalweg.Initializers;

/// <summary>Factor of the standard deviation of weights that makes up for what an activation function does to the variance.</summary>
/// <remarks>
/// Sources: He and others, ICCV 2015, eq. (15) for the ReLU family, sqrt(2 / (1 + a^2)); the other fixed numbers are those of
/// <c>torch.nn.init.calculate_gain</c>: 5/3 for tanh, 3/4 for SELU, 1 for sigmoid and linear layers.
/// </remarks>
public static class Gain
{
    private const double DefaultSlope = 0.01;

    /// <summary>Gain of a function by name: linear, conv1d to conv3d, conv_transpose1d to 3d, sigmoid, tanh,
    /// relu, leaky_relu, selu.</summary>
    /// <param name="name">The name.</param>
    /// <param name="slope">Negative slope of leaky_relu, finite; default 0.01.</param>
    /// <exception cref="ThalwegException">The name is not one of these; take <see cref="Of(Activation)"/>, which knows all functions
    /// of the library.</exception>
    public static double Of(string name, double? slope = null) => name switch
    {
        "linear" or "conv1d" or "conv2d" or "conv3d" or "conv_transpose1d" or "conv_transpose2d" or "conv_transpose3d" or "sigmoid" => 1,
        "tanh" => 5.0 / 3,
        "relu" => Math.Sqrt(2),
        "leaky_relu" => Rectifier(slope ?? DefaultSlope),
        "selu" => 0.75,
        _ => throw new ThalwegException(
            "[gain] expected linear, conv1d to conv3d, conv_transpose1d to conv_transpose3d, sigmoid, tanh, relu, leaky_relu or selu, " +
            $"got '{name}'; choose one of them"),
    };

    /// <summary>Gain of a function of the library: the fixed number where there is one, else <see cref="Preserving"/>.</summary>
    /// <param name="activation">The function.</param>
    public static double Of(Activation activation) => activation switch
    {
        Activation.None => Of("linear"),
        Activation.Sigmoid => Of("sigmoid"),
        Activation.Tanh => Of("tanh"),
        Activation.Relu => Of("relu"),
        Activation.LeakyRelu => Of("leaky_relu"),
        Activation.Selu => Of("selu"),
        _ => Preserving(activation),
    };

    /// <summary>Gain of a rectifier with a slope for negative numbers: sqrt(2 / (1 + a^2)).</summary>
    /// <param name="slope">The slope a, finite; 0 is ReLU.</param>
    public static double Rectifier(double slope) => Math.Sqrt(2 / (1 + (slope * slope)));

    /// <summary>1 / sqrt(E f(z)^2) for z of N(0, 1): keeps the second moment of signals that come in with variance 1.</summary>
    /// <remarks>The trapezoidal rule on [-12, 12], whose error falls faster than any power of the step for smooth functions; at kinks it
    /// is below 1e-5.</remarks>
    /// <param name="activation">The function f.</param>
    public static double Preserving(Activation activation)
    {
        const int Steps = 4800;
        const double Limit = 12, Step = 2 * Limit / Steps;
        double[] points = [.. Enumerable.Range(0, Steps + 1).Select(i => -Limit + (i * Step))];
        double[] values = Tensor.From(points, [points.Length]).Activate(activation).ToArray<double>();
        double moment = 0;
        for (int i = 0; i <= Steps; i++)
            moment += values[i] * values[i] * Math.Exp(-0.5 * points[i] * points[i]);

        return 1 / Math.Sqrt(moment * Step / Math.Sqrt(2 * Math.PI));
    }
}
