namespace Thalweg;

/// <content>Cross-entropy of probabilities.</content>
public sealed partial class Tensor
{
    /// <summary>-t log p - (1 - t) log(1 - p) of each probability p and target t.</summary>
    /// <remarks>Logarithms are cut at -100, so that a certain and wrong p costs 100. The derivative is (p - t) / max(p (1 - p), 1e-12)
    /// everywhere, not that of the cut: at p = 0 and 1 it is large and finite, and 0 where p equals t. Prefer
    /// <see cref="SigmoidCrossEntropy"/> of logits. Source: Bishop, "Pattern recognition and machine learning", 2006, eq. (4.90); the cut
    /// is that of PyTorch.</remarks>
    /// <param name="targets">Targets t in [0, 1], of the shape of this tensor, which holds the probabilities.</param>
    /// <returns>One loss per element, in nats, of this tensor's shape.</returns>
    /// <exception cref="ThalwegException">A probability is outside [0, 1], or shapes or element types differ.</exception>
    public Tensor ProbabilityCrossEntropy(Tensor targets) => targets.Shape == Shape
        ? ProbabilityCrossEntropyOp.Instance.Apply(default, this, targets)
        : throw new ThalwegException($"[probability cross-entropy] expected targets of shape {Shape}, got {targets.Shape}");
}

/// <summary>Cross-entropy of probabilities and targets.</summary>
internal sealed class ProbabilityCrossEntropyOp : FloatOp
{
    /// <summary>Least logarithm, and least divisor of the derivative.</summary>
    private const double LeastLog = -100, LeastVariance = 1e-12;

    public static readonly ProbabilityCrossEntropyOp Instance = new();

    public override string Name => "probability cross-entropy";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Loss).Inputs("probabilities", "targets");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor p = call[0].AsContiguous(), t = call[1].AsContiguous();
        foreach (T value in p.AsSpan<T>())
        {
            // NaN passes: it shows in the loss, where training looks for it.
            if (value < T.Zero || value > T.One)
            {
                throw new ThalwegException(
                    $"[{Name}] expected probabilities from 0 to 1, got {value}; use the cross-entropy of logits, or a sigmoid before it");
            }
        }

        using NoGrad silence = NoGrad.Begin();
        return t.Multiply(CutLog(p)).Add((1 - t).Multiply(CutLogOfRest(p))).Negate();
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor p = call[0], t = call[1];
        if (gx.Wants(0))
            gx.Add(0, gy.Multiply(p.Subtract(t)).Divide(p.Multiply(1 - p).Maximum(Tensor.Scalar(LeastVariance, p.DType))));

        if (gx.Wants(1))
            gx.Add(1, gy.Multiply(CutLogOfRest(p).Subtract(CutLog(p))));
    }

    private static Tensor CutLog(Tensor p) => p.Log().Maximum(Tensor.Scalar(LeastLog, p.DType));

    private static Tensor CutLogOfRest(Tensor p) => p.Negate().LogOnePlus().Maximum(Tensor.Scalar(LeastLog, p.DType));
}
