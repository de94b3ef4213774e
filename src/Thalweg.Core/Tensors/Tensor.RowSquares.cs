using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Squared lengths of rows.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>Sum of the squares of each row in one pass, without derivatives.</summary>
    /// <returns><c>[rows]</c> for this tensor of shape <c>[rows, columns]</c>.</returns>
    /// <exception cref="ThalwegException">This is no matrix of floating-point numbers; reshape or convert it.</exception>
    public Tensor SumSquaresOfRows() => Rank != 2
        ? throw new ThalwegException($"[sum squares of rows] expected a matrix [rows, columns], got {Shape}; reshape it")
        : DType == DType.Float32 ? SumSquaresOfRows<float>()
        : DType == DType.Float64 ? SumSquaresOfRows<double>()
        : throw new ThalwegException($"[sum squares of rows] expected floating-point numbers, got {DType}; convert with To");

    private Tensor SumSquaresOfRows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor x = AsContiguous(), y = Allocate([Shape[0]], DType, "sum of squares");
        Reduce.SumSquaresOfRows(x.Pointer<T>(), Shape[0], Shape[1], y.Pointer<T>());
        GC.KeepAlive(x);
        return y;
    }
}
