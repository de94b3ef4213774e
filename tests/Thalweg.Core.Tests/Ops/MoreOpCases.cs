namespace Thalweg.Core.Tests.Ops;

/// <summary>Contract rows of activations with parameters, arrangements, choices, products by letters and norms.</summary>
internal static class MoreOpCases
{
    public static IEnumerable<OpCase> All() => [.. Activations(), .. Powers(), .. Parts(), .. Choices(), .. Products(), .. Norms()];

    private static Tensor Values(Shape shape, ulong index, double low = -2, double high = 2) => OpCases.Values(shape, index, low, high);

    private static IEnumerable<OpCase> Activations()
    {
        Tensor x = Values([3, 7], 400, -4, 4);
        yield return new("relu6", a => a[0].Relu6(), Values([3, 7], 401, -3, 9));
        yield return new("celu", a => a[0].Celu(1.5), x);
        yield return new("gelu_tanh", a => a[0].GeluTanh(), x);
        yield return new("mish", a => a[0].Mish(), x);
        yield return new("log_sigmoid", a => a[0].LogSigmoid(), x);
        yield return new("hard_sigmoid", a => a[0].HardSigmoid(), x);
        yield return new("hard_swish", a => a[0].HardSwish(), x);
        yield return new("tanh_shrink", a => a[0].TanhShrink(), x);
        yield return new("soft_shrink", a => a[0].SoftShrink(0.7), x);
        yield return new("hard_shrink", a => a[0].HardShrink(0.7), x);
        yield return new("threshold", a => a[0].Threshold(0.4, -2), x);
        yield return new("softplus with beta", a => a[0].Softplus(2, 3), x);
        yield return new("softmax of the first axis", a => a[0].Softmax(0), x);
        yield return new("softmin", a => a[0].Softmin(), x);
        yield return new("log softmax of the middle axis", a => a[0].LogSoftmax(1), Values([2, 4, 3], 402));
        yield return new("glu", a => a[0].Glu(0), Values([4, 3], 403));
        yield return new("prelu of one slope", a => a[0].Prelu(a[1]), x, Values([1], 404));
        yield return new("prelu per channel", a => a[0].Prelu(a[1]), Values([2, 3, 4], 405), Values([3], 406));
        yield return new("maxout", a => a[0].Maxout(3), Values([2, 6], 407));
    }

    private static IEnumerable<OpCase> Powers()
    {
        Tensor x = Values([3, 5], 410), positive = Values([3, 5], 411, 0.3, 2);
        foreach (double exponent in (double[])[-1, 0, 1, 2, 3])
            yield return new($"power {exponent}", a => a[0].Power(exponent) * a[0], x);

        yield return new("power 1.7", a => a[0].Power(1.7), positive);
        yield return new("power of a tensor", a => a[0].Power(a[1]), positive, Values([5], 412));
        yield return new("sin", a => a[0].Sin(), x);
        yield return new("cos", a => a[0].Cos(), x);
        yield return new("expm1", a => a[0].ExpMinusOne(), x);
        yield return new("log1p", a => a[0].LogOnePlus(), Values([3, 5], 413, -0.8, 3));
    }

    private static IEnumerable<OpCase> Parts()
    {
        Tensor x = Values([2, 5, 3], 420), y = Values([2, 1, 3], 421);
        yield return new("slice", a => a[0].Slice(1, 1, 3).Square(), x);
        yield return new("slice with steps", a => a[0].Slice(1, 1, 2, 3).Square(), x);
        yield return new("slice of the last axis", a => a[0].Slice(-1, 2, 1).Square(), x);
        yield return new("select", a => a[0].Select(1, 3).Square(), x);
        yield return new("pad", a => a[0].Pad(1, 2, 1, 0.5).Square(), x);
        yield return new("place with steps", a => a[0].Place(1, 1, 2, 12, 0.5).Square(), x);
        yield return new("concatenate", a => Tensor.Concatenate(1, a[0], a[1], a[0]).Square(), x, y);
        yield return new("concatenate rows", a => Tensor.Concatenate(0, a[0], a[1]).Square(), Values([2, 3], 422), Values([1, 3], 423));
        yield return new("stack", a => Tensor.Stack(-1, a[0], a[1]).Square(), Values([2, 3], 424), Values([2, 3], 425));
        yield return new("permute", a => a[0].Permute(2, 0, 1).Square(), x);
        yield return new("unsqueeze and squeeze", a => a[0].Unsqueeze(1).Square().Squeeze(1), x);
        yield return new("cumulative sum", a => a[0].CumulativeSum(1).Square(), x);
        yield return new("cumulative sum of the last axis", a => a[0].CumulativeSum(-1).Square(), x);
        yield return new("cumulative sum from the end", a => a[0].CumulativeSum(0, reverse: true).Square(), x);
    }

    private static IEnumerable<OpCase> Choices()
    {
        Tensor x = Values([3, 4], 430), y = Values([3, 4], 431), places = Tensor.From([2, 0, 1, 1, 3, 0], [3, 2]);
        yield return new("where", a => Tensor.Where(a[0].Detach().IsGreater(a[1]), a[0] * a[1], a[1].Square()), x, y);
        yield return new("where with broadcast", a => Tensor.Where(a[0].Detach().Step(), a[1], a[0].Square()), x, Values([4], 432));
        yield return new("comparisons", a => a[0] * a[1] * (a[0].IsLess(a[1]) + a[0].IsEqual(a[0])), x, y);
        yield return new("gather last", a => a[0].GatherLast(places).Square(), x);
        yield return new("top-k", a => a[0].TopK(2, out _).Square(), x);
        yield return new("one-hot", a => a[0].Square() * Tensor.Vector(2, 0, 3).OneHot(4, a[0].DType), x);
    }

    private static IEnumerable<OpCase> Products()
    {
        yield return new("batched matmul", a => a[0].MatMul(a[1]), Values([3, 2, 4], 440), Values([3, 4, 2], 441));
        yield return new(
            "batched matmul transposed", a => a[0].Transpose().MatMul(a[1].Transpose()), Values([3, 4, 2], 442), Values([3, 2, 4], 443));
        yield return new("batched matmul with broadcast", a => a[0].MatMul(a[1]), Values([2, 1, 2, 3], 444), Values([4, 3, 2], 445));
        yield return new("batched matmul by one matrix", a => a[0].MatMul(a[1]), Values([2, 2, 3], 446), Values([3, 2], 447));
        yield return new("one matrix by a batch", a => a[0].MatMul(a[1]), Values([2, 3], 448), Values([2, 3, 2], 449));
        (string Equation, Shape[] Shapes)[] equations =
        [
            ("ij,jk->ik", [[2, 3], [3, 4]]), ("ij,jk", [[2, 3], [3, 4]]), ("bij,bkj->bik", [[2, 3, 4], [2, 2, 4]]), ("ij->ji", [[2, 3]]),
            ("ij->", [[2, 3]]), ("ii->i", [[3, 3]]), ("ii", [[3, 3]]), ("i,j->ij", [[2], [3]]), ("i,i->", [[4], [4]]),
            ("ij,ij->j", [[2, 3], [2, 3]]),
            ("ij,jk,kl->li", [[2, 3], [3, 2], [2, 4]]), ("bhqd,bhkd->bhqk", [[2, 2, 3, 2], [2, 2, 4, 2]]), ("ijk,k->i", [[2, 3, 4], [4]]),
            ("iij,j->i", [[3, 3, 2], [2]]),
        ];
        ulong index = 450;
        foreach ((string equation, Shape[] shapes) in equations)
            yield return new($"einsum {equation}", a => Tensor.Einsum(equation, a), [.. shapes.Select(shape => Values(shape, index++))]);
    }

    private static IEnumerable<OpCase> Norms()
    {
        Tensor x = Values([2, 3, 4], 490);
        foreach (double p in (double[])[1, 2, 3.5, double.PositiveInfinity])
        {
            yield return new($"norm {p}", a => a[0].Norm(p), x);
            yield return new($"norm {p} of axes 0 and 2", a => a[0].Norm(p, 0, -1), x);
        }
    }
}
