using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.Minimizers;

/// <summary>Whole matrices of second derivatives.</summary>
internal static class DenseCurvature
{
    /// <summary>The Hessian at a place, from n products.</summary>
    public static Matrix<double> Hessian(CurrentPoint current) =>
        Build(current.Point.Length, (vector, product) => current.Evaluator.MultiplyHessian(current, vector, product));

    /// <summary>The Gauss-Newton matrix at a place, from n products.</summary>
    public static Matrix<double> GaussNewton(CurrentPoint current) =>
        Build(current.Point.Length, (vector, product) => current.Evaluator.MultiplyGaussNewton(current, vector, product));

    /// <summary>The mean of the matrix of the columns and its transpose: differences of gradients are not quite symmetric.</summary>
    private static Matrix<double> Build(int n, Action<double[], double[]> multiply)
    {
        Matrix<double> matrix = Matrix<double>.Build.Dense(n, n);
        double[] vector = new double[n], product = new double[n];
        for (int j = 0; j < n; j++)
        {
            vector[j] = 1;
            multiply(vector, product);
            matrix.SetColumn(j, product);
            vector[j] = 0;
        }

        return (matrix + matrix.Transpose()) / 2;
    }
}
