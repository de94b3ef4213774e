namespace Thalweg.SampleGradients;

/// <summary>Turns uses of parameters into <see cref="SampleFactor"/>s.</summary>
/// <param name="samples">Number of samples.</param>
/// <param name="cotangents">Cotangents of the results, and of the input parts of recurrent scans, of the sum of all losses.</param>
/// <param name="scanInputs">Results whose first axis is time.</param>
internal sealed class FactorBuilder(int samples, IReadOnlyDictionary<Tensor, Tensor> cotangents, IReadOnlySet<Tensor> scanInputs)
{
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
        Tensor y = use.Result;
        OpCall call = y.Call;
        return y.Creator switch
        {
            LinearOp => OfDense(name, use, call[0], use.BeforeActivation(cotangents[y]), scanInputs.Contains(y)),
            RecurrentOp => OfDense(
                name, use with { Input = use.Input - 1 }, RecurrentOp.StatesBefore(call, y), RecurrentOp.ProductCotangent(call, cotangents[call[0]]), true),
            GatherRowsOp => OfRows(name, call[1], cotangents[y], call[0].Shape[0]),
            _ => OfWindows(name, use, call),
        };
    }

    /// <summary>Weight (input 1) or bias (input 2) of x W + b.</summary>
    private SampleFactor OfDense(string name, in ParameterUse use, Tensor x, Tensor d, bool timeFirst)
    {
        if (timeFirst)
        {
            (x, d) = (x.Transpose(0, 1), d.Transpose(0, 1));
        }

        Check(name, x.Shape);
        int places = (int)(d.Length / ((long)samples * d.Shape[-1]));
        Tensor cotangent = d.Reshape([samples, places, d.Shape[-1]]);
        return use.Input == 1 ? new OuterFactor(x.Reshape([samples, places, x.Shape[-1]]), cotangent) : new DirectFactor(cotangent.Sum(1));
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
        Tensor gz = use.BeforeActivation(cotangents[use.Result]);
        return use.Input == 2 ? new DirectFactor(gz.Sum(2, 3))
            : use.Result.Creator is ConvolutionOp ? new WindowFactor(call, call[0], gz)
            : new WindowFactor(call, gz, call[0]);
    }

    private void Check(string name, Shape shape)
    {
        if (shape.Rank == 0 || shape[0] != samples)
        {
            throw new ThalwegException(
                $"[sample gradients] expected {samples} samples along the first axis of what parameter {name} acts on, got {shape}; leave it out with Where");
        }
    }
}
