namespace Thalweg.Core.Tests.Autograd;

public sealed class GradientsTests
{
    [Fact]
    public void Third_derivative_of_the_sigmoid_is_right()
    {
        Tensor x = Leaf(-1.5, -0.2, 0.3, 2.0);
        Tensor first = Gradients.OfWithGraph(x.Sigmoid().Sum(), x)[0];
        Tensor second = Gradients.OfWithGraph(first.Sum(), x)[0];
        double[] third = Gradients.Of(second.Sum(), x)[0].ToArray<double>();
        double[] values = x.ToArray<double>();
        for (int i = 0; i < values.Length; i++)
        {
            double s = 1 / (1 + Math.Exp(-values[i]));
            third[i].ShouldBe(s * (1 - s) * (1 - (6 * s) + (6 * s * s)), 1e-15);
        }
    }

    [Fact]
    public void Hessian_vector_product_equals_the_hessian()
    {
        // f = x0^2 x1 + x1^3: H = [[2 x1, 2 x0], [2 x0, 6 x1]].
        Tensor x = Leaf(1.5, -2.0);
        Tensor a = x.Multiply(Tensor.Vector(1.0, 0.0)).Sum(), b = x.Multiply(Tensor.Vector(0.0, 1.0)).Sum();
        Tensor f = (a * a * b) + (b * b * b);
        double[] product = Gradients.HessianVector(f, [x], [Tensor.Vector(0.5, 2.0)])[0].ToArray<double>();
        product[0].ShouldBe((2 * -2.0 * 0.5) + (2 * 1.5 * 2), 1e-12);
        product[1].ShouldBe((2 * 1.5 * 0.5) + (6 * -2.0 * 2), 1e-12);
        Should.Throw<ThalwegException>(
            () => Gradients.HessianVector(f, [x], [])).Message.ShouldContain("one vector for each of 1 tensors, got 0");
    }

    [Fact]
    public void Independent_tensors_have_zero_gradient_and_misuse_is_named()
    {
        Tensor x = Leaf(1.0), y = Leaf(2.0, 3.0);
        Tensor[] gradients = Gradients.Of(x.Square(), x, y);
        gradients[0].Item().ShouldBe(2);
        gradients[1].ToArray<double>().ShouldBe([0, 0]);
        Should.Throw<ThalwegException>(() => Gradients.Of(y.Square(), y)).Message.ShouldContain("a scalar to differentiate");
        Should.Throw<ThalwegException>(
            () => Gradients.Of(x.Square(), Tensor.Ones([1], DType.Float64))).Message.ShouldContain("set RequiresGrad");
        Should.Throw<ThalwegException>(() => Tensor.Ones([1]).Sum().Backward()).Message.ShouldContain("set RequiresGrad on the parameters");
        Should.Throw<ThalwegException>(() => Gradients.Of(y, Tensor.Ones([3], DType.Float64), [y],
            createGraph: false)).Message.ShouldContain("a cotangent of shape [2]");
        Should.Throw<ThalwegException>(() => Tensor.Vector(1).RequiresGrad = true).Message.ShouldContain("got Int32");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("sum", false)]
    [InlineData("exp", false)]
    [InlineData("linear", true)]
    public void Masks_of_rectified_layers_are_right_however_their_results_are_used(string otherUse, bool turned)
    {
        RandomStream stream = new(7, RandomPurpose.User);
        Tensor Draw(Shape shape)
        {
            Tensor x = Tensor.Zeros(shape, DType.Float64);
            foreach (ref double value in x.AsSpan<double>())
                value = stream.NextNormal();
            x.RequiresGrad = true;
            return x;
        }

        // Turned: rows few enough, and widths large enough, that the product itself is computed turned.
        (int rows, int inner, int outer) = turned ? (16, 90, 90) : (9, 20, 11);
        Tensor x = Draw([rows, 6]), first = Draw([6, inner]), bias = Draw([inner]), second = Draw([inner, outer]), third = Draw([outer, 2]);
        // A use of the first layer's result before the layer that masks, which the walk back meets after it; of the second's, the
        // other way round.
        Tensor Other(Tensor layer) => otherUse switch
        {
            "sum" => layer.Sum(),
            "exp" => layer.Exp().Sum(),
            "linear" => layer.Linear(second).Sum(),
            _ => Tensor.Scalar(0, DType.Float64),
        };
        Tensor hidden = x.Linear(first, bias, Activation.Relu), before = Other(hidden);
        Tensor next = hidden.Linear(second, null, Activation.Relu), loss = next.Linear(third).Square().Sum();
        loss += before + (otherUse == "linear" ? next.Sum() : Other(next));
        Tensor[] parameters = [x, first, bias, second, third, hidden];
        Tensor[] fused = Gradients.Of(loss, parameters), composed = Gradients.OfWithGraph(loss, parameters);
        Tensor[] withoutHidden = Gradients.Of(loss, parameters.AsSpan(0, 5));
        for (int i = 0; i < parameters.Length; i++)
        {
            double[] expected = composed[i].ToArray<double>(), actual = fused[i].ToArray<double>();
            for (int j = 0; j < expected.Length; j++)
                actual[j].ShouldBe(expected[j], 1e-9 * (1 + Math.Abs(expected[j])), $"tensor {i} element {j}");
            if (i < withoutHidden.Length)
                withoutHidden[i].ToArray<double>().ShouldBe(actual);
        }

        double[] values = hidden.ToArray<double>(), cotangent = fused[^1].ToArray<double>();
        Enumerable.Range(0, values.Length).Any(i => values[i] == 0 && cotangent[i] != 0).ShouldBeTrue("a wanted cotangent is not masked");
    }

    [Fact]
    public void Nothing_is_recorded_without_grad()
    {
        Tensor x = Leaf(1.0);
        using (NoGrad.Begin())
            x.Exp().RequiresGrad.ShouldBeFalse();

        x.Exp().RequiresGrad.ShouldBeTrue();
        x.Exp().IsLeaf.ShouldBeFalse();
        x.Exp().Detach().RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void A_leaf_that_the_result_does_not_reach_any_more_gets_a_zero_gradient()
    {
        Tensor x = Leaf(3.0), y = Leaf(4.0);
        (x * y).Sum().Backward();
        x.Gradient!.Item().ShouldBe(4);
        (x.Step() * y).Sum().Backward();
        x.Gradient!.Item().ShouldBe(0);
        y.Gradient!.Item().ShouldBe(1);
    }

    [Fact]
    public void A_check_finds_a_wrong_derivative()
    {
        GradientCheck.FirstOrder(x => x[0].Detach() * x[0], [Tensor.Vector(2.0)]).ShouldBeGreaterThan(0.1);
        Should.Throw<ThalwegException>(
            () => GradientCheck.FirstOrder(x => x[0], [Tensor.Vector(2f)])).Message.ShouldContain("expected Float64");
    }

    [Fact]
    public void A_custom_operation_is_differentiated()
    {
        GradientCheck.FirstOrder(x => Cube.Instance.Apply(default, x[0]), [Tensor.Vector(1.5, -0.5)]).ShouldBeLessThan(1e-8);
        GradientCheck.SecondOrder(x => Cube.Instance.Apply(default, x[0]), [Tensor.Vector(1.5, -0.5)]).ShouldBeLessThan(1e-8);
    }

    private static Tensor Leaf(params double[] values)
    {
        Tensor x = Tensor.Vector<double>(values);
        x.RequiresGrad = true;
        return x;
    }

    private sealed class Cube : Op
    {
        public static readonly Cube Instance = new();

        public override string Name => "cube";

        protected internal override Tensor Forward(ref OpCall call)
        {
            double[] x = call[0].ToArray<double>();
            return Tensor.From(Array.ConvertAll(x, v => v * v * v), call[0].Shape);
        }

        protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
            gx.Add(0, gy * call[0].Square() * 3);
    }
}
