namespace Thalweg.LinearAlgebra;

/// <summary>Factorizations of square matrices as differentiable operations; they compute in double whatever the element type.</summary>
public static class Matrices
{
    /// <summary>The inverse of each matrix.</summary>
    /// <param name="x">Square matrices <c>[..., n, n]</c>.</param>
    /// <returns><c>[..., n, n]</c>.</returns>
    /// <exception cref="ThalwegException">The matrices are not square, or one is singular.</exception>
    /// <remarks>d(X^-1) = -X^-1 dX X^-1. Source: Petersen, Pedersen, "The matrix cookbook", 2012, eq. (59).</remarks>
    public static Tensor Inverse(this Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return InverseOp.Instance.Apply(default, x);
    }

    /// <summary>The lower triangular factor L of each symmetric positive definite matrix, X = L L'.</summary>
    /// <param name="x">Matrices <c>[..., n, n]</c>; of one that is not symmetric, (X + X') / 2 is factorized.</param>
    /// <returns><c>[..., n, n]</c>, zeros above the diagonal.</returns>
    /// <exception cref="ThalwegException">The matrices are not square, or one is not positive definite.</exception>
    /// <remarks>Source of the derivative: Murray, "Differentiation of the Cholesky decomposition", arXiv 1602.07527, eq. (10).</remarks>
    public static Tensor Cholesky(this Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        SquareMatrices.Check("cholesky", x);
        return CholeskyOp.Instance.Apply(default, x.Add(x.Transpose()).Multiply(0.5));
    }
}
