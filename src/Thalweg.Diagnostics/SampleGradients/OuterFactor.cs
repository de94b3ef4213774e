namespace Thalweg.Diagnostics;

/// <summary>Gradients of a dense weight: for sample i the sum over places t of the outer products of inputs a and
/// cotangents d, A'D.</summary>
/// <remarks>
/// With one place, |a d'|^2 = |a|^2 |d|^2 and the squared elements are those of a times those of d (Goodfellow, "Efficient per-example
/// gradient computations", arXiv:1510.01799, 2015; Dangel and others, "BackPACK", ICLR 2020, appendix A.1). With more places, |A'D|^2 is
/// the sum over places t and s of (a_t . a_s)(d_t . d_s), which costs less than A'D where places are few against inputs and outputs.
/// </remarks>
/// <param name="a">Inputs <c>[samples, places, in]</c>.</param>
/// <param name="d">Cotangents <c>[samples, places, out]</c>.</param>
internal sealed class OuterFactor(Tensor a, Tensor d) : SampleFactor(a.Shape[0], (long)a.Shape[2] * d.Shape[2], a.DType)
{
    private int Places => a.Shape[1];

    /// <summary>Inputs <c>[samples, places, in]</c>.</summary>
    public Tensor Inputs => a;

    /// <summary>Cotangents <c>[samples, places, out]</c>.</summary>
    public Tensor Cotangents => d;

    /// <summary>Of one place norms and products follow from the factors; with more, both need the products of all places.</summary>
    public override bool MakesGradients => Places > 1;

    public override Tensor Gradients(int first, int count) =>
        a.Slice(0, first, count).Transpose().MatMul(d.Slice(0, first, count)).Reshape([count, checked((int)Size)]);

    public override Tensor Project(Tensor vector, int limit)
    {
        int inputs = a.Shape[2], outputs = d.Shape[2];
        Tensor along = a.Reshape([Samples * Places, inputs]).MatMul(vector.Reshape([inputs, outputs]));
        return along.Multiply(d.Reshape([Samples * Places, outputs])).Reshape([Samples, Places * outputs]).Sum(1);
    }

    public override Tensor ProjectFirstOnMean(Tensor mean, int count)
    {
        if (Places > 1)
            return base.ProjectFirstOnMean(mean, count);

        (Tensor inputs, Tensor outputs) = (Rows(a.Slice(0, 0, count)), Rows(d.Slice(0, 0, count)));
        return inputs.MatMul(mean.Reshape([a.Shape[2], d.Shape[2]])).Multiply(outputs).Sum(1);
    }

    public override Tensor Total(int limit) => a.Reshape([Samples * Places, a.Shape[2]]).Transpose()
        .MatMul(d.Reshape([Samples * Places, d.Shape[2]])).Reshape([checked((int)Size)]);

    public override SampleMoments Measure(SampleGradientOptions options)
    {
        if (Places == 1)
            return OfOnePosition(Rows(a), Rows(d), options);

        // Products of places against products of inputs and outputs.
        bool isByPosition = !options.SecondMoments && !options.DotProducts && Places * (long)(a.Shape[2] + d.Shape[2]) < Size;
        return isByPosition ? new(NormsByPosition(options.WorkingElements), null, null) : base.Measure(options);
    }

    private static SampleMoments OfOnePosition(Tensor a, Tensor d, SampleGradientOptions options)
    {
        Tensor norms = a.SumSquaresOfRows().Multiply(d.SumSquaresOfRows());
        Tensor? squares = options.SecondMoments ? a.Square().Transpose().MatMul(d.Square()) : null;
        Tensor? products = options.DotProducts ? a.MatMul(a.Transpose()).Multiply(d.MatMul(d.Transpose())) : null;
        return new(norms, squares?.Reshape([checked((int)squares.Length)]), products);
    }

    private Tensor NormsByPosition(int limit) => Tensor.Concatenate(0, [.. Blocks(limit / 2, (long)Places * Places).Select(block =>
    {
        Tensor left = a.Slice(0, block.First, block.Count), right = d.Slice(0, block.First, block.Count);
        return left.MatMul(left.Transpose()).Multiply(right.MatMul(right.Transpose())).Sum(1, 2);
    })]);

    private static Tensor Rows(Tensor x) => x.Reshape([x.Shape[0], x.Shape[2]]);
}
