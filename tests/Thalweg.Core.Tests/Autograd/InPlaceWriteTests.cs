using System.Numerics.Tensors;

namespace Thalweg.Core.Tests.Autograd;

/// <summary>Writing to a tensor between the forward pass and the backward pass that reads it.</summary>
public sealed class InPlaceWriteTests
{
    /// <summary>Ways to write to the first element, or to all.</summary>
    public static TheoryData<string, Action<Tensor>> Writes => new()
    {
        { "span", x => x.AsSpan<float>()[0] += 1 },
        { "last element", x => x.AsSpan<float>()[^1] += 1 },
        { "exchange of two", x => x.AsSpan<float>()[..2].Reverse() },
        { "tensor span", x => x.AsTensorSpan<float>()[0, 0] = 7 },
        { "assign", x => x.Assign(Tensor.Ones(x.Shape)) },
        { "view", x => x.Transpose().AsTensorSpan<float>()[0, 0] = 7 },
        { "primitives", x => TensorPrimitives.Add(x.AsSpan<float>(), 1, x.AsSpan<float>()) },
    };

    /// <summary>Computations whose derivative reads input, weight, result or what was saved.</summary>
    public static TheoryData<string, Func<Tensor, Tensor, Tensor>> Computations => new()
    {
        { "product", (x, w) => x.Multiply(w) },
        { "matrix product", (x, w) => x.MatMul(w) },
        { "transposed", (x, w) => w.Transpose().MatMul(x) },
        { "dense layer", (x, w) => x.Linear(w, activation: Activation.Relu) },
        { "square", (x, w) => x.Square().Add(w) },
        { "normalization", (x, w) => x.BatchNorm(null, null, 1e-5, out _).Add(w) },
        { "checkpoint", (x, w) => Recomputation.Apply(a => a.Exp().Multiply(w), x, w) },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public void Any_write_to_an_input_is_found(string way, Action<Tensor> write)
    {
        Assert.SkipUnless(InPlaceWrites.AreSought, "a release build seeks such writes only where the switch is on");
        (Tensor x, Tensor w) = (Leaf(1), Leaf(2));
        Tensor y = x.MatMul(w).Sum();
        write(x);
        Should.Throw<ThalwegException>(() => Gradients.Of(y, w), way).Message.ShouldStartWith(
            "[gradients] expected the tensor of shape [4, 4] from tensor as matmul read or made it, got one that was written to since; ");
    }

    [Theory]
    [MemberData(nameof(Computations))]
    public void A_write_is_found_in_first_and_second_order(string name, Func<Tensor, Tensor, Tensor> compute)
    {
        Assert.SkipUnless(InPlaceWrites.AreSought, "a release build seeks such writes only where the switch is on");
        foreach (bool createGraph in new[] { false, true })
        {
            (Tensor x, Tensor w) = (Leaf(1), Leaf(2));
            Tensor y = compute(x, w);
            x.AsSpan<float>()[5] = 3;
            Should.Throw<ThalwegException>(() => Gradients.Of(y, Tensor.Ones(y.Shape), [x, w], createGraph), name);

            x = Leaf(1);
            y = compute(x, w);
            Gradients.Of(y, Tensor.Ones(y.Shape), [x, w], createGraph).Length.ShouldBe(2);
        }
    }

    [Fact]
    public void A_write_to_a_result_is_found_where_the_derivative_reads_it()
    {
        Assert.SkipUnless(InPlaceWrites.AreSought, "a release build seeks such writes only where the switch is on");
        Tensor x = Leaf(1), y = x.Tanh(), z = y.Sum();
        y.AsSpan<float>()[0] = 0;
        Should.Throw<ThalwegException>(() => z.Backward()).Message.ShouldContain("from tanh as tanh read or made it");
    }

    [Fact]
    public void An_update_between_two_graphs_over_one_parameter_is_found()
    {
        Assert.SkipUnless(InPlaceWrites.AreSought, "a release build seeks such writes only where the switch is on");
        Tensor x = Leaf(1), w = Leaf(2), first = x.MatMul(w).Sum(), second = x.MatMul(w).Square().Sum();
        first.Backward();
        w.Assign(w.Subtract(w.Gradient!).Detach());
        Should.Throw<ThalwegException>(() => second.Backward());
    }

    [Fact]
    public void What_no_derivative_reads_may_change()
    {
        Tensor x = Leaf(1), w = Leaf(2), y = x.Add(w), z = y.Subtract(x).Sum();
        x.AsSpan<float>().Clear();
        w.AsSpan<float>().Clear();
        y.AsSpan<float>().Clear();
        Gradients.Of(z, w)[0].ToArray<float>().ShouldAllBe(g => g == 1);
        Gradients.Of(z, x)[0].ToArray<float>().ShouldAllBe(g => g == 0);

        // Only the derivative by the weight reads the input.
        Tensor input = Leaf(3), weight = Leaf(4), product = input.Linear(weight).Sum();
        input.AsSpan<float>().Clear();
        Gradients.Of(product, input)[0].AsSpan<float>()[0].ShouldBe(
            weight.AsSpan<float>()[0] + weight.AsSpan<float>()[1] + weight.AsSpan<float>()[2] + weight.AsSpan<float>()[3], 1e-5f);
    }

    [Fact]
    public void Reading_and_updating_after_the_backward_pass_are_free()
    {
        Tensor x = Leaf(1), w = Leaf(2);
        for (int step = 0; step < 3; step++)
        {
            Tensor y = x.MatMul(w), loss = y.Square().Sum();
            _ = y.AsSpan<float>()[0] + w.AsSpan<float>()[0] + loss.Item();
            loss.Backward();
            w.Assign(w.Subtract(w.Gradient!.Multiply(0.01)).Detach());
            x.AsSpan<float>()[step] = step;
        }

        w.Gradient!.ToArray<float>().ShouldAllBe(g => float.IsFinite(g));
    }

    private static Tensor Leaf(ulong seed)
    {
        RandomStream stream = new(seed, RandomPurpose.User);
        Tensor leaf = Tensor.From(Tensor.Uniform([4, 4], 0.1, 1, ref stream).ToArray<float>(), [4, 4]);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
