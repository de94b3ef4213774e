using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Thalweg.Peers;

/// <summary>relu(path(x) + shortcut(x)) of two 3x3 convolutions with batch normalization.</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _path;
    private readonly Module<Tensor, Tensor>? _shortcut;

    public ResidualBlock(long inputs, long outputs)
        : base(nameof(ResidualBlock))
    {
        long stride = inputs == outputs ? 1 : 2;
        _path = Sequential(
            ResidualNetwork.Convolution(inputs, outputs, 3, stride), BatchNorm2d(outputs), ReLU(inplace: true),
            ResidualNetwork.Convolution(outputs, outputs, 3, 1), BatchNorm2d(outputs));
        if (stride > 1)
            _shortcut = Sequential(ResidualNetwork.Convolution(inputs, outputs, 1, stride), BatchNorm2d(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _path.call(x).add_(_shortcut is null ? x : _shortcut.call(x)).relu_();
}

/// <summary>A first convolution, eight residual blocks of 16, 32 and 64 channels, the mean, and a dense layer.</summary>
internal sealed class ResidualNetwork : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _all;

    public ResidualNetwork()
        : base(nameof(ResidualNetwork))
    {
        long[] channels = [16, 16, 16, 16, 32, 32, 64, 64, 64];
        _all = Sequential([
            Convolution(3, 16, 3, 1), BatchNorm2d(16), ReLU(inplace: true),
            .. channels.Zip(channels[1..], (inputs, outputs) => new ResidualBlock(inputs, outputs)),
            AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10)]);
        RegisterComponents();
    }

    public static Module<Tensor, Tensor> Convolution(long inputs, long outputs, long size, long stride) =>
        Conv2d(inputs, outputs, size, stride, size / 2, bias: false);

    public override Tensor forward(Tensor x) => _all.call(x);
}

/// <summary>The final state of 128 LSTM units and a dense layer; time comes first, which runs without a transposition.</summary>
internal sealed class RecurrentNetwork : Module<Tensor, Tensor>
{
    private readonly LSTM _recurrent = LSTM(128, 128);
    private readonly Linear _head = Linear(128, 10);

    public RecurrentNetwork()
        : base(nameof(RecurrentNetwork)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        (_, Tensor state, _) = _recurrent.call(x);
        return _head.call(state.select(0, 0));
    }
}

/// <summary>A pre-norm block with one product for queries, keys and values and libtorch's fused attention.</summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private const long Width = 128, Heads = 4;

    private readonly LayerNorm _norm1 = LayerNorm(Width), _norm2 = LayerNorm(Width);
    private readonly Linear _projection = Linear(Width, 3 * Width), _out = Linear(Width, Width);
    private readonly Linear _expand = Linear(Width, 4 * Width), _contract = Linear(4 * Width, Width);

    public TransformerBlock()
        : base(nameof(TransformerBlock)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        (long batch, long length) = (x.shape[0], x.shape[1]);
        Tensor[] parts = _projection.call(_norm1.call(x)).view(batch, length, 3, Heads, Width / Heads).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        x = _out.call(mixed.transpose(1, 2).reshape(batch, length, Width)).add_(x);
        return _contract.call(functional.gelu(_expand.call(_norm2.call(x)))).add_(x);
    }
}

/// <summary>Four blocks over 64 symbols of a vocabulary of 64, their mean, and a dense layer.</summary>
internal sealed class TransformerNetwork : Module<Tensor, Tensor>
{
    private readonly Embedding _embedding = Embedding(64, 128);
    private readonly Parameter _positions = Parameter(0.02 * randn(64, 128));
    private readonly Module<Tensor, Tensor> _blocks =
        Sequential(new TransformerBlock(), new TransformerBlock(), new TransformerBlock(), new TransformerBlock());

    private readonly LayerNorm _norm = LayerNorm(128);
    private readonly Linear _head = Linear(128, 10);

    public TransformerNetwork()
        : base(nameof(TransformerNetwork)) => RegisterComponents();

    public override Tensor forward(Tensor x) => _head.call(_norm.call(_blocks.call(_embedding.call(x).add_(_positions))).mean([1]));
}
