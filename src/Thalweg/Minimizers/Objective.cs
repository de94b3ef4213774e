namespace Thalweg.Minimizers;

/// <summary>A function to minimize.</summary>
/// <param name="point">Where, <c>[n]</c>; not to be kept.</param>
/// <param name="gradient">Takes the gradient there, <c>[n]</c>; all of it must be written.</param>
/// <returns>The value.</returns>
public delegate double Objective(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>The product of a function's matrix of second derivatives with a vector.</summary>
/// <param name="point">Where, <c>[n]</c>; not to be kept.</param>
/// <param name="vector">The vector v, <c>[n]</c>.</param>
/// <param name="product">Takes H v, <c>[n]</c>; all of it must be written.</param>
public delegate void HessianProduct(ReadOnlySpan<double> point, ReadOnlySpan<double> vector, Span<double> product);

/// <summary>Residuals r of which half the sum of squares is to be minimized, with their Jacobian.</summary>
/// <param name="point">Where, <c>[n]</c>; not to be kept.</param>
/// <param name="residuals">Takes the residuals, <c>[m]</c>.</param>
/// <param name="jacobian">Takes their derivatives, <c>[m, n]</c>, row by row; all of it must be written.</param>
public delegate void ResidualFunction(ReadOnlySpan<double> point, Span<double> residuals, Span<double> jacobian);
