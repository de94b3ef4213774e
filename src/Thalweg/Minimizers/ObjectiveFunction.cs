namespace Thalweg.Minimizers;

/// <summary>A function to minimize with what is known of its second derivatives.</summary>
/// <remarks>
/// Methods that need more than the gradient ask for it: exact Hessian-vector products where there are some, else differences of gradients;
/// Gauss-Newton products or a Jacobian for the methods of least squares, which refuse a function without them.
/// </remarks>
public abstract class ObjectiveFunction
{
    /// <summary>Whether <see cref="MultiplyHessian"/> is exact; where not, gradients at two points are compared.</summary>
    public virtual bool HasHessian => false;

    /// <summary>Whether <see cref="MultiplyGaussNewton"/> is there.</summary>
    public virtual bool HasGaussNewton => ResidualCount > 0;

    /// <summary>Number of residuals m that <see cref="Linearize"/> gives; 0 where the function is not given as a sum of squares.</summary>
    public virtual int ResidualCount => 0;

    /// <summary>Value and gradient.</summary>
    /// <param name="point">Where, <c>[n]</c>.</param>
    /// <param name="gradient">Takes the gradient, <c>[n]</c>.</param>
    /// <returns>The value.</returns>
    public abstract double Evaluate(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>The Hessian times a vector.</summary>
    /// <param name="point">Where, <c>[n]</c>.</param>
    /// <param name="vector">The vector, <c>[n]</c>.</param>
    /// <param name="product">Takes H v, <c>[n]</c>.</param>
    /// <exception cref="ThalwegException">The function has no exact product; give one.</exception>
    public virtual void MultiplyHessian(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product) =>
        throw Missing("Hessian products", "give a HessianProduct or write the function with tensors");

    /// <summary>The Gauss-Newton matrix J' H J times a vector: J the Jacobian of residuals or network outputs, H the Hessian of the
    /// loss by them.</summary>
    /// <param name="point">Where, <c>[n]</c>.</param>
    /// <param name="vector">The vector, <c>[n]</c>.</param>
    /// <param name="product">Takes G v, <c>[n]</c>.</param>
    /// <exception cref="ThalwegException">The function is no sum of squares and no network; take another method.</exception>
    public virtual void MultiplyGaussNewton(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product) =>
        throw Missing("Gauss-Newton products", "give its residuals, or take newton_cg, lbfgs or trust_region");

    /// <summary>Residuals and their Jacobian.</summary>
    /// <param name="point">Where, <c>[n]</c>.</param>
    /// <param name="residuals">Takes the residuals, <c>[m]</c>.</param>
    /// <param name="jacobian">Takes the Jacobian, <c>[m, n]</c>, row by row.</param>
    /// <exception cref="ThalwegException">The function is not given by residuals; give them.</exception>
    public virtual void Linearize(ReadOnlySpan<double> point, Span<double> residuals, Span<double> jacobian) =>
        throw Missing("residuals", "give its residuals, or take newton_cg, lbfgs or trust_region");

    /// <summary>A function given by value and gradient.</summary>
    /// <param name="objective">Value and gradient.</param>
    /// <param name="hessian">Hessian-vector product; left out, gradients at two points are compared.</param>
    public static ObjectiveFunction Of(Objective objective, HessianProduct? hessian = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return new DelegateFunction(objective, hessian);
    }

    /// <summary>Half the sum of squares of residuals.</summary>
    /// <param name="count">Number of residuals m, 1 or more.</param>
    /// <param name="residuals">Residuals and Jacobian.</param>
    /// <exception cref="ThalwegException">The number is below 1; give another.</exception>
    public static ObjectiveFunction OfResiduals(int count, ResidualFunction residuals)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        return count > 0
            ? new LeastSquaresFunction(count, residuals)
            : throw new ThalwegException($"[minimizer] expected 1 or more residuals, got {count}; give another number");
    }

    /// <summary>A function written with tensors: gradient and Hessian products come from automatic differentiation.</summary>
    /// <param name="function">From a Float64 vector <c>[n]</c> to a scalar.</param>
    public static ObjectiveFunction Of(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new TensorFunction(function, null);
    }

    /// <summary>A loss of outputs written with tensors, as a network has it: Gauss-Newton products come too.</summary>
    /// <param name="outputs">From a Float64 vector <c>[n]</c> to outputs of any shape.</param>
    /// <param name="loss">From the outputs to a scalar; convex in them, so that the Gauss-Newton matrix is positive semidefinite.</param>
    public static ObjectiveFunction Of(Func<Tensor, Tensor> outputs, Func<Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(loss);
        return new TensorFunction(loss, outputs);
    }

    private static ThalwegException Missing(string what, string remedy) =>
        new($"[minimizer] expected a function with {what}, got one without; {remedy}");
}

/// <summary>A function of delegates.</summary>
internal sealed class DelegateFunction(Objective objective, HessianProduct? hessian) : ObjectiveFunction
{
    public override bool HasHessian => hessian is not null;

    public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient) => objective(point, gradient);

    public override void MultiplyHessian(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product)
    {
        if (hessian is null)
        {
            base.MultiplyHessian(point, vector, product);
            return;
        }

        hessian(point, vector, product);
    }
}

/// <summary>Half the sum of squares; the Jacobian of the last point is kept for products there.</summary>
internal sealed class LeastSquaresFunction(int count, ResidualFunction residuals) : ObjectiveFunction
{
    private readonly double[] _residuals = new double[count];
    private double[] _jacobian = [], _point = [];

    public override int ResidualCount => count;

    public override double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        MoveTo(point);
        gradient.Clear();
        for (int i = 0; i < count; i++)
            VectorMath.Add(_residuals[i], Row(i), gradient);

        return VectorMath.Dot(_residuals, _residuals) / 2;
    }

    public override void MultiplyGaussNewton(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product)
    {
        MoveTo(point);
        product.Clear();
        for (int i = 0; i < count; i++)
            VectorMath.Add(VectorMath.Dot(Row(i), vector), Row(i), product);
    }

    public override void Linearize(ReadOnlySpan<double> point, Span<double> residuals, Span<double> jacobian)
    {
        MoveTo(point);
        _residuals.CopyTo(residuals);
        _jacobian.CopyTo(jacobian);
    }

    private void MoveTo(ReadOnlySpan<double> point)
    {
        if (point.SequenceEqual(_point))
            return;

        if (_point.Length != point.Length)
            (_point, _jacobian) = (new double[point.Length], new double[checked(point.Length * count)]);

        point.CopyTo(_point);
        residuals(point, _residuals, _jacobian);
    }

    private ReadOnlySpan<double> Row(int i) => _jacobian.AsSpan(i * _point.Length, _point.Length);
}
