using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.LinearAlgebra;

/// <summary>The lower triangular factor of each symmetric positive definite matrix.</summary>
internal sealed class CholeskyOp : Op
{
    public static readonly CholeskyOp Instance = new();

    public override string Name => "cholesky";

    protected internal override Tensor Forward(ref OpCall call) => SquareMatrices.Each(call[0], Name, Factorize);

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Inputs("matrix");

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        // With P = L' gL, of which the lower triangle with half the diagonal is kept: gX = L^-T P L^-1, made symmetric.
        int n = y.Shape[-1];
        Tensor lower = gy.Multiply(SquareMatrices.LowerMask(n, 1, gy.DType)), inverse = y.Inverse();
        Tensor p = y.Transpose().MatMul(lower).Multiply(SquareMatrices.LowerMask(n, 0.5, gy.DType));
        Tensor g = inverse.Transpose().MatMul(p).MatMul(inverse);
        gx.Add(0, g.Add(g.Transpose()).Multiply(0.5));
    }

    private static Matrix<double> Factorize(Matrix<double> x)
    {
        try
        {
            return x.Cholesky().Factor;
        }
        catch (ArgumentException)
        {
            throw new ThalwegException(
                "[cholesky] expected a positive definite matrix, got one that is not; add a multiple of the identity");
        }
    }
}
