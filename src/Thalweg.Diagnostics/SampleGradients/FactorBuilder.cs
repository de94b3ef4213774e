using Thalweg.Layers;

namespace Thalweg.Diagnostics;

/// <summary>Turns uses of parameters into <see cref="SampleFactor"/>s.</summary>
/// <param name="samples">Number of samples.</param>
/// <param name="recording">The forward pass, and the backward pass of the sum of all losses.</param>
/// <param name="scanInputs">Operations whose result is the input part of a recurrent scan, so that its first axis is time.</param>
internal sealed class FactorBuilder(int samples, Recording recording, IReadOnlySet<RecordedOp> scanInputs)
{
    /// <summary>Cotangents before the activation by operation, which weight and bias share.</summary>
    private readonly Dictionary<RecordedOp, Tensor> _before = [];

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

    /// <summary>Whether the parameters of an operation can be taken apart by sample.</summary>
    public static bool IsKnown(in ParameterUse use) => use.Op.Kind switch
    {
        OpKind.Affine => use.Input > 0,
        OpKind.Lookup => use.Op.InputName(use.Input) == "table",
        OpKind.Recurrent => use.Op.InputName(use.Input) is "weight" or "bias",
        _ => false,
    };

    private SampleFactor Build(string name, in ParameterUse use)
    {
        RecordedOp op = use.Op;
        bool isWeight = op.InputName(use.Input) == "weight";
        return op.Kind switch
        {
            OpKind.Recurrent => OfDense(name, op, true, isWeight ? op.Inner(InnerValue.PreviousStates) : null),
            OpKind.Lookup => OfRows(name, op.Input(1), Gradient(op), op.InputShape(0)[0]),
            _ when op.Name == "linear" => OfDense(name, op, scanInputs.Contains(op), isWeight ? op.Input(0) : null),
            _ => OfWindows(name, op, isWeight),
        };
    }

    /// <summary>Bias of x W + b, or the weight where x is given.</summary>
    private SampleFactor OfDense(string name, RecordedOp op, bool timeFirst, Tensor? x)
    {
        Tensor d = CotangentOf(name, op, timeFirst);
        int places = d.Shape[1], width = d.Shape[2];
        if (x is null)
            return new DirectFactor(places == 1 ? d.Reshape([samples, width]) : d.Sum(1));

        return new OuterFactor((timeFirst ? x.Transpose(0, 1) : x).Reshape([samples, places, x.Shape[-1]]), d);
    }

    /// <summary>The cotangent before the activation of a dense layer or a recurrent product, <c>[samples, places, out]</c>.</summary>
    private Tensor CotangentOf(string name, RecordedOp op, bool timeFirst)
    {
        if (!_before.TryGetValue(op, out Tensor? d))
        {
            d = op.Kind == OpKind.Recurrent
                ? op.InnerGradient(InnerValue.StateProduct, OfInputPart(op))
                : op.InnerGradient(InnerValue.PreActivation, Gradient(op));
            d = timeFirst ? d.Transpose(0, 1) : d;
            Check(name, timeFirst ? d.Shape : op.InputShape(0));
            _before[op] = d = d.Reshape([samples, (int)(d.Length / ((long)samples * d.Shape[-1])), d.Shape[-1]]);
        }

        return d;
    }

    private RowFactor OfRows(string name, Tensor indices, Tensor d, int symbols)
    {
        Check(name, indices.Shape);
        int places = (int)(indices.Length / samples);
        return new RowFactor(indices.Reshape([samples, places]), d.Reshape([samples, places, (int)(d.Length / indices.Length)]), symbols);
    }

    private SampleFactor OfWindows(string name, RecordedOp op, bool isWeight)
    {
        Check(name, op.InputShape(0));
        if (!_before.TryGetValue(op, out Tensor? gz))
            _before[op] = gz = op.InnerGradient(InnerValue.PreActivation, Gradient(op));

        return isWeight ? new WindowFactor(op, op.Input(0), gz) : new DirectFactor(gz.Sum(2, 3));
    }

    /// <summary>The cotangent of a result; zeros where the losses do not depend on it.</summary>
    private static Tensor Gradient(RecordedOp op) => op.OutputGradient ?? Tensor.Zeros(op.OutputShape, op.DType);

    private Tensor OfInputPart(RecordedOp scan) => recording.GradientOf(scan.Input(0)) ?? Tensor.Zeros(scan.InputShape(0), scan.DType);

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
