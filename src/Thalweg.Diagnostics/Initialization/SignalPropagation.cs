using Thalweg.Layers;

namespace Thalweg.Diagnostics;

/// <summary>How large signals and gradients should be at each step of a recorded computation, by mean-field theory.</summary>
/// <remarks>
/// Weights count as independent draws of mean 0, pre-activations as Gaussian: E z^2 = n E w^2 E x^2 forward, E gx^2 = E gz^2 n E w^2
/// (size of z) / (size of x) backward, n being the terms of a sum; activations by Gaussian integrals. Where theory has no rule the
/// measured ratio stands in. Sources: Glorot, Bengio, AISTATS 2010, eq. (5), (6); He and others, ICCV 2015, section 2.2; Poole and
/// others, NeurIPS 2016, eq. (3).
/// </remarks>
internal sealed class SignalPropagation
{
    private readonly Dictionary<RecordedOp, RecordedLayer> _layers = [];
    private readonly Dictionary<Tensor, double> _forward = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, double> _backward = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<RecordedOp, double> _before = [];
    private readonly Dictionary<Tensor, int> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly Func<Tensor, double> _gradient;

    /// <summary>Follows a computation from its inputs to its end and back.</summary>
    /// <param name="ops">What leads to its result, in the order in which it ran.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="gradient">Measured mean square of the derivative of the loss by a recorded result; 0 for other tensors.</param>
    public SignalPropagation(IReadOnlyList<RecordedOp> ops, IReadOnlyList<RecordedLayer> layers, Func<Tensor, double> gradient)
    {
        _gradient = gradient;
        foreach (RecordedLayer layer in layers)
            _layers[layer.Op] = layer;

        foreach (RecordedOp op in ops)
        {
            foreach (Tensor input in op.Inputs)
                _uses[input] = _uses.GetValueOrDefault(input) + 1;

            _forward[op.Output] = Forward(op);
        }

        _backward[ops[^1].Output] = gradient(ops[^1].Output);
        for (int i = ops.Count - 1; i >= 0; i--)
            Backward(ops[i]);
    }

    /// <summary>Predicted mean square of a layer's x W + b.</summary>
    /// <param name="layer">A layer of the computation.</param>
    public double ForwardOf(RecordedLayer layer) => _before[layer.Op];

    /// <summary>Predicted mean square of the derivative of the loss by a layer's x W + b.</summary>
    /// <param name="layer">A layer of the computation.</param>
    public double BackwardOf(RecordedLayer layer) => _backward.GetValueOrDefault(layer.Op.Output) * Slope(layer);

    private double Slope(RecordedLayer layer) => Moments.Through(z => z.Activate(layer.Fused), _before[layer.Op]).Slope;

    private double Forward(RecordedOp op)
    {
        Tensor x = op.Input(0);
        if (_layers.TryGetValue(op, out RecordedLayer? layer))
        {
            double bias = op.InputCount > 2 ? Moments.Of(op.Input(2)).Square : 0;
            double square = (layer.Terms() * Moments.Of(op.Input(1)).Square * SquareOf(x)) + bias;
            _before[op] = square;
            return Moments.Through(z => z.Activate(layer.Fused), square).Value;
        }

        return op switch
        {
            { Kind: OpKind.Elementwise } => Moments.Through(z => op.Apply(z), SquareOf(x)).Value,
            { Kind: OpKind.Normalization } => Moments.Of(op.Output).Square,
            _ when IsSum(op) => SquareOf(x) + SquareOf(op.Input(1)),
            _ => SquareOf(x) * Ratio(Moments.Of(op.Output).Square, Moments.Of(x).Square),
        };
    }

    private void Backward(RecordedOp op)
    {
        double square = _backward.GetValueOrDefault(op.Output);
        Tensor x = op.Input(0);
        if (_layers.TryGetValue(op, out RecordedLayer? layer))
        {
            double perTerm = layer.Terms() * Moments.Of(op.Input(1)).Square * op.Output.Length / x.Length;
            Add(x, square * Slope(layer) * perTerm);
            return;
        }

        switch (op)
        {
            case { Kind: OpKind.Elementwise }: Add(x, square * Moments.Through(z => op.Apply(z), SquareOf(x)).Slope); break;
            case { Kind: OpKind.Normalization }: Add(x, square * Ratio(_forward[op.Output], SquareOf(x))); break;
            case var _ when IsSum(op): Add(x, square); Add(op.Input(1), square); break;
            default: Share(op, square * Ratio(1, _gradient(op.Output))); break;
        }
    }

    /// <summary>Inputs of an operation without a rule: what was measured, in proportion.</summary>
    private void Share(RecordedOp op, double factor)
    {
        foreach (Tensor input in op.Inputs)
        {
            if (input.RequiresGrad)
                Add(input, factor * _gradient(input) / _uses[input]);
        }
    }

    private void Add(Tensor tensor, double square) => _backward[tensor] = _backward.GetValueOrDefault(tensor) + square;

    private double SquareOf(Tensor tensor) =>
        _forward.TryGetValue(tensor, out double square) ? square : _forward[tensor] = Moments.Of(tensor).Square;

    private static bool IsSum(RecordedOp op) => op.Name == "add" && op.InputShape(0) == op.InputShape(1);

    private static double Ratio(double above, double below) => below > 0 ? above / below : 0;
}
