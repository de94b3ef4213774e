using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Diagnostics;

/// <summary>An instrument for recurrent layers.</summary>
public abstract record RecurrentInstrument : Instrument
{
    /// <inheritdoc/>
    public override InstrumentNeeds Needs => InstrumentNeeds.Pass;

    /// <inheritdoc/>
    public override string? Unavailable(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.HasRecurrence ? null : "the network has no recurrent layer";
    }

    /// <summary>The recurrent operations of a pass with a name for each.</summary>
    private protected static IEnumerable<(string Layer, RecordedOp Op)> Scans(NetworkPass pass)
    {
        Dictionary<string, int> seen = [];
        foreach (RecordedOp op in pass.Recording.Behind(pass.Objective.Outputs)
            .Where(op => op is { Kind: OpKind.Recurrent, IsRecomputed: false }))
        {
            int count = seen[op.Layer] = seen.GetValueOrDefault(op.Layer) + 1;
            yield return (count == 1 ? op.Layer : $"{op.Layer}#{count}", op);
        }
    }
}

/// <summary>Norm of the gradient against the distance in time from the last step.</summary>
public sealed record GradientOverTime : RecurrentInstrument
{
    /// <inheritdoc/>
    public override string Definition =>
        "per recurrent layer: norm over samples and gates of the gradient by the input part of each time step, the series from the " +
        "last step back to the first; " +
        "the value is the per-step factor (first/last)^(1/(T-1)): below 1 it vanishes, above 1 it explodes";

    /// <inheritdoc/>
    public override string Source =>
        "Bengio, Simard, Frasconi, 1994; Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, ICML " +
        "2013, eq. 5";

    /// <inheritdoc/>
    public override string Unit => "dimensionless (series: loss per unit of the input part)";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Elements;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(0, 16.0 * run.LayerElements, 4);
    }

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach ((string layer, RecordedOp op) in Scans(pass))
        {
            if (op.InputGradient(0) is not { } gradient)
                continue;

            Tensor values = gradient.Detach().Contiguous();
            (int time, int each) = (values.Shape[0], (int)(values.Length / values.Shape[0]));
            double[] norms = new double[time];
            bool isReverse = op.Attribute("reverse", false);
            for (int step = 0; step < time; step++)
                norms[isReverse ? step : time - 1 - step] = Math.Sqrt(FlatMath.Dot(values, values, step * each, each));

            double factor = time > 1 && norms[0] > 0 ? Math.Pow(norms[^1] / norms[0], 1.0 / (time - 1)) : double.NaN;
            moment.Read("factor_per_step", factor, layer, norms);
        }
    }
}

/// <summary>Eigenvalues of the map from state to state of each recurrent layer.</summary>
public sealed record RecurrentSpectrum : RecurrentInstrument
{
    private const int MostStates = 512;

    /// <inheritdoc/>
    public override string Definition =>
        "per recurrent layer: eigenvalues of the Jacobian of one step by the state (for LSTM state and memory), at the mean input " +
        "part and the mean state of the batch; " +
        "spectral_radius: the largest in size, the series all sizes, descending; largest_singular: the largest singular value";

    /// <inheritdoc/>
    public override string Source =>
        "Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, ICML 2013, section 2.1";

    /// <inheritdoc/>
    public override InstrumentCost Cost => InstrumentCost.Products;

    /// <inheritdoc/>
    public override InstrumentWork Work(InstrumentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        double units = run.LayerUnits.Max(layer => (double)Math.Min(layer.Units, MostStates));
        return new(30 * units * units * units, 8 * units * units, 20);
    }

    /// <inheritdoc/>
    public override void MeasurePass(InstrumentMoment moment, NetworkPass pass)
    {
        foreach ((string layer, RecordedOp op) in Scans(pass))
        {
            Matrix<double> jacobian = Jacobian(op);
            if (jacobian.RowCount > MostStates)
            {
                moment.Read("spectral_radius", double.NaN, layer, $"{jacobian.RowCount} states are more than {MostStates}");
                continue;
            }

            double[] sizes = [.. jacobian.Evd(Symmetricity.Asymmetric).EigenValues.Select(value => value.Magnitude).OrderDescending()];
            moment.Read("spectral_radius", sizes[0], layer, sizes);
            double largest = (jacobian.Transpose() * jacobian).Evd(Symmetricity.Symmetric).EigenValues.Max(value => value.Real);
            moment.Read("largest_singular", Math.Sqrt(Math.Max(0, largest)), layer);
        }
    }

    /// <summary>One row of the batch for each derivative: all in one backward pass.</summary>
    private static Matrix<double> Jacobian(RecordedOp op)
    {
        RecurrentScanOptions options = new(op.Attribute("cell", RecurrentCell.Tanh));
        (int time, int units) = (op.InputShape(0)[0], op.InputShape(2)[0]);
        int n = options.States * units;
        Tensor input = op.Input(0).Detach().Mean(0, 1).Reshape([1, 1, op.InputShape(0)[2]]).To(DType.Float64);
        Tensor hidden = op.Inner(InnerValue.PreviousStates).Detach().Mean(0, 1).To(DType.Float64).Reshape([1, 1, units]);
        Tensor state = options.States == 1
            ? hidden
            : Tensor.Concatenate(0, hidden, op.Output.Detach().Slice(0, time, 1).Mean(0, 1).To(DType.Float64).Reshape([1, 1, units]));
        Tensor initial = state.BroadcastTo([options.States, n, units]).Clone();
        initial.RequiresGrad = true;
        Tensor? bias = op.InputCount > 3 ? op.Input(3).Detach().To(DType.Float64) : null;
        Tensor next = input.BroadcastTo([1, n, input.Shape[2]]).Clone()
            .RecurrentScan(initial, op.Input(2).Detach().To(DType.Float64), bias, options);
        double[] cotangent = new double[n * n];
        for (int row = 0; row < n; row++)
            cotangent[(row / units * n * units) + (row * units) + (row % units)] = 1;

        double[] gradient = Gradients.Of(next, Tensor.From(cotangent, next.Shape), [initial],
            createGraph: false)[0].Contiguous().ToArray<double>();
        return Matrix<double>.Build.Dense(n, n, (row, column) => gradient[(column / units * n * units) + (row * units) + (column % units)]);
    }
}
