using System.Text.Json.Nodes;
using Thalweg.Layers;

namespace Thalweg.Tests.Layers;

public sealed class RecurrentLayerTests
{
    private static readonly RecurrentOptions s_deep = new() { Layers = 2, Bidirectional = true };

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Outputs_and_states_have_their_shapes(string kind)
    {
        RecurrentLayer layer = Make(kind, 3, 4, s_deep);
        layer.Initialize(1, DType.Float64);
        Tensor x = Input([2, 5, 3], 1);
        Tensor y = layer.Run(x, null, out RecurrentState final);
        y.Shape.ShouldBe([2, 5, 8]);
        final.Hidden.Shape.ShouldBe([4, 2, 4]);
        (final.Memory is not null).ShouldBe(kind == "lstm");
        y.Slice(1, 4, 1).Slice(2, 0, 4).ToArray<double>().ShouldBe(final.Hidden.Select(0, 2).ToArray<double>());
        y.Slice(1, 0, 1).Slice(2, 4, 4).ToArray<double>().ShouldBe(final.Hidden.Select(0, 3).ToArray<double>());

        RecurrentLayer timeFirst = Make(kind, 3, 4, s_deep with { BatchFirst = false });
        timeFirst.Initialize(1, DType.Float64);
        timeFirst.Forward(x.Transpose(0, 1)).Transpose(0, 1).ToArray<double>().ShouldBe(y.ToArray<double>());

        RecurrentLayer last = Make(kind, 3, 4, s_deep with { AllSteps = false });
        last.Initialize(1, DType.Float64);
        last.Forward(x).Slice(1, 4, 4).ToArray<double>().ShouldBe(final.Hidden.Select(0, 3).ToArray<double>());
        last.Forward(x).Shape.ShouldBe([2, 8]);
    }

    [Theory]
    [InlineData("rnn", true)]
    [InlineData("lstm", true)]
    [InlineData("gru", false)]
    public void One_sequence_without_a_batch_gives_what_it_gives_in_a_batch(string kind, bool batchFirst)
    {
        RecurrentLayer layer = Make(kind, 3, 4, s_deep with { BatchFirst = batchFirst });
        layer.Initialize(1, DType.Float64);
        Tensor x = Input([5, 3], 2);
        int batch = batchFirst ? 0 : 1;
        Tensor expected = layer.Run(x.Unsqueeze(batch), null, out RecurrentState state);
        Tensor y = layer.Run(x, null, out RecurrentState final);
        y.Shape.ShouldBe([5, 8]);
        y.ToArray<double>().ShouldBe(expected.ToArray<double>());
        final.Hidden.Shape.ShouldBe([4, 4]);
        final.Hidden.ToArray<double>().ShouldBe(state.Hidden.ToArray<double>());
        layer.Run(x, final, out _).ToArray<double>().ShouldBe(layer.Run(x.Unsqueeze(batch), state, out _).ToArray<double>());
        Should.Throw<ThalwegException>(() => layer.Run(x, state, out _)).Message.ShouldContain("expected an initial state");
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Descriptions_build_the_same_layer(string kind)
    {
        RecurrentLayer layer = Make(
            kind, 3, 4, new() { Layers = 3, Bidirectional = true, Bias = false, BatchFirst = false, AllSteps = false, Dropout = 0.25 });
        Module copy = LayerRegistry.Build((JsonObject)JsonNode.Parse(layer.Describe().ToJsonString())!);
        copy.ShouldBeOfType(layer.GetType());
        copy.Describe().ToJsonString().ShouldBe(layer.Describe().ToJsonString());
        copy.NamedParameters().Select(p => $"{p.Name} {p.Parameter.Shape}")
            .ShouldBe(layer.NamedParameters().Select(p => $"{p.Name} {p.Parameter.Shape}"));
        layer.NamedParameters().Select(p => p.Name).Take(4)
            .ShouldBe(["weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse"]);
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void A_padded_batch_gives_what_each_sequence_gives_alone(string kind)
    {
        RecurrentLayer layer = Make(kind, 3, 4, s_deep);
        layer.Initialize(2, DType.Float64);
        Tensor x = Input([3, 5, 3], 2);
        int[] lengths = [5, 2, 3];
        Tensor y = layer.Run(x, null, out RecurrentState final, lengths);
        for (int sequence = 0; sequence < 3; sequence++)
        {
            int length = lengths[sequence];
            Tensor alone = layer.Run(x.Slice(0, sequence, 1).Slice(1, 0, length), null, out RecurrentState end);
            Near(y.Slice(0, sequence, 1).Slice(1, 0, length), alone);
            Near(final.Hidden.Slice(1, sequence, 1), end.Hidden);
            y.Slice(0, sequence, 1).Slice(1, length, 5 - length).ToArray<double>().ShouldAllBe(v => v == 0);
        }
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void A_state_carries_a_sequence_on_and_detaching_it_truncates(string kind)
    {
        RecurrentLayer layer = Make(kind, 3, 4, new() { Layers = 2 });
        layer.Initialize(3, DType.Float64);
        Tensor x = Input([2, 6, 3], 3), first = x.Slice(1, 0, 4).Contiguous().Clone(), second = x.Slice(1, 4, 2).Contiguous().Clone();
        first.RequiresGrad = true;
        Tensor whole = layer.Run(x, null, out _);
        layer.Run(first, null, out RecurrentState middle);
        Tensor joined = layer.Run(second, middle, out _);
        Near(joined, whole.Slice(1, 4, 2));
        Gradients.Of(joined.Sum(), [first])[0].ToArray<double>().ShouldContain(v => v != 0);

        Tensor truncated = layer.Run(second, middle.Detach(), out _);
        truncated.ToArray<double>().ShouldBe(joined.ToArray<double>());
        first.Gradient.ShouldBeNull();
        truncated.Sum().Backward();
        first.Gradient.ShouldBeNull();
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Derivatives_of_stacked_layers_equal_differences(string kind)
    {
        RecurrentLayer layer = Make(kind, 2, 3, s_deep);
        layer.Initialize(4, DType.Float64);
        Tensor x = Input([2, 3, 2], 4);
        Tensor[] inputs = [x, .. layer.NamedParameters().Take(4).Select(p => p.Parameter.Value.Clone())];
        string[] names = [.. layer.NamedParameters().Select(p => p.Name)];
        GradientCheck.FirstOrder(Function, inputs).ShouldBeLessThan(2e-8);
        GradientCheck.SecondOrder(Function, inputs).ShouldBeLessThan(1e-7);

        Tensor Function(Tensor[] a)
        {
            RecurrentWeights weights = new(layer.Cell, 3, s_deep, Get);
            return RecurrentStack.Run(weights, a[0], null, [3, 2]).Output;

            Tensor Get(string name)
            {
                int position = Array.IndexOf(names, name);
                return position < 4 ? a[position + 1] : layer.NamedParameters().ElementAt(position).Parameter.Value;
            }
        }
    }

    [Fact]
    public void Forget_gates_start_open()
    {
        Lstm layer = new(2, 3), closed = new(2, 3, forgetBias: 0);
        layer.Initialize(1);
        closed.Initialize(1);
        Bias(layer).ShouldBe([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
        Bias(closed).ShouldAllBe(v => v == 0);

        static float[] Bias(Lstm lstm) => lstm.NamedParameters().First(p => p.Name == "bias_ih_l0").Parameter.Value.ToArray<float>();
    }

    [Fact]
    public void Dropout_between_layers_acts_in_training_alone()
    {
        Gru layer = new(3, 8, new() { Layers = 2, Dropout = 0.5 });
        layer.Initialize(5, DType.Float64);
        Tensor x = Input([2, 4, 3], 5);
        double[] dropped = layer.Forward(x).ToArray<double>();
        layer.Forward(x).ToArray<double>().ShouldNotBe(dropped);
        layer.SetTraining(false);
        double[] whole = layer.Forward(x).ToArray<double>();
        layer.Forward(x).ToArray<double>().ShouldBe(whole);
    }

    [Theory]
    [InlineData("rnn", 0.05)]
    [InlineData("lstm", 0.05)]
    [InlineData("gru", 0.05)]
    public void The_first_symbol_is_recalled_at_the_end(string kind, double rate)
    {
        const int Batch = 16, Time = 6, Symbols = 4;
        RecurrentLayer layer = Make(kind, 5, 12, new() { AllSteps = false });
        Sequential network = new(new Embedding(Symbols, 5), layer, new Dense(12, Symbols));
        network.Initialize(6, DType.Float64);
        RandomStream stream = new(7, RandomPurpose.User, 0);
        int[] symbols = new int[Batch * Time];
        for (int i = 0; i < symbols.Length; i++)
            symbols[i] = (int)stream.NextDouble(0, Symbols);

        Tensor x = Tensor.From(symbols, [Batch, Time]),
            labels = Tensor.Vector([.. Enumerable.Range(0, Batch).Select(i => symbols[i * Time])]);
        Tensor[] weights = [.. network.NamedParameters().Select(p => p.Parameter.Value)];
        for (int step = 0; step < 300; step++)
        {
            Tensor[] gradients = Gradients.Of(network.Forward(x).SoftmaxCrossEntropy(labels), weights);
            double norm = Math.Sqrt(gradients.Sum(g => g.Square().Sum().Item()));
            for (int i = 0; i < weights.Length; i++)
                weights[i].Assign((weights[i].Detach() - (gradients[i] * (rate / Math.Max(norm, 0.05)))).Contiguous());
        }

        Tensor outputs = network.Forward(x);
        outputs.SoftmaxCrossEntropy(labels).Item().ShouldBeLessThan(0.1);
        outputs.ArgMax().ToArray<int>().ShouldBe(labels.ToArray<int>());
    }

    [Fact]
    public void An_embedding_gives_rows_and_zeros_for_padding()
    {
        Embedding layer = new(3, 2, padding: 1);
        layer.Initialize(1, DType.Float64);
        double[] rows = layer.Weight.Value.ToArray<double>();
        Tensor y = layer.Forward(Tensor.From([2f, 1, 0, 2], [2, 2]));
        y.Shape.ShouldBe([2, 2, 2]);
        y.ToArray<double>().ShouldBe([rows[4], rows[5], 0, 0, rows[0], rows[1], rows[4], rows[5]]);
        Gradients.Of(y.Sum(), [layer.Weight.Value])[0].ToArray<double>().ShouldBe([1, 1, 0, 0, 2, 2]);
        LayerRegistry.Build((JsonObject)JsonNode.Parse(layer.Describe().ToJsonString())!).Describe().ToJsonString()
            .ShouldBe(layer.Describe().ToJsonString());
        Message(() => layer.Forward(Tensor.Vector(0.5f))).ShouldContain("whole symbol numbers, got 0.5 at place 0");
        Message(() => layer.Forward(Tensor.Vector(3))).ShouldContain("from 0 to 2, got 3");
        Message(() => new Embedding(3, 2, 3)).ShouldContain("a padding among the symbols, got 3, 2 and 3");
    }

    [Fact]
    public void Gradients_of_an_embedding_start_anew_add_up_and_count_every_lookup()
    {
        Embedding layer = new(600, 128);
        layer.Initialize(1, DType.Float64);
        Tensor weight = layer.Weight.Value;
        layer.Forward(Tensor.Vector(3, 599, 3)).Sum().Backward();
        Counts().ShouldBe([(3, 2), (599, 1)]);
        layer.Forward(Tensor.Vector(5)).Sum().Backward();
        Counts().ShouldBe([(5, 1)]);
        (layer.Forward(Tensor.Vector(0, 5)) + layer.Forward(Tensor.Vector(7, 5))).Sum().Backward(accumulate: true);
        Counts().ShouldBe([(0, 1), (5, 3), (7, 1)]);

        (int, double)[] Counts() =>
            [.. weight.Gradient!.ToArray<double>().Chunk(128).Select((row, i) => (i, row.Distinct().Single())).Where(p => p.Item2 != 0)];
    }

    [Fact]
    public void Errors_say_what_is_wrong_in_one_line()
    {
        Lstm layer = new(3, 4);
        layer.Initialize(1, DType.Float64);
        Tensor x = Input([2, 5, 3], 9), hidden = Tensor.Zeros([1, 2, 4], DType.Float64);
        Message(() => new Gru(0, 4)).ShouldContain("[gru] expected 1 or more inputs, units and layers, got 0, 4 and 1");
        Message(() => new Rnn(1, 4, Activation.Gelu)).ShouldContain("the activation tanh or relu, got gelu");
        Message(() => new Lstm(1, 4, forgetBias: double.NaN)).ShouldContain("a finite bias");
        Message(() => layer.Forward(Input([2, 5, 4], 9))).ShouldContain("[lstm] expected inputs [batch, time, 3]");
        Message(() => layer.Forward(Input([2, 0, 3], 9))).ShouldContain("1 or more steps");
        Message(() => layer.Run(x, new RecurrentState(hidden), out _)).ShouldContain("without memory");
        Message(() => layer.Run(x, new RecurrentState(hidden, Tensor.Zeros([1, 2, 3], DType.Float64)), out _))
            .ShouldContain("(hidden and memory)");
        Message(() => layer.Run(x, null, out _, [5])).ShouldContain("expected 2 lengths from 0 to 5, got 1: 5");
        Message(() => layer.Run(x, null, out _, [5, 6])).ShouldContain("expected 2 lengths from 0 to 5, got 2: 5, 6");
    }

    private static RecurrentLayer Make(string kind, int inputs, int units, RecurrentOptions options) => kind switch
    {
        "rnn" => new Rnn(inputs, units, Activation.Tanh, options),
        "lstm" => new Lstm(inputs, units, options),
        _ => new Gru(inputs, units, options),
    };

    private static Tensor Input(Shape shape, ulong index)
    {
        RandomStream stream = new(11, RandomPurpose.User, index);
        return Tensor.Uniform(shape, -1, 1, ref stream, DType.Float64);
    }

    private static void Near(Tensor found, Tensor expected)
    {
        found.Shape.ShouldBe(expected.Shape);
        double[] a = found.ToArray<double>(), b = expected.ToArray<double>();
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-13);
    }

    private static string Message(Action action)
    {
        string message = Should.Throw<ThalwegException>(action).Message;
        message.ShouldNotContain("\n");
        return message;
    }
}
