namespace Thalweg.Initialization;

/// <summary>How large signals and gradients should be at each step of a recorded computation, by mean-field theory.</summary>
/// <remarks>
/// Weights count as independent draws of mean 0, pre-activations as Gaussian: E z^2 = n E w^2 E x^2 forward, E gx^2 = E gz^2 n E w^2 (size
/// of z) / (size of x) backward, n being the terms of a sum; activations by Gaussian integrals. Where theory has no rule the measured ratio
/// stands in. Sources: Glorot, Bengio, AISTATS 2010, eq. (5), (6); He and others, ICCV 2015, section 2.2; Poole and others, NeurIPS 2016,
/// eq. (3).
/// </remarks>
internal sealed class SignalPropagation
{
    private readonly List<Tensor> _nodes;
    private readonly Dictionary<Tensor, RecordedLayer> _layers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, double> _forward = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, double> _backward = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, double> _before = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, int> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly Func<Tensor, double> _gradient;

    /// <summary>Follows a computation from its inputs to its end and back.</summary>
    /// <param name="y">Its result.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="gradient">Measured mean square of the derivative of the loss by a recorded tensor.</param>
    public SignalPropagation(Tensor y, IReadOnlyList<RecordedLayer> layers, Func<Tensor, double> gradient)
    {
        (_nodes, _gradient) = (RecordedGraph.Nodes(y), gradient);
        foreach (RecordedLayer layer in layers)
        {
            _layers[layer.Output] = layer;
        }

        foreach (Tensor node in _nodes)
        {
            for (int i = 0; i < node.Call.Count; i++)
            {
                _uses[node.Call[i]] = _uses.GetValueOrDefault(node.Call[i]) + 1;
            }

            _forward[node] = Forward(node);
        }

        _backward[y] = gradient(y);
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            Backward(_nodes[i]);
        }
    }

    /// <summary>Predicted mean square of a layer's x W + b.</summary>
    /// <param name="layer">A layer of the computation.</param>
    public double ForwardOf(RecordedLayer layer) => _before[layer.Output];

    /// <summary>Predicted mean square of the derivative of the loss by a layer's x W + b.</summary>
    /// <param name="layer">A layer of the computation.</param>
    public double BackwardOf(RecordedLayer layer) => _backward.GetValueOrDefault(layer.Output) * Slope(layer);

    private double Slope(RecordedLayer layer) => Moments.Through(z => z.Activate(layer.Fused), _before[layer.Output]).Slope;

    private double Forward(Tensor node)
    {
        ref readonly OpCall call = ref node.Call;
        if (_layers.TryGetValue(node, out RecordedLayer? layer))
        {
            double bias = call.Count > 2 ? Moments.Of(call[2]).Square : 0;
            double square = (layer.Terms() * Moments.Of(call[1]).Square * SquareOf(call[0])) + bias;
            _before[node] = square;
            return Moments.Through(z => z.Activate(layer.Fused), square).Value;
        }

        return node.Creator switch
        {
            UnaryOp op => Moments.Through(Again(op, call), SquareOf(call[0])).Value,
            BatchNormOp or RowNormOp => Moments.Of(node).Square,
            AddOp when call[0].Shape == call[1].Shape => SquareOf(call[0]) + SquareOf(call[1]),
            _ => SquareOf(call[0]) * Ratio(Moments.Of(node).Square, Moments.Of(call[0]).Square),
        };
    }

    private void Backward(Tensor node)
    {
        double square = _backward.GetValueOrDefault(node);
        ref readonly OpCall call = ref node.Call;
        if (_layers.TryGetValue(node, out RecordedLayer? layer))
        {
            double perTerm = layer.Terms() * Moments.Of(call[1]).Square * node.Length / call[0].Length;
            Add(call[0], square * Slope(layer) * perTerm);
            return;
        }

        switch (node.Creator)
        {
            case UnaryOp op: Add(call[0], square * Moments.Through(Again(op, call), SquareOf(call[0])).Slope); break;
            case BatchNormOp or RowNormOp: Add(call[0], square * Ratio(_forward[node], SquareOf(call[0]))); break;
            case AddOp when call[0].Shape == call[1].Shape: Add(call[0], square); Add(call[1], square); break;
            default: Share(call, square * Ratio(1, _gradient(node))); break;
        }
    }

    /// <summary>Inputs of an operation without a rule: what was measured, in proportion.</summary>
    private void Share(in OpCall call, double factor)
    {
        for (int i = 0; i < call.Count; i++)
        {
            if (call[i].RequiresGrad)
            {
                Add(call[i], factor * _gradient(call[i]) / _uses[call[i]]);
            }
        }
    }

    private void Add(Tensor tensor, double square) => _backward[tensor] = _backward.GetValueOrDefault(tensor) + square;

    private double SquareOf(Tensor tensor) =>
        _forward.TryGetValue(tensor, out double square) ? square : _forward[tensor] = Moments.Of(tensor).Square;

    private static double Ratio(double above, double below) => below > 0 ? above / below : 0;

    private static Func<Tensor, Tensor> Again(UnaryOp op, in OpCall call)
    {
        OpArguments arguments = call.Arguments;
        return z => op.Apply(arguments, z);
    }
}
