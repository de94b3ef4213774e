namespace Thalweg.Diagnostics;

/// <summary>A parameter of any operation in which samples do not act on each other: the operation is applied to one sample after another,
/// and differentiated.</summary>
/// <param name="op">The operation.</param>
/// <param name="input">Which of its inputs is the parameter.</param>
/// <param name="samples">Number of samples, along the first axis of the output and of some inputs.</param>
internal sealed class SlicedFactor(RecordedOp op, int input, int samples) : SampleFactor(samples, op.InputShape(input).Length, op.DType)
{
    /// <summary>Whether the operation can be taken apart: it is the same for one sample as for all.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="input">Which of its inputs is the parameter.</param>
    /// <param name="samples">Number of samples.</param>
    public static bool Fits(RecordedOp op, int input, int samples) =>
        op.Name != "batch norm" && op.Kind is not (OpKind.Random or OpKind.Recurrent) && op.OutputShape.Rank > 0
        && op.OutputShape[0] == samples && Enumerable.Range(0, op.InputCount).Any(i => i != input && IsBySample(op, i, samples));

    public override Tensor Gradients(int first, int count)
    {
        Tensor all = op.OutputGradient ?? Tensor.Zeros(op.OutputShape, op.DType);
        Tensor[] rows = new Tensor[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = OfSample(first + i, all).Reshape([1, checked((int)Size)]);
        }

        return Tensor.Concatenate(0, rows);
    }

    private Tensor OfSample(int sample, Tensor gradients)
    {
        Tensor[] inputs = new Tensor[op.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor whole = op.Input(i).Detach();
            inputs[i] = i != input && IsBySample(op, i, Samples) ? whole.Slice(0, sample, 1) : whole;
        }

        inputs[input] = inputs[input].Clone();
        inputs[input].RequiresGrad = true;
        Tensor y = op.Apply(inputs);
        return Thalweg.Gradients.Of(y, gradients.Slice(0, sample, 1), [inputs[input]], createGraph: false)[0];
    }

    private static bool IsBySample(RecordedOp op, int input, int samples) =>
        op.InputShape(input) is { Rank: > 0 } shape && shape[0] == samples && shape.Rank == op.OutputShape.Rank;
}
