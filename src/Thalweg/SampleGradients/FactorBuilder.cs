namespace Thalweg.SampleGradients;

/// <summary>Turns uses of parameters into <see cref="SampleFactor"/>s.</summary>
/// <param name="samples">Number of samples.</param>
/// <param name="cotangents">Cotangents of the results, and of the input parts of recurrent scans, of the sum of all losses.</param>
/// <param name="scanInputs">Results whose first axis is time.</param>
internal sealed class FactorBuilder(int samples, IReadOnlyDictionary<Tensor, Tensor> cotangents, IReadOnlySet<Tensor> scanInputs)
{
    /// <summary>Cotangents before the activation by result, which weight and bias share.</summary>
    private readonly Dictionary<Tensor, Tensor> _before = [];

    /// <summary>The factor of one parameter from all of its uses.</summary>
    /// <param name="name">Full name of the parameter.</param>
    /// <param name="uses">Its uses, one or more.</param>
    public SampleFactor Build(string name, IReadOnlyList<ParameterUse> uses)
    {
        SampleFactor[] parts = [.. uses.Select(use => Build(name, use))];
        if (parts.Length > 1 && parts.All(part => part is OuterFactor))
        {
            // Places of several uses are as places of one.
            return new OuterFactor(
                Tensor.Concatenate(1, [.. parts.Select(part => ((OuterFactor)part).Inputs)]),
                Tensor.Concatenate(1, [.. parts.Select(part => ((OuterFactor)part).Cotangents)]));
        }

        return parts.Length == 1 ? parts[0] : new SumFactor(parts);
    }

    /// <summary>Refuses operations whose parameters cannot be taken apart by sample.</summary>
    public static bool IsKnown(in ParameterUse use) =>
        ParameterUse.IsLayer(use.Result) ? use.Input > 0
        : use.Result.Creator is GatherRowsOp ? use.Input == 0
        : use.Result.Creator is RecurrentOp && use.Input > 1;

    private SampleFactor Build(string name, in ParameterUse use)
    {
        (Tensor y, OpCall call) = (use.Result, use.Result.Call);
        return y.Creator switch
        {
            LinearOp => OfDense(name, y, scanInputs.Contains(y), use.Input == 1 ? call[0] : null),
            RecurrentOp => OfDense(name, y, true, use.Input == 2 ? RecurrentOp.StatesBefore(call, y) : null),
            GatherRowsOp => OfRows(name, call[1], cotangents[y], call[0].Shape[0]),
            _ => OfWindows(name, use, call),
        };
    }

    /// <summary>Bias of x W + b, or the weight where x is given.</summary>
    private SampleFactor OfDense(string name, Tensor y, bool timeFirst, Tensor? x)
    {
        Tensor d = CotangentOf(name, y, timeFirst);
        int places = d.Shape[1], width = d.Shape[2];
        if (x is null)
        {
            return new DirectFactor(places == 1 ? d.Reshape([samples, width]) : d.Sum(1));
        }

        return new OuterFactor((timeFirst ? x.Transpose(0, 1) : x).Reshape([samples, places, x.Shape[-1]]), d);
    }

    /// <summary>The cotangent before the activation of a dense layer or a recurrent product, <c>[samples, places, out]</c>.</summary>
    private Tensor CotangentOf(string name, Tensor y, bool timeFirst)
    {
        if (!_before.TryGetValue(y, out Tensor? d))
        {
            d = y.Creator is RecurrentOp
                ? RecurrentOp.ProductCotangent(y.Call, cotangents[y.Call[0]])
                : ParameterUse.BeforeActivation(y, cotangents[y]);
            d = timeFirst ? d.Transpose(0, 1) : d;
            Check(name, timeFirst ? d.Shape : y.Call[0].Shape);
            _before[y] = d = d.Reshape([samples, (int)(d.Length / ((long)samples * d.Shape[-1])), d.Shape[-1]]);
        }

        return d;
    }

    private RowFactor OfRows(string name, Tensor indices, Tensor d, int symbols)
    {
        Check(name, indices.Shape);
        int places = (int)(indices.Length / samples);
        return new RowFactor(indices.Reshape([samples, places]), d.Reshape([samples, places, (int)(d.Length / indices.Length)]), symbols);
    }

    private SampleFactor OfWindows(string name, in ParameterUse use, in OpCall call)
    {
        Check(name, call[0].Shape);
        Tensor y = use.Result;
        if (!_before.TryGetValue(y, out Tensor? gz))
        {
            _before[y] = gz = ParameterUse.BeforeActivation(y, cotangents[y]);
        }

        return use.Input == 2 ? new DirectFactor(gz.Sum(2, 3))
            : use.Result.Creator is ConvolutionOp ? new WindowFactor(call, call[0], gz)
            : new WindowFactor(call, gz, call[0]);
    }

    private void Check(string name, Shape shape)
    {
        if (shape.Rank == 0 || shape[0] != samples)
        {
            throw new ThalwegException(
                $"[sample gradients] expected {samples} samples along the first axis of what parameter {name} acts on, got {shape}; " +
                "leave it out with Where");
        }
    }
}
