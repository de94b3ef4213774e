namespace Thalweg;

/// <summary>Activation functions by name; see the method of the same name on <see cref="Tensor"/> for equation and source.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary><see cref="Tensor.Relu"/>.</summary>
    Relu,

    /// <summary><see cref="Tensor.LeakyRelu"/> with slope 0.01.</summary>
    LeakyRelu,

    /// <summary><see cref="Tensor.Elu"/> with alpha 1.</summary>
    Elu,

    /// <summary><see cref="Tensor.Selu"/>.</summary>
    Selu,

    /// <summary><see cref="Tensor.Gelu"/>.</summary>
    Gelu,

    /// <summary><see cref="Tensor.Silu"/>.</summary>
    Silu,

    /// <summary><see cref="Tensor.Softplus()"/>.</summary>
    Softplus,

    /// <summary><see cref="Tensor.Softsign"/>.</summary>
    Softsign,

    /// <summary><see cref="Tensor.Tanh"/>.</summary>
    Tanh,

    /// <summary><see cref="Tensor.Sigmoid"/>.</summary>
    Sigmoid,

    /// <summary><see cref="Tensor.Hardtanh"/> on [-1, 1].</summary>
    Hardtanh,

    /// <summary><see cref="Tensor.Relu6"/>.</summary>
    Relu6,

    /// <summary><see cref="Tensor.Celu"/> with alpha 1.</summary>
    Celu,

    /// <summary><see cref="Tensor.GeluTanh"/>.</summary>
    GeluTanh,

    /// <summary><see cref="Tensor.Mish"/>.</summary>
    Mish,

    /// <summary><see cref="Tensor.LogSigmoid"/>.</summary>
    LogSigmoid,

    /// <summary><see cref="Tensor.HardSigmoid"/>.</summary>
    HardSigmoid,

    /// <summary><see cref="Tensor.HardSwish"/>.</summary>
    HardSwish,

    /// <summary><see cref="Tensor.TanhShrink"/>.</summary>
    TanhShrink,

    /// <summary><see cref="Tensor.SoftShrink"/> with width 0.5.</summary>
    SoftShrink,

    /// <summary><see cref="Tensor.HardShrink"/> with width 0.5.</summary>
    HardShrink,
}

/// <content>Activation by name.</content>
public sealed partial class Tensor
{
    /// <summary>Applies an activation function to each element.</summary>
    /// <param name="activation">Which function.</param>
    /// <returns>The shape of this tensor, <c>[...]</c>.</returns>
    public Tensor Activate(Activation activation) => activation switch
    {
        Activation.None => this,
        Activation.Relu => Relu(),
        Activation.LeakyRelu => LeakyRelu(),
        Activation.Elu => Elu(),
        Activation.Selu => Selu(),
        Activation.Gelu => Gelu(),
        Activation.Silu => Silu(),
        Activation.Softplus => Softplus(),
        Activation.Softsign => Softsign(),
        Activation.Tanh => Tanh(),
        Activation.Sigmoid => Sigmoid(),
        Activation.Hardtanh => Hardtanh(),
        Activation.Relu6 => Relu6(),
        Activation.Celu => Celu(),
        Activation.GeluTanh => GeluTanh(),
        Activation.Mish => Mish(),
        Activation.LogSigmoid => LogSigmoid(),
        Activation.HardSigmoid => HardSigmoid(),
        Activation.HardSwish => HardSwish(),
        Activation.TanhShrink => TanhShrink(),
        Activation.SoftShrink => SoftShrink(),
        Activation.HardShrink => HardShrink(),
        _ => throw new ThalwegException($"[activation] expected a known activation, got {activation}"),
    };
}
