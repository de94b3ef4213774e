using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>An operation on each element by itself.</summary>
internal abstract unsafe class UnaryOp : FloatOp
{
    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Elementwise).Inputs("input");

    /// <summary>y = f(x) for n elements.</summary>
    protected abstract void Map<T>(in OpArguments arguments, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>gx = gy f'(x) for n elements, from whichever of x and y = f(x) is at hand.</summary>
    protected abstract void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    protected sealed override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0].AsContiguous();
        Tensor y = Tensor.Allocate(x.Shape, x.DType, Name);
        Map(call.Arguments, x.Pointer<T>(), y.Pointer<T>(), (nint)x.Length);
        GC.KeepAlive(x);
        return y;
    }

    protected sealed override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0].AsContiguous(), packed = gy.AsContiguous();
        Tensor target = gx.Target(0, out bool accumulate);
        Tensor result = accumulate ? Tensor.Allocate(x.Shape, x.DType, Name) : target;
        Elements<T> elements = new(packed.Pointer<T>(), x.Pointer<T>(), y.Pointer<T>());
        MapGradient(call.Arguments, elements, result.Pointer<T>(), (nint)x.Length);
        if (accumulate)
            Zip.Run(new Add<T>(), target.Pointer<T>(), result.Pointer<T>(), target.Pointer<T>(), (nint)x.Length);

        Lifetime.KeepAlive(x, packed, result);
        return true;
    }

    /// <summary>What an element-wise derivative can be computed from.</summary>
    protected readonly struct Elements<T>(T* gy, T* x, T* y)
        where T : unmanaged
    {
        /// <summary>Cotangent of the result.</summary>
        public readonly T* Gy = gy;

        /// <summary>Input.</summary>
        public readonly T* X = x;

        /// <summary>Result.</summary>
        public readonly T* Y = y;
    }
}
