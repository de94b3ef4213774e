using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

public sealed class AttentionLayerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_to_itself_equals_attention_to_a_copy(bool rotary)
    {
        MultiHeadAttention layer = new(8, 2, new() { RotaryBase = rotary ? 100.0 : null });
        layer.Initialize(1, DType.Float64);
        Tensor x = Input([2, 5, 8], 1);
        Near(layer.Attend(x, x.Clone(), null), layer.Forward(x));
        layer.Attend(x.Slice(1, 0, 2), x, null).Shape.ShouldBe([2, 2, 8]);
        Should.Throw<ThalwegException>(
            () => layer.Forward(Input([2, 5, 7], 1))).Message.ShouldContain("expected inputs [batch, length, 8]");
        Should.Throw<ThalwegException>(() => new MultiHeadAttention(8, 3)).Message.ShouldContain("got 8, 3 and 0");
        Should.Throw<ThalwegException>(() => new MultiHeadAttention(6, 2, new() { RotaryBase = 10 })).Message.ShouldContain("even width");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_block_computes_its_equations(bool normFirst)
    {
        TransformerBlock block = new(4, 2, new() { NormFirst = normFirst, FeedForward = 6, Activation = Activation.Relu });
        block.Initialize(2, DType.Float64);
        Dictionary<string, Module> parts = block.Modules.ToDictionary(m => m.Name, m => m.Module);
        Tensor x = Input([2, 3, 4], 2), expected;
        if (normFirst)
        {
            Tensor h = x + parts["attention"].Forward(parts["norm1"].Forward(x));
            expected = h + parts["contract"].Forward(parts["expand"].Forward(parts["norm2"].Forward(h)));
        }
        else
        {
            Tensor h = parts["norm1"].Forward(x + parts["attention"].Forward(x));
            expected = parts["norm2"].Forward(h + parts["contract"].Forward(parts["expand"].Forward(h)));
        }

        Near(block.Forward(x), expected);
        block.NamedParameters().Single(p => p.Name == "expand.weight").Parameter.Shape.ShouldBe([4, 6]);
    }

    [Fact]
    public void A_causal_encoder_looks_at_nothing_that_follows()
    {
        TransformerEncoder network = new(2, 8, 2, new() { Causal = true, RotaryBase = 10_000 });
        network.Initialize(3, DType.Float64);
        Tensor x = Input([1, 6, 8], 3);
        Tensor changed = Tensor.Concatenate(1, x.Slice(1, 0, 4), Input([1, 2, 8], 4));
        network.Forward(changed).Slice(1, 0, 4).ToArray<double>().ShouldBe(network.Forward(x).Slice(1, 0, 4).ToArray<double>());
        network.Forward(changed).Slice(1, 4, 2).ToArray<double>().ShouldNotBe(network.Forward(x).Slice(1, 4, 2).ToArray<double>());
    }

    [Fact]
    public void A_padded_batch_gives_what_each_sequence_gives_alone()
    {
        TransformerEncoder network = new(2, 8, 2);
        network.Initialize(4, DType.Float64);
        Tensor x = Input([2, 6, 8], 5);
        Tensor y = network.Forward(x, [6, 3], null);
        Near(y.Slice(0, 1, 1).Slice(1, 0, 3), network.Forward(x.Slice(0, 1, 1).Slice(1, 0, 3).Contiguous()));
    }

    [Fact]
    public void Positions_have_their_values()
    {
        SinusoidalPositions sinusoidal = new(3);
        Tensor zero = Tensor.Zeros([1, 100, 3], DType.Float64);
        double[] y = sinusoidal.Forward(zero).ToArray<double>();
        y[..3].ShouldBe([0, 1, 0]);
        y[^3].ShouldBe(Math.Sin(99), 1e-15);
        y[^2].ShouldBe(Math.Cos(99), 1e-15);
        y[^1].ShouldBe(Math.Sin(99 / Math.Pow(10_000, 2 / 3.0)), 1e-15);

        LearnedPositions learned = new(4, 3);
        learned.Initialize(1, DType.Float64);
        learned.Forward(Tensor.Zeros([2, 2, 3], DType.Float64))
            .ToArray<double>()[6..].ShouldBe(learned.NamedParameters().Single().Parameter.Value.ToArray<double>()[..6]);
        Should.Throw<ThalwegException>(() => learned.Forward(Tensor.Zeros([1, 5, 3]))).Message.ShouldContain("up to 4, got 5");
        Should.Throw<ThalwegException>(() => sinusoidal.Forward(Tensor.Zeros([2, 4]))).Message.ShouldContain("[..., length, 3]");
    }

    [Fact]
    public void Rotary_products_depend_on_distance_alone()
    {
        RotaryPositions layer = new(4, 50);
        Tensor q = Input([1, 1, 4], 6).BroadcastTo([1, 9, 4]).Contiguous(), k = Input([1, 1, 4], 7).BroadcastTo([1, 9, 4]).Contiguous();
        double[] products = layer.Forward(q).MatMul(layer.Forward(k).Transpose()).ToArray<double>();
        for (int i = 1; i < 9; i++)
        {
            for (int j = 1; j < 9; j++)
                products[(i * 9) + j].ShouldBe(products[((i - 1) * 9) + j - 1], 1e-13);
        }

        Math.Abs(products[1] - products[9]).ShouldBeGreaterThan(1e-3);
        GradientCheck.FirstOrder(a => layer.Forward(a[0]), [Input([2, 3, 8], 8)]).ShouldBeLessThan(2e-8);
    }

    [Fact]
    public void Derivatives_of_a_block_equal_differences()
    {
        TransformerBlock block = new(4, 2, new() { RotaryBase = 10, Dropout = 0.2, DropPath = 0.3 });
        block.Initialize(5, DType.Float64);
        GradientCheck.FirstOrder(a => block.Forward(a[0]), [Input([2, 3, 4], 9)]).ShouldBeLessThan(1e-7);
        GradientCheck.SecondOrder(a => block.Forward(a[0]), [Input([2, 3, 4], 9)]).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void The_order_of_symbols_can_be_learned()
    {
        // Which of two symbols comes first: without positions attention cannot tell.
        const int Batch = 16;
        Sequential network = new(new Embedding(3, 8), new LearnedPositions(4, 8), new TransformerBlock(8, 2, new() { FeedForward = 16 }),
            new Mean(1), new Dense(8, 2));
        network.Initialize(6, DType.Float64);
        RandomStream stream = new(3, RandomPurpose.User);
        int[] symbols = new int[Batch * 4], labels = new int[Batch];
        for (int i = 0; i < Batch; i++)
        {
            int first = stream.NextInt32(3), second = first + 1 + stream.NextInt32(3 - first);
            labels[i] = stream.NextInt32(2);
            symbols[(4 * i) + first] = labels[i] == 0 ? 1 : 2;
            symbols[(4 * i) + second] = labels[i] == 0 ? 2 : 1;
        }

        Tensor x = Tensor.From(symbols, [Batch, 4]), targets = Tensor.Vector(labels);
        Tensor[] weights = [.. network.NamedParameters().Select(p => p.Parameter.Value)];
        for (int step = 0; step < 200; step++)
        {
            Tensor[] gradients = Gradients.Of(network.Forward(x).SoftmaxCrossEntropy(targets), weights);
            for (int i = 0; i < weights.Length; i++)
                weights[i].Assign((weights[i].Detach() - (gradients[i] * 0.2)).Contiguous());
        }

        network.Forward(x).ArgMax().ToArray<int>().ShouldBe(labels);
    }

    private static Tensor Input(Shape shape, ulong index)
    {
        RandomStream stream = new(23, RandomPurpose.User, index);
        return Tensor.Normal(shape, 0, 1, ref stream, DType.Float64);
    }

    private static void Near(Tensor found, Tensor expected)
    {
        found.Shape.ShouldBe(expected.Shape);
        double[] a = found.ToArray<double>(), b = expected.ToArray<double>();
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-12 * Math.Max(1, Math.Abs(b[i])));
    }
}
