using MathNet.Numerics.LinearAlgebra;

namespace Thalweg.LinearAlgebra;

/// <summary>What operations on square matrices share.</summary>
internal static class SquareMatrices
{
    /// <summary>Refuses what is not <c>[..., n, n]</c> of floating-point numbers.</summary>
    public static void Check(string operation, Tensor x)
    {
        if (x.Rank < 2 || x.Shape[-1] != x.Shape[-2])
            Throw.WrongShape(operation, "square matrices [..., n, n]", x.Shape);

        if (!x.DType.IsFloat())
            Throw.NeedsFloat(operation, x.DType);
    }

    /// <summary>A function of each matrix.</summary>
    public static Tensor Each(Tensor x, string operation, Func<Matrix<double>, Matrix<double>> function)
    {
        Check(operation, x);
        Tensor source = x.AsContiguous(), result = Tensor.Zeros(x.Shape, x.DType);
        int n = x.Shape[-1];
        long size = (long)n * n;
        for (long start = 0; start < x.Length; start += size)
        {
            long first = start;
            Matrix<double> y = Apply(function, Matrix<double>.Build.Dense(n, n, (i, j) => source.Read(first + ((long)i * n) + j)),
                (start / size, x.Length / size));
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    result.Write(start + ((long)i * n) + j, y[i, j]);
            }
        }

        return result;
    }

    /// <summary>The function of one matrix; its error says which one of several.</summary>
    private static Matrix<double> Apply(Func<Matrix<double>, Matrix<double>> function, Matrix<double> x, (long Index, long Count) position)
    {
        try
        {
            return function(x);
        }
        catch (ThalwegException error) when (position.Count > 1)
        {
            throw new ThalwegException($"{error.Message}; it is matrix {position.Index} of {position.Count}", error);
        }
    }

    /// <summary>1 below the diagonal, <paramref name="diagonal"/> on it, 0 above.</summary>
    public static Tensor LowerMask(int n, double diagonal, DType dtype)
    {
        Tensor mask = Tensor.Zeros([n, n], dtype);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
                mask.Write(((long)i * n) + j, i == j ? diagonal : 1);
        }

        return mask;
    }
}
