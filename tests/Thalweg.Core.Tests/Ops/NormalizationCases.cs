namespace Thalweg.Core.Tests.Ops;

/// <summary>Contract rows of normalizations.</summary>
internal static class NormalizationCases
{
    public static IEnumerable<OpCase> All()
    {
        Tensor x = OpCases.Values([2, 4, 3, 3], 470), weight = OpCases.Values([4], 471), bias = OpCases.Values([4], 472);
        Tensor rows = OpCases.Values([3, 2, 5], 473), scale = OpCases.Values([5], 474), shift = OpCases.Values([5], 475);
        yield return new("batch norm of images", a => a[0].BatchNorm(a[1], a[2], 1e-3, out _), x, weight, bias);
        yield return new("batch norm of images, plain", a => a[0].BatchNorm(null, null, 1e-3, out _), x);
        yield return new(
            "batch norm of signals", a => a[0].BatchNorm(a[1], a[2], 1e-3, out _), OpCases.Values([2, 4, 5], 476), weight, bias);
        yield return new("batch norm of columns, plain", a => a[0].BatchNorm(null, null, 1e-3, out _), OpCases.Values([5, 3], 477));
        yield return new("batch norm of images, rectified", a => a[0].BatchNorm(a[1], a[2], 1e-3, out _, Activation.Relu), x, weight, bias);
        yield return new("batch norm of columns, rectified", a => a[0].BatchNorm(a[1], a[2], 1e-3, out _, Activation.Relu),
            OpCases.Values([6, 4], 480), weight, bias);
        yield return new("batch norm of images, squashed", a => a[0].BatchNorm(null, null, 1e-3, out _, Activation.Tanh), x);
        yield return new("rectified sum", a => a[0].Add(a[1], Activation.Relu), OpCases.Values([3, 5], 481), OpCases.Values([3, 5], 482));
        yield return new("rectified sum with itself", a => a[0].Add(a[0], Activation.Relu), OpCases.Values([3, 5], 483));
        yield return new(
            "rectified sum, broadcast", a => a[0].Add(a[1], Activation.Relu), OpCases.Values([3, 5], 484), OpCases.Values([5], 485));
        yield return new("layer norm", a => a[0].LayerNorm(1, a[1], a[2], 1e-3), rows, scale, shift);
        yield return new("layer norm plain", a => a[0].LayerNorm(epsilon: 1e-3), rows);
        yield return new("layer norm over two axes", a => a[0].LayerNorm(2, a[1], a[2], 1e-3), rows, OpCases.Values([2, 5], 478),
            OpCases.Values([2, 5], 479));
        Tensor whole = OpCases.Values([2, 64], 492), wholeScale = OpCases.Values([64], 493), wholeShift = OpCases.Values([64], 494);
        yield return new("layer norm of whole rows", a => a[0].LayerNorm(1, a[1], a[2], 1e-3), whole, wholeScale, wholeShift);
        yield return new("layer norm beside its input", a => BesideItself(a[0].Exp(), a[1]), whole, wholeScale);
        yield return new("rms norm of whole rows", a => a[0].RmsNorm(1, a[1], 1e-3), whole, wholeScale);
        yield return new("rms norm", a => a[0].RmsNorm(1, a[1], 1e-3), rows, scale);
        yield return new("rms norm plain", a => a[0].RmsNorm(epsilon: 1e-3), rows);
        yield return new("group norm", a => a[0].GroupNorm(2, a[1], a[2], 1e-3), x, weight, bias);
        yield return new("group norm plain", a => a[0].GroupNorm(2, epsilon: 1e-3), x);
        yield return new("channel scale", a => a[0].ScaleChannels(weight.To(a[0].DType), a[1], a[2]), x, OpCases.Values([4], 486), bias);
        yield return new("multiply masked", a => a[0].MultiplyMasked(a[1]), OpCases.Values([3, 5], 487), OpCases.Values([3, 5], 488));
        yield return new("probability cross-entropy", a => a[0].ProbabilityCrossEntropy(a[1]),
            OpCases.Values([3, 5], 489, 0.2, 0.8), OpCases.Values([3, 5], 490, 0.2, 0.8));
        yield return new("rotate positions", a => a[0].RotatePositions(OpCases.Values([2, 4], 491).To(a[0].DType), 4), rows);
        yield return new("instance norm", a => a[0].InstanceNorm(a[1], a[2], 1e-3), x, weight, bias);
    }

    private static Tensor BesideItself(Tensor x, Tensor scale) => x.Square().Add(x.LayerNorm(1, scale));
}
