using Thalweg.Core.Tests.Ops;

namespace Thalweg.Core.Tests.Autograd;

/// <summary>Products of vectors with Jacobian, Hessian and Gauss-Newton matrix against matrices formed entry by entry.</summary>
public sealed class VectorProductsTests
{
    private readonly Tensor _x = OpCases.Values([5, 3], 600), _w = Leaf(OpCases.Values([3, 2], 601)), _b = Leaf(OpCases.Values([2], 602));
    private readonly Tensor _v = OpCases.Values([3, 2], 603), _c = OpCases.Values([2], 604), _labels = Tensor.Vector(0, 1, 1, 0, 1);

    [Fact]
    public void Jacobian_vector_product_is_the_change_along_the_vector()
    {
        double[] product = Gradients.JacobianVector(Outputs(_w, _b), [_w, _b], [_v, _c]).ToArray<double>();
        double h = 1e-6;
        double[] high = Outputs(_w + (h * _v), _b + (h * _c)).ToArray<double>(), low = Outputs(_w - (h * _v), _b - (h * _c))
            .ToArray<double>();
        for (int i = 0; i < product.Length; i++)
            product[i].ShouldBe((high[i] - low[i]) / (2 * h), 1e-8);
    }

    [Fact]
    public void Jacobian_vector_and_vector_jacobian_products_are_adjoint()
    {
        Tensor u = OpCases.Values([5, 2], 605);
        Tensor[] back = Gradients.VectorJacobian(Outputs(_w, _b), [_w, _b], u);
        double left = (u * Gradients.JacobianVector(Outputs(_w, _b), [_w, _b], [_v, _c])).Sum().Item();
        double right = (back[0] * _v).Sum().Item() + (back[1] * _c).Sum().Item();
        left.ShouldBe(right, 1e-12);
    }

    [Fact]
    public void Hessian_vector_product_is_the_change_of_the_gradient()
    {
        Tensor[] product = Gradients.HessianVector(LossOf(Outputs(_w, _b)), [_w, _b], [_v, _c]);
        double h = 1e-5;
        double[] high = GradientAt(h), low = GradientAt(-h), found = product[0].ToArray<double>();
        for (int i = 0; i < found.Length; i++)
            found[i].ShouldBe((high[i] - low[i]) / (2 * h), 1e-8);

        double[] GradientAt(double t)
        {
            Tensor w = Leaf(_w.Detach() + (t * _v)), b = Leaf(_b.Detach() + (t * _c));
            return Gradients.Of(LossOf(Outputs(w, b)), w, b)[0].ToArray<double>();
        }
    }

    [Fact]
    public void Gauss_newton_product_equals_its_definition_and_the_hessian_of_a_linear_network()
    {
        Tensor outputs = Outputs(_w, _b);
        Tensor[] product = Gradients.GaussNewtonVector(LossOf(outputs), outputs, [_w, _b], [_v, _c]);
        Tensor jv = Gradients.JacobianVector(outputs, [_w, _b], [_v, _c]), leaf = Leaf(outputs);
        Tensor[] expected = Gradients.VectorJacobian(outputs, [_w, _b], Gradients.HessianVector(LossOf(leaf), [leaf], [jv])[0]);
        Near(product[0], expected[0]);
        Near(product[1], expected[1]);

        Tensor linear = _x.Linear(_w, _b);
        Tensor[] gauss = Gradients.GaussNewtonVector(LossOf(linear), linear, [_w, _b], [_v, _c]);
        Tensor[] hessian = Gradients.HessianVector(LossOf(linear), [_w, _b], [_v, _c]);
        Near(gauss[0], hessian[0]);
        Near(gauss[1], hessian[1]);
    }

    [Fact]
    public void Vectors_that_do_not_fit_are_named()
    {
        Should.Throw<ThalwegException>(() => Gradients.JacobianVector(Outputs(_w, _b), [_w, _b], [_v]))
            .Message.ShouldBe("[jacobian vector] expected one vector for each of 2 tensors, got 1");
        Should.Throw<ThalwegException>(() => Gradients.HessianVector(LossOf(Outputs(_w, _b)), [_w], [_c]))
            .Message.ShouldBe("[hessian vector] expected a vector of shape [3, 2] for tensor 0, got [2]");
    }

    private static Tensor Leaf(Tensor x)
    {
        Tensor leaf = x.Clone();
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static void Near(Tensor found, Tensor expected)
    {
        double[] a = found.ToArray<double>(), b = expected.ToArray<double>();
        for (int i = 0; i < a.Length; i++)
            a[i].ShouldBe(b[i], 1e-12);
    }

    private Tensor Outputs(Tensor w, Tensor b) => _x.Linear(w, b, Activation.Tanh).MatMul(w.Transpose()).Linear(w).Mish();

    private Tensor LossOf(Tensor outputs) => outputs.SoftmaxCrossEntropy(_labels);
}
