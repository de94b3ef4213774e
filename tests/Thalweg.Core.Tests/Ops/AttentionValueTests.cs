namespace Thalweg.Core.Tests.Ops;

public sealed class AttentionValueTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, false)]
    [InlineData(3, 7, 5, 4, false)]
    [InlineData(64, 64, 32, 32, true)]
    [InlineData(100, 130, 8, 9, false)]
    [InlineData(200, 200, 6, 6, true)]
    [InlineData(70, 600, 5, 4, false)]
    [InlineData(5, 1, 3, 2, true)]
    public void Results_equal_a_naive_computation(int queries, int keys, int width, int valueWidth, bool causal)
    {
        Tensor q = OpCases.Values([2, 3, queries, width], 720), k = OpCases.Values([2, 3, keys, width], 721),
            v = OpCases.Values([2, 3, keys, valueWidth], 722);
        Tensor mask = OpCases.Values([queries, keys], 723);
        int[] lengths = [keys, (keys + 1) / 2];
        double[] found = q.Attention(k, v, new() { Causal = causal, KeyLengths = lengths, Mask = mask }).ToArray<double>();
        double[] expected = Naive(
            q, k, v, (i, j, b) => j < lengths[b] && (!causal || j <= i) ? mask.AsSpan<double>()[(i * keys) + j] : double.NegativeInfinity);
        for (int i = 0; i < expected.Length; i++)
            found[i].ShouldBe(expected[i], 1e-13 * Math.Max(1, Math.Abs(expected[i])));
    }

    [Fact]
    public void Large_scores_do_not_overflow()
    {
        Tensor q = Tensor.Full([1, 1, 2, 4], 1e18), k = Tensor.Full([1, 1, 3, 4], 1e18), v = Tensor.From([1f, 2, 3], [1, 1, 3, 1]);
        q.Attention(k, v).ToArray<float>().ShouldAllBe(y => Math.Abs(y - 2) < 1e-6);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(600)]
    public void Weights_that_were_kept_and_weights_computed_again_give_the_same_derivatives(int keys)
    {
        Tensor q = OpCases.Values([1, 2, 130, 4], 730), k = OpCases.Values([1, 2, keys, 4], 731), v = OpCases.Values([1, 2, keys, 3], 732);
        AttentionOptions options = new() { Dropout = 0.3, Stream = new RandomStream(1, RandomPurpose.Dropout), Causal = true };
        GradientCheck.FusedAgainstComposed(a => a[0].Attention(a[1], a[2], options), [q, k, v]).ShouldBeLessThan(1e-12);
    }

    [Fact]
    public void The_three_layouts_give_the_same_bits()
    {
        Tensor all = OpCases.Values([2, 9, 24], 740);
        Tensor Part(int index) => all.Slice(2, 8 * index, 8);
        Tensor Heads(int index) => Part(index).Contiguous().Reshape([2, 9, 2, 4]).Permute(0, 2, 1, 3);
        double[] packed = all.SelfAttention(2).ToArray<double>();
        Part(0).MultiHeadAttention(Part(1), Part(2), 2).ToArray<double>().ShouldBe(packed);
        Heads(0).Attention(Heads(1), Heads(2)).Permute(0, 2, 1, 3).Contiguous().ToArray<double>().ShouldBe(packed);
    }

    [Fact]
    public void A_query_that_sees_nothing_gives_zero_and_passes_nothing_back()
    {
        Tensor q = OpCases.Values([2, 1, 2, 3], 750).Clone(), k = OpCases.Values([2, 1, 4, 3], 751), v = OpCases.Values([2, 1, 4, 2], 752);
        q.RequiresGrad = true;
        Tensor y = q.Attention(k, v, new() { KeyLengths = [0, 4], Mask = Tensor.From([1, 1, 0, 1, 0, 0, 0, 0], [2, 4]) });
        double[] values = y.ToArray<double>();
        values[..4].ShouldAllBe(x => x == 0);
        values[6..].ShouldAllBe(x => x == 0);
        values[4].ShouldNotBe(0);
        double[] gradient = Gradients.Of(y.Square().Sum(), [q])[0].ToArray<double>();
        gradient[..6].ShouldAllBe(x => x == 0);
        gradient[9..].ShouldAllBe(x => x == 0);
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        Tensor q = Tensor.Ones([2, 1, 3, 4]), k = Tensor.Ones([2, 1, 5, 4]);
        Message(() => q.Attention(Tensor.Ones([2, 1, 5, 3]), k)).ShouldContain("[attention] expected queries, keys and values");
        Message(() => q.Attention(k, k, new() { Dropout = 1 })).ShouldContain("in [0, 1), got 1");
        Message(() => q.Attention(k, k, new() { KeyLengths = [1, 6] })).ShouldContain("expected 2 lengths from 0 to 5, got 2: 1, 6");
        Message(() => q.Attention(k, k, new() { Mask = Tensor.Ones([4, 5]) })).ShouldContain("a mask that broadcasts to [2, 1, 3, 5]");
        Message(() => Tensor.Ones([2, 3, 10]).SelfAttention(2)).ShouldContain("[batch, length, 3 x width] that 2 heads divide");
        Message(() => Tensor.Ones([2, 3, 9]).MultiHeadAttention(Tensor.Ones([2, 3, 9]), Tensor.Ones([2, 3, 9]), 2))
            .ShouldContain("that 2 heads divide");

        static string Message(Action action) => Should.Throw<ThalwegException>(action).Message;
    }

    private static double[] Naive(Tensor q, Tensor k, Tensor v, Func<int, int, int, double> mask)
    {
        (int batch, int heads, int queries, int width) = (q.Shape[0], q.Shape[1], q.Shape[2], q.Shape[3]);
        (int keys, int valueWidth) = (k.Shape[2], v.Shape[3]);
        double[] a = q.ToArray<double>(), b = k.ToArray<double>(), c = v.ToArray<double>(),
            y = new double[batch * heads * queries * valueWidth];
        for (int pair = 0; pair < batch * heads; pair++)
        {
            for (int i = 0; i < queries; i++)
            {
                double[] scores = [.. Enumerable.Range(0, keys).Select(j => mask(i, j, pair / heads) + (Enumerable.Range(0, width)
                    .Sum(d => a[(((pair * queries) + i) * width) + d] * b[(((pair * keys) + j) * width) + d]) / Math.Sqrt(width)))];
                double[] e = [.. scores.Select(s => Math.Exp(s - scores.Max()))];
                for (int d = 0; d < valueWidth; d++)
                {
                    y[(((pair * queries) + i) * valueWidth) + d] =
                        Enumerable.Range(0, keys).Sum(j => e[j] * c[(((pair * keys) + j) * valueWidth) + d]) / e.Sum();
                }
            }
        }

        return y;
    }
}
