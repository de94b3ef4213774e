namespace Thalweg.Core.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Squares_of_rows_add_up_and_other_shapes_are_refused()
    {
        Tensor.From([1.0, 2, 3, 4], [2, 2]).SumSquaresOfRows().ToArray<double>().ShouldBe([5, 25]);
        Tensor.From([1f, 2, 3, 4], [2, 2]).SumSquaresOfRows().ToArray<float>().ShouldBe([5, 25]);
        Should.Throw<ThalwegException>(() => Tensor.Ones([4]).SumSquaresOfRows()).Message.ShouldContain("[rows, columns]");
        Should.Throw<ThalwegException>(() => Tensor.Vector(1, 2).Reshape([1, 2]).SumSquaresOfRows()).Message.ShouldContain("Int32");
        StepScope.IsOpen.ShouldBeFalse();
        using StepScope scope = StepScope.Begin();
        StepScope.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void Shapes_are_values()
    {
        Shape shape = [64, 784];
        shape.ShouldBe(new Shape(64, 784));
        (shape == new Shape(64, 783)).ShouldBeFalse();
        (shape != new Shape(64)).ShouldBeTrue();
        shape.GetHashCode().ShouldBe(new Shape(64, 784).GetHashCode());
        shape.Length.ShouldBe(50176);
        shape[-1].ShouldBe(784);
        shape.With(-1, 2).ShouldBe([64, 2]);
        shape.ToString().ShouldBe("[64, 784]");
        shape.Sum().ShouldBe(848);
        new Shape().Length.ShouldBe(1);
        shape.Equals((object)"x").ShouldBeFalse();
    }

    [Fact]
    public void Bad_shapes_are_refused()
    {
        Should.Throw<ThalwegException>(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1, 1)).Message.ShouldContain("at most 8 axes, got 9");
        Should.Throw<ThalwegException>(() => new Shape(2, -1)).Message.ShouldContain("got -1 for axis 1");
        Should.Throw<ThalwegException>(() => new Shape(2)[1]).Message.ShouldContain("an axis from -1 to 0 of [2], got 1");
    }

    [Fact]
    public void Tensors_are_made_and_read()
    {
        Tensor.From([1, 2, 3, 4], [2, 2]).DType.ShouldBe(DType.Int32);
        Tensor.Full([2], 3).ToArray<float>().ShouldBe([3, 3]);
        Tensor.Full([2], 3, DType.Int32).ToArray<int>().ShouldBe([3, 3]);
        Tensor.Scalar(2.5, DType.Float64).Item().ShouldBe(2.5);
        Tensor.Vector(7).Item().ShouldBe(7);
        Tensor.Ones([3]).Sum().Item().ShouldBe(3);
        Tensor.Vector(1.5f, 2.5f).To(DType.Float64).ToArray<double>().ShouldBe([1.5, 2.5]);
        Tensor.Vector(1.5f).To(DType.Int32).Item().ShouldBe(1);
        Should.Throw<ThalwegException>(() => Tensor.From([1f], [2])).Message.ShouldBe("[tensor] expected 2 elements for shape [2], got 1");
        Should.Throw<ThalwegException>(() => Tensor.Ones([2]).Item());
        Should.Throw<ThalwegException>(
            () => Tensor.Ones([2]).AsSpan<double>()).Message.ShouldContain("expected Float64 elements, got Float32");
        Should.Throw<ThalwegException>(() => Tensor.Vector((byte)1)).Message.ShouldContain("got Byte");
    }

    [Fact]
    public void Text_tells_type_shape_and_values()
    {
        Tensor.Vector(1f, 2.5f).ToString().ShouldBe("Float32 [2] from tensor: 1 2.5");
        Tensor.Vector(1.0).ToString().ShouldBe("Float64 [1] from tensor: 1");
        Tensor.Vector(3).ToString().ShouldBe("Int32 [1] from tensor: 3");
        Tensor.Zeros([5, 5]).ToString().ShouldBe("Float32 [5, 5] from zeros");
    }

    [Fact]
    public void Views_share_memory_and_copies_do_not()
    {
        Tensor x = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3]), view = x.Reshape([6]), turned = x.Transpose(), kept = x.Clone();
        x.AsSpan<float>()[0] = 9;
        view.ToArray<float>()[0].ShouldBe(9);
        turned.ToArray<float>().ShouldBe([9, 4, 2, 5, 3, 6]);
        turned.IsContiguous.ShouldBeFalse();
        Should.Throw<ThalwegException>(() => turned.AsSpan<float>()).Message.ShouldContain("call Contiguous() first");
        turned.Contiguous().AsSpan<float>()[1].ShouldBe(4);
        kept.ToArray<float>()[0].ShouldBe(1);
        x.Detach().AsSpan<float>()[0].ShouldBe(9);
        Tensor.Zeros([70, 65]).Transpose().Contiguous().Shape.ShouldBe([65, 70]);
    }

    [Fact]
    public void Strided_copies_find_every_element()
    {
        Tensor x = Tensor.From(Enumerable.Range(0, 2 * 3 * 4).ToArray(), [2, 3, 4]);
        int[] found = x.Transpose(0, 1).ToArray<int>();
        for (int i = 0, k = 0; i < 3; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                for (int m = 0; m < 4; m++, k++)
                    found[k].ShouldBe((j * 12) + (i * 4) + m);
            }
        }

        int[] big = Tensor.From(Enumerable.Range(0, 70 * 45).ToArray(), [70, 45]).Transpose().ToArray<int>();
        big[(3 * 70) + 68].ShouldBe((68 * 45) + 3);
    }

    [Fact]
    public void Assign_copies_and_checks()
    {
        Tensor x = Tensor.Zeros([2]);
        x.Assign(Tensor.Vector(1.5, 2.5));
        x.ToArray<float>().ShouldBe([1.5f, 2.5f]);
        Should.Throw<ThalwegException>(() => x.Assign(Tensor.Zeros([3]))).Message.ShouldContain("[assign]");
        Should.Throw<ThalwegException>(
            () => Tensor.Zeros([2, 3]).Transpose().Assign(Tensor.Zeros([3, 2]))).Message.ShouldContain("contiguous");
    }

    [Fact]
    public void Tensor_spans_show_strides()
    {
        Tensor x = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3]);
        x.Transpose().AsTensorSpan<float>()[[2, 1]].ShouldBe(6);
        x.AsTensorSpan<float>().FlattenedLength.ShouldBe(6);
    }

    [Fact]
    public void Draws_have_their_moments()
    {
        RandomStream stream = new(5, RandomPurpose.User);
        double[] normal = Tensor.Normal([200_000], 1, 2, ref stream, DType.Float64).ToArray<double>();
        normal.Average().ShouldBe(1, 0.02);
        normal.Average(v => (v - 1) * (v - 1)).ShouldBe(4, 0.06);
        double[] uniform = Tensor.Uniform([200_000], -1, 3, ref stream, DType.Float64).ToArray<double>();
        uniform.Average().ShouldBe(1, 0.015);
        uniform.Average(v => (v - 1) * (v - 1)).ShouldBe(16.0 / 12, 0.02);
        uniform.ShouldAllBe(v => v >= -1 && v < 3);
    }
}
