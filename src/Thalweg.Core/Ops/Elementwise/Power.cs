using Thalweg.Kernels;

namespace Thalweg;

/// <content>Powers.</content>
public sealed partial class Tensor
{
    /// <summary>Each element to a fixed power, with the special cases of IEEE 754 pow.</summary>
    /// <param name="exponent">Exponent, dimensionless; negative elements want a whole one.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Power(double exponent) => exponent switch
    {
        0 => Ones(Shape, DType),
        1 => this,
        2 => Square(),
        _ => PowerToOp.Instance.Apply(new OpArguments { Real = exponent }, this),
    };

    /// <summary>Each element to the power of another, with broadcasting.</summary>
    /// <param name="exponent">Exponents, of a shape that broadcasts with this one; their derivative is taken as 0 where the
    /// element is 0.</param>
    /// <returns>The shape that the two broadcast to.</returns>
    /// <exception cref="ThalwegException">The shapes do not broadcast, or the element types differ.</exception>
    public Tensor Power(Tensor exponent) => PowerOp.Instance.Apply(default, this, exponent);
}

/// <summary>x to a fixed power.</summary>
internal sealed unsafe class PowerToOp : UnaryOp
{
    public static readonly PowerToOp Instance = new();

    public override string Name => "power";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description)
    {
        base.Describe(arguments, inputs, description);
        description.Attribute("exponent", arguments.Real);
    }

    protected override void Map<T>(in OpArguments arguments, T* x, T* y, nint n) =>
        Kernels.Map.Run(new PowerTo<T>(T.CreateTruncating(arguments.Real)), x, y, n);

    protected override void MapGradient<T>(in OpArguments arguments, Elements<T> e, T* gx, nint n) =>
        Zip.Run(new PowerToGradient<T>(T.CreateTruncating(arguments.Real)), e.Gy, e.X, gx, n);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        double exponent = call.Arguments.Real;
        gx.Add(0, gy.Multiply(call[0].Power(exponent - 1)).Multiply(exponent));
    }
}

/// <summary>a to the power b.</summary>
internal sealed unsafe class PowerOp : BinaryOp
{
    public static readonly PowerOp Instance = new();

    public override string Name => "power";

    protected override void Zip<T>(T* a, T* b, T* y, nint n) => Kernels.Zip.Run(new Power<T>(), a, b, y, n);

    protected override void ZipRows<T>(T* a, T* b, T* y, in Rows rows) =>
        Kernels.Zip.RunRows(new Power<T>(), a, b, y, rows.Count, rows.Columns, rows.Kind);

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        (Tensor a, Tensor b) = (call[0], call[1]);
        Tensor zero = Tensor.Scalar(0, gy.DType);
        if (gx.Wants(0))
        {
            // b a^(b - 1) is 0 times infinity where a and b are 0; the derivative of the constant 1 is 0.
            Tensor slope = Tensor.Where(b, b.Multiply(a.Power(b.Subtract(1))), zero);
            gx.Add(0, gy.Multiply(slope).SumTo(a.Shape));
        }

        if (gx.Wants(1))
        {
            Tensor safe = Tensor.Where(a, a, Tensor.Scalar(1, gy.DType));
            gx.Add(1, gy.Multiply(Tensor.Where(a, y.Multiply(safe.Log()), zero)).SumTo(b.Shape));
        }
    }
}
