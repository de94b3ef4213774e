using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Thalweg.LinearAlgebra;

/// <summary>The inverse of each matrix.</summary>
internal sealed class InverseOp : Op
{
    public static readonly InverseOp Instance = new();

    public override string Name => "inverse";

    protected internal override Tensor Forward(ref OpCall call) => SquareMatrices.Each(call[0], Name, Invert);

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Inputs("matrix");

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor transposed = y.Transpose();
        gx.Add(0, transposed.MatMul(gy).MatMul(transposed).Negate());
    }

    private static Matrix<double> Invert(Matrix<double> x)
    {
        LU<double> factors = x.LU();
        for (int i = 0; i < x.RowCount; i++)
        {
            if (!(Math.Abs(factors.U[i, i]) > 0))
            {
                throw new ThalwegException(
                    $"[inverse] expected an invertible matrix, got one whose pivot {i} is {factors.U[i, i]}; add a multiple of the " +
                    "identity or check its rows");
            }
        }

        return factors.Inverse();
    }
}
