using System.Text.Json.Nodes;
using Thalweg.Initializers;

namespace Thalweg.Layers;

/// <summary>Batch normalization of features: gamma (x - mean) / sqrt(variance + epsilon) + beta.</summary>
/// <remarks>
/// In training mean and variance come from the batch, and moving averages of them are kept: running = (1 - momentum) running + momentum batch,
/// with the unbiased variance. In evaluation the moving averages are used. Input and output <c>[batch, features]</c>.
/// Source: Ioffe, Szegedy, ICML 2015, algorithms 1 and 2.
/// </remarks>
public sealed class BatchNorm1d : Module
{
    private readonly Parameter _gamma, _beta;
    private readonly Tensor _mean, _variance;

    /// <summary>Makes a batch normalization layer.</summary>
    /// <param name="features">Number of features, 1 or more.</param>
    /// <param name="epsilon">Added to the variance; above 0; default 1e-5.</param>
    /// <param name="momentum">Weight of the new batch in the moving averages, in (0, 1]; default 0.1.</param>
    /// <exception cref="ThalwegException">An argument is out of range.</exception>
    public BatchNorm1d(int features, double epsilon = 1e-5, double momentum = 0.1)
    {
        if (features < 1 || !(epsilon > 0) || !(momentum > 0 && momentum <= 1))
        {
            throw new ThalwegException($"[batch norm] expected features >= 1, epsilon > 0 and momentum in (0, 1], got {features}, {epsilon} and {momentum}");
        }

        (Features, Epsilon, Momentum) = (features, epsilon, momentum);
        _gamma = AddParameter("gamma", [features], ParameterRole.Normalization, Initializer.Constant(1));
        _beta = AddParameter("beta", [features], ParameterRole.Normalization, Initializer.Zeros);
        _mean = AddBuffer("running_mean", Tensor.Zeros([features], DType.Float64));
        _variance = AddBuffer("running_variance", Tensor.Ones([features], DType.Float64));
    }

    /// <summary>Number of features.</summary>
    public int Features { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>Weight of the new batch in the moving averages.</summary>
    public double Momentum { get; }

    /// <inheritdoc/>
    /// <exception cref="ThalwegException">The shape is not <c>[batch, features]</c>, or a training batch has a single sample.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Rank != 2 || x.Shape[1] != Features)
        {
            throw new ThalwegException($"[batch norm] expected inputs [batch, {Features}], got {x.Shape}");
        }

        return IsTraining ? Normalize(x) : Evaluate(x);
    }

    /// <inheritdoc/>
    public override JsonObject Describe() => new()
    {
        ["type"] = "batch_norm",
        ["features"] = Features,
        ["epsilon"] = Epsilon,
        ["momentum"] = Momentum,
    };

    private Tensor Normalize(Tensor x)
    {
        int batch = x.Shape[0];
        if (batch < 2)
        {
            throw new ThalwegException("[batch norm] expected 2 or more samples in a training batch, got 1: one sample has no variance; use a larger batch");
        }

        Tensor y = x.BatchNorm(_gamma.Value, _beta.Value, Epsilon, out Tensor moments);
        Span<double> mean = _mean.AsSpan<double>(), variance = _variance.AsSpan<double>();
        double unbias = batch / (batch - 1.0);
        for (int j = 0; j < Features; j++)
        {
            mean[j] += Momentum * (At(moments, j) - mean[j]);
            variance[j] += Momentum * ((unbias * At(moments, Features + j)) - variance[j]);
        }

        return y;
    }

    private Tensor Evaluate(Tensor x)
    {
        Tensor scale = Tensor.Zeros([Features], x.DType), shift = Tensor.Zeros([Features], x.DType);
        Span<double> mean = _mean.AsSpan<double>(), variance = _variance.AsSpan<double>();
        for (int j = 0; j < Features; j++)
        {
            scale.Write(j, 1 / Math.Sqrt(variance[j] + Epsilon));
            shift.Write(j, -mean[j] / Math.Sqrt(variance[j] + Epsilon));
        }

        return x.Multiply(scale).Add(shift).Multiply(_gamma.Value).Add(_beta.Value);
    }

    private static double At(Tensor moments, int index) =>
        moments.DType == DType.Float32 ? moments.AsSpan<float>()[index] : moments.AsSpan<double>()[index];
}
