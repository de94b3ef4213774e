using System.Numerics;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>One attention over its tensors: finds where everything lies and calls the kernels.</summary>
/// <remarks>Weights of up to 512 keys are kept for the backward pass, which then saves a product and an exponential for each pair; longer
/// ones, whose memory
/// grows with the square of the length, are computed again.</remarks>
internal unsafe struct AttentionRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostKeptKeys = 512;

    private readonly AttentionLayout _layout;
    private readonly Tensor _query, _key, _value;
    private readonly Tensor? _mask;
    private readonly Tensor? _saved;
    private readonly GCHandle _lengths;
    private AttentionWork<T> _work;

    public AttentionRun(in OpCall call)
    {
        _saved = call.Saved;
        _layout = AttentionOp.LayoutOf(call);
        bool packed = _layout.Kind == HeadLayout.Packed;
        _query = Ready(call[0]);
        _key = packed ? _query : Ready(call[1]);
        _value = packed ? _query : Ready(call[2]);
        int axis = _layout.Kind == HeadLayout.Axis ? 2 : 1;
        int[]? lengths = (int[]?)call.Arguments.Settings;
        _lengths = lengths is null ? default : GCHandle.Alloc(lengths, GCHandleType.Pinned);
        double drop = call.Arguments.Real;
        _work = new AttentionWork<T>
        {
            Batch = _query.Shape[0],
            Heads = _layout.Heads,
            Queries = _query.Shape[axis],
            Keys = _key.Shape[axis],
            Width = WidthOf(_query),
            ValueWidth = WidthOf(_value),
            Scale = T.CreateTruncating(call.Arguments.OtherReal),
            Causal = call.Arguments.Second % 2 == 1,
            Lengths = lengths is null ? null : (int*)_lengths.AddrOfPinnedObject(),
            DropThreshold = (uint)Math.Min(uint.MaxValue, Math.Round(drop * 4294967296.0)),
            DropFactor = T.CreateTruncating(1 / (1 - drop)),
            DropKey = call.Arguments.Key,
            DropCounter = call.Arguments.Counter,
        };
        int parts = packed ? 3 : 1;
        _work.Query = View(_query, 0, parts);
        _work.Key = View(_key, packed ? 1 : 0, parts);
        _work.Value = View(_value, packed ? 2 : 0, parts);
        _mask = AttentionOp.MaskOf(call, out _) is { } mask ? Spread(mask) : null;
        _work.Mask = _mask is null ? default : new(_mask.Pointer<T>(), _mask.Strides[0], _mask.Strides[1], _mask.Strides[2]);
    }

    /// <summary>The result, and the weights if they are to be kept.</summary>
    public Tensor Forward(bool keep, out Tensor? weights)
    {
        Shape shape = _layout.Kind switch
        {
            HeadLayout.Axis => _query.Shape.With(3, _work.ValueWidth),
            HeadLayout.SideBySide => _query.Shape.With(2, _value.Shape[2]),
            _ => _query.Shape.With(2, _query.Shape[2] / 3),
        };
        Tensor y = Tensor.Allocate(shape, _query.DType, AttentionOp.Instance.Name);
        weights = keep && _work.Keys <= MostKeptKeys
            ? Tensor.Allocate([_work.Batch, _work.Heads, _work.Queries, _work.Stride], _query.DType, AttentionOp.Instance.Name)
            : null;
        _work.Weights = weights is null ? null : weights.Pointer<T>();
        _work.Result = View(y);
        Kernels.Attention.Forward(_work);
        Lifetime.KeepAlive(_query, _key, _value, _mask);
        return y;
    }

    /// <summary>The cotangents of the inputs.</summary>
    public void Backward(Tensor gy, scoped ref Cotangents gx)
    {
        gy = gy.AsContiguous();
        _work.ResultGradient = View(gy);
        _work.Weights = _saved is null ? null : _saved.Pointer<T>();
        if (_layout.Kind == HeadLayout.Packed)
        {
            Tensor target = gx.Target(0, out bool accumulate);
            (_work.QueryGradient, _work.KeyGradient, _work.ValueGradient) = (View(target, 0, 3), View(target, 1, 3), View(target, 2, 3));
            (_work.AccumulateQuery, _work.AccumulateKey, _work.AccumulateValue) = (accumulate, accumulate, accumulate);
        }
        else
        {
            _work.QueryGradient = Target(0, ref gx, out _work.AccumulateQuery);
            _work.KeyGradient = Target(1, ref gx, out _work.AccumulateKey);
            _work.ValueGradient = Target(2, ref gx, out _work.AccumulateValue);
        }

        Kernels.Attention.Backward(_work);
        Lifetime.KeepAlive(_query, _key, _value, _mask, gy);
        Lifetime.KeepAlive(_saved);
    }

    /// <summary>Lets the lengths move again.</summary>
    public readonly void Dispose()
    {
        if (_lengths.IsAllocated)
            _lengths.Free();
    }

    /// <summary>A tensor whose rows are contiguous: itself, or a copy.</summary>
    private static Tensor Ready(Tensor x) => x.IsContiguous || x.Strides[x.Rank - 1] == 1 ? x : x.AsContiguous();

    private readonly HeadView<T> Target(int index, scoped ref Cotangents gx, out bool accumulate)
    {
        accumulate = true;
        return gx.Wants(index) ? View(gx.Target(index, out accumulate)) : default;
    }

    private readonly int WidthOf(Tensor x) => _layout.Kind switch
    {
        HeadLayout.Axis => x.Shape[3],
        HeadLayout.SideBySide => x.Shape[2] / _layout.Heads,
        _ => x.Shape[2] / (3 * _layout.Heads),
    };

    /// <summary>The rows of the heads; <paramref name="part"/> chooses among <paramref name="parts"/> that lie side by side.</summary>
    private readonly HeadView<T> View(Tensor x, int part = 0, int parts = 1)
    {
        Strides strides = x.IsContiguous ? x.Shape.RowMajor() : x.Strides;
        if (_layout.Kind == HeadLayout.Axis)
            return new(x.Pointer<T>(), strides[0], strides[1], strides[2]);

        int width = x.Shape[2] / (parts * _layout.Heads);
        return new(x.Pointer<T>() + ((nint)part * _layout.Heads * width), strides[0], width, strides[1]);
    }

    /// <summary>The mask for each pair; what repeats is not copied, but for a mask that is one number for all keys.</summary>
    private readonly Tensor Spread(Tensor mask)
    {
        Shape shape = [_work.Batch, _work.Heads, _work.Queries, _work.Keys];
        for (int axis = 1; axis <= mask.Rank; axis++)
        {
            if (axis > 4 || (mask.Shape[-axis] != 1 && mask.Shape[-axis] != shape[-axis]))
                Throw.WrongShape("attention", $"a mask that broadcasts to {shape}", mask.Shape);
        }

        Tensor rows = mask.Rank > 0 && mask.Shape[-1] == _work.Keys ? mask : mask.BroadcastView(
            mask.Rank == 0 ? [_work.Keys] : mask.Shape.With(-1, _work.Keys));
        return rows.AsContiguous().BroadcastView(shape);
    }
}
