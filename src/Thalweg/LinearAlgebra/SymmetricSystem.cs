using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Thalweg.LinearAlgebra;

/// <summary>Solutions of dense symmetric systems in double.</summary>
internal static class SymmetricSystem
{
    /// <summary>The Cholesky factorization of a matrix plus a multiple of the identity; null where that is not positive definite.</summary>
    public static Cholesky<double>? Factorize(Matrix<double> matrix, double shift = 0)
    {
        Matrix<double> shifted = matrix;
        if (shift != 0)
        {
            shifted = matrix.Clone();
            for (int i = 0; i < matrix.RowCount; i++)
                shifted[i, i] += shift;
        }

        // Cheaper than the exception of the factorization, and enough in most cases.
        for (int i = 0; i < shifted.RowCount; i++)
        {
            if (!(shifted[i, i] > 0))
                return null;
        }

        try
        {
            return shifted.Cholesky();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Eigenvalues, ascending, and orthonormal eigenvectors in columns.</summary>
    public static (Vector<double> Values, Matrix<double> Vectors) Decompose(Matrix<double> matrix)
    {
        Evd<double> eigen = matrix.Evd(Symmetricity.Symmetric);
        return (eigen.EigenValues.Real(), eigen.EigenVectors);
    }
}
