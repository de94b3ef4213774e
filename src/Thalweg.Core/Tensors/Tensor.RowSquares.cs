using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Squared lengths of rows.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>Sum of the squares of each row of <c>[rows, columns]</c> in one pass, without derivatives: <c>[rows]</c>.</summary>
    internal Tensor SumSquaresOfRows() => DType == DType.Float32 ? SumSquaresOfRows<float>() : SumSquaresOfRows<double>();

    private Tensor SumSquaresOfRows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor x = Packed(), y = Allocate([Shape[0]], DType, "sum of squares");
        Reduce.SumSquaresOfRows(x.Pointer<T>(), Shape[0], Shape[1], y.Pointer<T>());
        GC.KeepAlive(x);
        return y;
    }
}
