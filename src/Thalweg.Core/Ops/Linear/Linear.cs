using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Affine map of a dense layer.</content>
public sealed partial class Tensor
{
    /// <summary>activation(x W + b): the dense layer in one operation, bias and activation applied as the product is written.</summary>
    /// <param name="weight">W <c>[in, out]</c>.</param>
    /// <param name="bias">b <c>[out]</c>, or null for none.</param>
    /// <param name="activation">Applied to each element; default none.</param>
    /// <returns><c>[..., out]</c> for this tensor of shape <c>[..., in]</c>.</returns>
    /// <remarks>y[..., o] = f(b[o] + sum over i of x[..., i] W[i, o]). Source: Rumelhart, Hinton, Williams, "Learning representations by
    /// back-propagating errors", Nature 323, 1986, equation 1; Goodfellow, Bengio, Courville, "Deep learning", 2016, section 6.3.</remarks>
    /// <exception cref="ThalwegException">The sizes do not fit, or the element types differ.</exception>
    public Tensor Linear(Tensor weight, Tensor? bias = null, Activation activation = Activation.None) => LinearOp.IsFused(activation)
        ? LinearOp.Instance.Apply(new OpArguments { First = (int)activation }, this, weight, bias)
        : LinearOp.Instance.Apply(default, this, weight, bias).Activate(activation);
}

/// <summary>activation(x W + b).</summary>
internal sealed unsafe class LinearOp : FloatOp
{
    public static readonly LinearOp Instance = new();

    public override string Name => "linear";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Affine((Activation)arguments.First).Value(
            new InnerValue(InnerValue.PreActivation, (Activation)arguments.First == Activation.None),
            static (call, y) => y is not null && (Activation)call.Arguments.First == Activation.None
                ? y
                : call[0].Linear(call[1], call.Count > 2 ? call[2] : null),
            static (call, y, gy) => BeforeActivation(call, y, gy)).SampleGradients(OfSamples);

    /// <summary>Whether the activation's derivative follows from its result, so that x W + b need not be kept.</summary>
    public static bool IsFused(Activation activation) =>
        activation is Activation.None or Activation.Relu or Activation.Tanh or Activation.Sigmoid;

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor x = call[0], w = call[1];
        Check(call);
        int inputs = w.Shape[0], outputs = w.Shape[1], rows = (int)(x.Length / Math.Max(inputs, 1));
        x = x.AsContiguous();
        w = MatMulOp.Ready(w);
        Tensor? b = call.Count > 2 ? call[2].AsContiguous() : null;
        Tensor y = Tensor.Allocate(x.Shape.With(-1, outputs), x.DType, Name);
        Activation activation = (Activation)call.Arguments.First;
        Epilogue<T> epilogue = new()
        {
            Bias = b is null ? null : b.Pointer<T>(),
            Activation = activation == Activation.Relu ? FusedActivation.Relu : FusedActivation.None,
        };
        T* target = y.Pointer<T>();
        Kernels.MatMul.Multiply(new Matrix<T>(x.Pointer<T>(), rows, inputs, inputs, 1), MatMulOp.View<T>(w), target, outputs, epilogue);
        switch (activation)
        {
            case Activation.Tanh: Map.Run(new Tanh<T>(), target, target, (nint)y.Length); break;
            case Activation.Sigmoid: Map.Run(new Sigmoid<T>(), target, target, (nint)y.Length); break;
            default: break;
        }

        Lifetime.KeepAlive(x, w, b);
        return y;
    }

    /// <summary>x' gz for each sample, summed over its places.</summary>
    private static Tensor OfSamples(OpCall call, Tensor x, Tensor gz)
    {
        (int samples, Shape w) = (x.Shape[0], call[1].Shape);
        Tensor rows = x.Reshape([samples, checked((int)(x.Length / samples / w[0])), w[0]]);
        return rows.Transpose().MatMul(gz.Reshape([samples, rows.Shape[1], w[1]])).Reshape([samples, checked((int)w.Length)]);
    }

    /// <summary>Cotangent of x W + b from that of the result, in operations that can be differentiated again.</summary>
    public static Tensor BeforeActivation(in OpCall call, Tensor y, Tensor gy) => (Activation)call.Arguments.First switch
    {
        Activation.Relu => gy.Multiply(y.Step()),
        Activation.Tanh => gy.Multiply(y.Square().Negate().Add(1)),
        Activation.Sigmoid => gy.Multiply(y.Subtract(y.Square())),
        _ => gy,
    };

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor gz = BeforeActivation(call, y, gy);
        Tensor x = call[0], w = call[1];
        int rows = (int)(x.Length / Math.Max(w.Shape[0], 1));
        gz = gz.Reshape([rows, w.Shape[1]]);
        if (gx.Wants(0))
            gx.Add(0, gz.MatMul(w.Transpose()).Reshape(x.Shape));

        if (gx.Wants(1))
            gx.Add(1, x.Reshape([rows, w.Shape[0]]).Transpose().MatMul(gz));

        if (call.Count > 2 && gx.Wants(2))
            gx.Add(2, gz.Sum(0));
    }

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor x = call[0].AsContiguous(), w = MatMulOp.Ready(call[1]);
        int inputs = w.Shape[0], outputs = w.Shape[1], rows = (int)(x.Length / Math.Max(inputs, 1));
        Tensor gz = gx.IsMasked ? gy.AsContiguous() : Masked<T>((Activation)call.Arguments.First, y, gy.AsContiguous());
        Matrix<T> g = new(gz.Pointer<T>(), rows, outputs, outputs, 1);
        if (gx.Wants(1))
        {
            Tensor target = gx.Target(1, out bool accumulate);
            MatMulOp.Multiply(new Matrix<T>(x.Pointer<T>(), rows, inputs, inputs, 1).Transposed, g, target, accumulate);
        }

        if (call.Count > 2 && gx.Wants(2))
        {
            Tensor target = gx.Target(2, out bool accumulate);
            Reduce.SumColumns(gz.Pointer<T>(), rows, outputs, target.Pointer<T>(), accumulate);
        }

        if (gx.Wants(0))
        {
            bool mask = IsRectified(call[0]) && gx.TryMask(0);
            Tensor target = gx.Target(0, out bool accumulate);
            T* result = target.Pointer<T>();
            Epilogue<T> epilogue = new() { Accumulate = accumulate, MaskDistance = mask ? (nint)(x.Pointer<T>() - result) : 0 };
            Kernels.MatMul.Multiply(g, MatMulOp.View<T>(w).Transposed, result, inputs, epilogue);
            GC.KeepAlive(target);
        }

        Lifetime.KeepAlive(x, w, gz);
        return true;
    }

    /// <summary>Whether a tensor is the result of a dense layer with a rectifier, whose rule leaves the mask to the
    /// layer behind it.</summary>
    private static bool IsRectified(Tensor x) => x.Op is LinearOp && (Activation)x.Call.Arguments.First == Activation.Relu;

    /// <summary>Cotangent of x W + b from that of the result.</summary>
    private Tensor Masked<T>(Activation activation, Tensor y, Tensor gy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (activation == Activation.None)
            return gy;

        Tensor gz = Tensor.Allocate(y.Shape, y.DType, Name);
        T* g = gy.Pointer<T>(), r = y.Pointer<T>(), z = gz.Pointer<T>();
        switch (activation)
        {
            case Activation.Relu: Zip.Run(new ReluGradient<T>(), g, r, z, (nint)y.Length); break;
            case Activation.Tanh: Zip.Run(new TanhGradient<T>(), g, r, z, (nint)y.Length); break;
            default: Zip.Run(new SigmoidGradient<T>(), g, r, z, (nint)y.Length); break;
        }

        GC.KeepAlive(gy);
        return gz;
    }

    private void Check(in OpCall call)
    {
        Tensor x = call[0], w = call[1];
        if (w.Rank != 2)
            Throw.WrongShape(Name, "a weight of shape [in, out]", w.Shape);

        if (x.Rank == 0 || x.Shape[-1] != w.Shape[0])
            Throw.WrongShape(Name, $"inputs of shape [..., {w.Shape[0]}] for a weight of shape {w.Shape}", x.Shape);

        if (call.Count > 2 && (call[2].Rank != 1 || call[2].Shape[0] != w.Shape[1]))
            Throw.WrongShape(Name, $"a bias of shape [{w.Shape[1]}]", call[2].Shape);
    }
}
