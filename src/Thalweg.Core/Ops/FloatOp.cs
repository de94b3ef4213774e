using System.Numerics;

namespace Thalweg;

/// <summary>An operation on floating-point tensors: finds the element type once, the rest is generic.</summary>
internal abstract class FloatOp : Op
{
    protected internal sealed override Tensor Forward(ref OpCall call)
    {
        for (int i = 1; i < call.Count; i++)
        {
            if (call[i].DType.IsFloat())
                Throw.IfTypesDiffer(Name, call[0], call[i]);
        }

        switch (call[0].DType)
        {
            case DType.Float32:
                return Forward<float>(ref call);
            case DType.Float64:
                return Forward<double>(ref call);
            default:
                Throw.NeedsFloat(Name, call[0].DType);
                return null;
        }
    }

    protected internal sealed override bool TryFusedVjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gy.DType == DType.Float32 ? TryFusedVjp<float>(call, y, gy, ref gx) : TryFusedVjp<double>(call, y, gy, ref gx);

    protected abstract Tensor Forward<T>(ref OpCall call)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    protected virtual bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => false;
}
