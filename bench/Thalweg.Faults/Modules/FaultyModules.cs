using Thalweg.Layers;

namespace Thalweg.Faults;

/// <summary>Which mistake a <see cref="WrongActivation"/> makes in its derivative.</summary>
internal enum Mistake
{
    /// <summary>None.</summary>
    None,

    /// <summary>The derivative has the other sign.</summary>
    Sign,

    /// <summary>That of the sigmoid, y (1 - y), in place of 1 - y^2.</summary>
    OtherFunction,

    /// <summary>No gradient reaches the input.</summary>
    Missing,
}

/// <summary>tanh as an operation of one's own, with a derivative that may be wrong.</summary>
internal sealed class TanhOp(Mistake mistake) : Op
{
    public override string Name => "own_tanh";

    protected override Tensor Forward(ref OpCall call) => call[0].Detach().Tanh();

    protected override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor right = gy - (gy * y * y);
        gx.Add(0, mistake switch
        {
            Mistake.Sign => right.Multiply(-1),
            Mistake.OtherFunction => gy * (y - (y * y)),
            Mistake.Missing => right.Multiply(0),
            _ => right,
        });
    }
}

/// <summary>An activation of one's own.</summary>
internal sealed class WrongActivation(Mistake mistake) : Module
{
    private readonly TanhOp _op = new(mistake);

    protected override Tensor ForwardCore(Tensor x) => _op.Apply(default, x);
}

/// <summary>Which function a <see cref="UnguardedFunction"/> computes.</summary>
internal enum Unguarded
{
    /// <summary>log of a rectified value.</summary>
    Log,

    /// <summary>Exponential of the square, which overflows.</summary>
    Exponential,
}

/// <summary>A function that is not finite, or has no finite derivative, at values that occur.</summary>
/// <param name="function">The function.</param>
/// <param name="guard">Added to a rectified value, or the share of an exponent that is kept out; 0 for no guard.</param>
internal sealed class UnguardedFunction(Unguarded function, double guard) : Module
{
    protected override Tensor ForwardCore(Tensor x) => function switch
    {
        Unguarded.Log => x.Relu().Add(guard).Log(),
        _ => (guard > 0 ? x.Tanh() : x.Multiply(30)).Square().Exp(),
    };
}

/// <summary>Batch normalization that works as in evaluation while it is trained, as where the mode was never set.</summary>
internal sealed class NeverTraining : Module
{
    private readonly Module _norm;

    public NeverTraining(int features) => _norm = AddModule("norm", new BatchNorm1d(features));

    protected override Tensor ForwardCore(Tensor x)
    {
        using (ForwardContext.Evaluation())
            return ForwardPart(_norm, x).Relu();
    }
}

/// <summary>Batch normalization as it is meant, then a rectifier.</summary>
internal sealed class NormalizedRelu : Module
{
    private readonly Module _norm;

    public NormalizedRelu(int features) => _norm = AddModule("norm", new BatchNorm1d(features));

    protected override Tensor ForwardCore(Tensor x) => ForwardPart(_norm, x).Relu();
}
