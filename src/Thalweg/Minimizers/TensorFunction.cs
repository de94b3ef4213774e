namespace Thalweg.Minimizers;

/// <summary>A function of tensors; its recorded gradient at the last point serves all products there.</summary>
internal sealed class TensorFunction(Func<Tensor, Tensor> loss, Func<Tensor, Tensor>? outputs) : ObjectiveFunction
{
    private Tensor? _point;

    public override bool HasHessian => true;

    public override bool HasGaussNewton => outputs is not null;

    public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        Tensor x = MoveTo(point), y = Scalar(x, out _);
        Copy(Gradients.Of(y, x)[0], gradient);
        return y.Item();
    }

    public override void MultiplyHessian(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product)
    {
        Tensor x = MoveTo(point);
        Copy(Gradients.HessianVector(Scalar(x, out _), [x], [Tensor.Vector(vector)])[0], product);
    }

    public override void MultiplyGaussNewton(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product)
    {
        if (outputs is null)
        {
            base.MultiplyGaussNewton(point, vector, product);
            return;
        }

        Tensor x = MoveTo(point), y = Scalar(x, out Tensor? through);
        Copy(Gradients.GaussNewtonVector(y, through!, [x], [Tensor.Vector(vector)])[0], product);
    }

    private static void Copy(Tensor from, Span<double> to) => from.AsContiguous().AsSpan<double>().CopyTo(to);

    private Tensor MoveTo(ReadOnlySpan<double> point)
    {
        if (_point is null || !point.SequenceEqual(_point.AsSpan<double>()))
        {
            _point = Tensor.Vector(point);
            _point.RequiresGrad = true;
        }

        return _point;
    }

    private Tensor Scalar(Tensor x, out Tensor? through)
    {
        through = outputs?.Invoke(x);
        Tensor y = loss(through ?? x);
        if (y.Length != 1 || y.DType != DType.Float64)
        {
            throw new ThalwegException(
                $"[minimizer] expected a Float64 scalar from the function, got {y.DType} {y.Shape}; sum it, or convert its constants");
        }

        return y;
    }
}
