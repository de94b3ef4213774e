using System.Text.Json.Nodes;

namespace Thalweg.Layers;

/// <summary>Spectral normalization of a dense or convolution layer: its weight, as a matrix with a row per output, divided by the
/// largest singular value.</summary>
/// <remarks>
/// Input and output as the layer has them; buffer <c>direction [outputs]</c>, the left singular vector, which power iteration improves in
/// each training step and
/// evaluation leaves alone. Both singular vectors count as constants in the derivative. Source: Miyato and others, ICLR 2018, algorithm 1.
/// </remarks>
public sealed class SpectralNorm : Module
{
    /// <summary>Iterations at the start, so that the first steps already divide by the singular value.</summary>
    private const int FirstIterations = 15;

    private readonly Module _module;
    private readonly IWeighted _layer;
    private readonly Tensor _direction;

    /// <summary>Wraps a layer.</summary>
    /// <param name="module">A <see cref="Dense"/> or <see cref="ConvolutionLayer"/>.</param>
    /// <param name="iterations">Power iterations per training step, 1 or more; default 1.</param>
    /// <exception cref="ThalwegException">Another layer, a transposed convolution in groups, or no iteration.</exception>
    public SpectralNorm(Module module, int iterations = 1)
    {
        _layer = IWeighted.Of(module, "spectral norm");
        Iterations = iterations >= 1 ? iterations : throw new ThalwegException(
            $"[spectral norm] expected 1 or more iterations, got {iterations}");
        _module = AddModule("module", module);
        _direction = AddBuffer("direction", [_layer.Weight.Shape[_layer.OutputAxis]], 1);
    }

    /// <summary>Power iterations per training step.</summary>
    public int Iterations { get; }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x)
    {
        Tensor weight = _layer.Weight.Value, matrix = Rows(weight);
        Tensor left, right;
        using (NoGrad.Begin())
        {
            Tensor constant = matrix.Detach();
            if (IsTraining && !IsRepeat)
                Iterate(constant, Iterations);

            left = _direction.To(matrix.DType).Reshape([1, matrix.Shape[0]]);
            right = Unit(left.MatMul(constant)).Transpose();
        }

        Tensor largest = NotZero(left.MatMul(matrix).MatMul(right).Reshape([]));
        try
        {
            using ModuleScope scope = ModuleScope.Enter(_module);
            return _layer.Forward(x, weight.Divide(largest));
        }
        catch (ThalwegException error)
        {
            throw InPart("module", _module, error);
        }
    }

    /// <inheritdoc/>
    public override JsonObject Describe() =>
        new() { ["type"] = "spectral_norm", ["module"] = _module.Describe(), ["iterations"] = Iterations };

    /// <inheritdoc/>
    private protected override void OnInitialized()
    {
        RandomStream stream = new(Seed, RandomPurpose.Initialization, (1UL << 40) | (uint)Ordinal);
        _direction.Assign(Tensor.Normal(_direction.Shape, 0, 1, ref stream, DType.Float64));
        using NoGrad silence = NoGrad.Begin();
        Iterate(Rows(_layer.Weight.Value.Detach()), FirstIterations);
    }

    /// <summary>v / ||v|| of a row; zeros stay zeros.</summary>
    private static Tensor Unit(Tensor row) => row.Divide(NotZero(row.Norm()));

    /// <summary>A divisor, 1 in place of 0.</summary>
    private static Tensor NotZero(Tensor number) => Tensor.Where(number.Detach(), number, Tensor.Scalar(1, number.DType));

    /// <summary>The weight with a row per output.</summary>
    private Tensor Rows(Tensor weight)
    {
        int outputs = weight.Shape[_layer.OutputAxis];
        Tensor first = _layer.OutputAxis == 0 ? weight : weight.Transpose(0, 1);
        return first.Reshape([outputs, (int)(weight.Length / outputs)]);
    }

    private void Iterate(Tensor matrix, int iterations)
    {
        Tensor left = Unit(_direction.To(matrix.DType).Reshape([1, matrix.Shape[0]]));
        for (int i = 0; i < iterations; i++)
            left = Unit(Unit(left.MatMul(matrix)).MatMul(matrix.Transpose()));

        _direction.Assign(left.Reshape(_direction.Shape));
    }
}
