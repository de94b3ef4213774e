using System.Numerics;
using System.Runtime.CompilerServices;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>max(a + b, 0) of tensors of equal shape.</summary>
internal sealed unsafe class AddReluOp : FloatOp
{
    public static readonly AddReluOp Instance = new();

    public override string Name => "add relu";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Pairwise).Inputs("left", "right")
            .Attribute("activation", Activation.Relu)
            .Value(
                new InnerValue(InnerValue.PreActivation, IsStored: false), static (call, _) => call[0].Add(call[1]),
                static (_, y, gy) => y.Step().MultiplyMasked(gy));

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor a = call[0].AsContiguous(), b = call[1].AsContiguous(), y = Tensor.Allocate(a.Shape, a.DType, Name);
        Zip.Run(new RectifiedSum<T>(), a.Pointer<T>(), b.Pointer<T>(), y.Pointer<T>(), (nint)y.Length);
        Lifetime.KeepAlive(a, b);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        Share(y.Step().MultiplyMasked(gy), ref gx);

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor g = gy.AsContiguous(), gz = Tensor.Allocate(y.Shape, y.DType, Name);
        Zip.Run(new ReluGradient<T>(), g.Pointer<T>(), y.Pointer<T>(), gz.Pointer<T>(), (nint)y.Length);
        GC.KeepAlive(g);
        Share(gz, ref gx);
        return true;
    }

    private static void Share(Tensor gz, ref Cotangents gx)
    {
        for (int i = 0; i < 2; i++)
        {
            if (gx.Wants(i))
                gx.Add(i, gz);
        }
    }

    /// <summary>max(a + b, 0); NaN stays NaN.</summary>
    private readonly struct RectifiedSum<T> : IBinaryFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V a, V b)
            where V : unmanaged, ISimdVector<V, T> => default(Relu<T>).Apply(a + b);
    }
}
