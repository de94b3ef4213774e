using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>The passes of one <see cref="RecurrentOp"/> over time.</summary>
internal readonly unsafe struct RecurrentRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RecurrentScanOptions _options;
    private readonly Tensor _x, _initial, _weight;
    private readonly Tensor? _bias;
    private readonly int _time, _batch, _units, _columns;

    public RecurrentRun(in OpCall call)
    {
        _options = (RecurrentScanOptions)call.Arguments.Settings!;
        (_x, _initial, _weight) = (call[0].AsContiguous(), call[1].AsContiguous(), call[2].AsContiguous());
        _bias = call.Count > 3 ? call[3].AsContiguous() : null;
        (_time, _batch, _columns) = (_x.Shape[0], _x.Shape[1], _x.Shape[2]);
        _units = _columns / _options.Gates;
    }

    private bool IsGru => _options.Cell == RecurrentCell.Gru;

    private bool IsLstm => _options.Cell == RecurrentCell.Lstm;

    /// <summary>Elements of a state, and of the gates of a step.</summary>
    private nint StateSize => (nint)_batch * _units;

    private nint GateSize => (nint)_batch * _columns;

    public Tensor Forward(out Tensor saved)
    {
        int extra = IsLstm ? _units : IsGru ? _columns : 0;
        saved = Tensor.Allocate([_time, _batch, _columns + extra], _x.DType, RecurrentOp.Instance.Name);
        Tensor y = Tensor.Allocate([_time + _options.States - 1, _batch, _units], _x.DType, RecurrentOp.Instance.Name);
        fixed (int* lengths = _options.Lengths)
        {
            ScanMemory<T> memory = Memory(y, saved, lengths);
            memory.Input = _x.Pointer<T>();
            memory.Weight = _weight.Pointer<T>();
            memory.Bias = _bias is null ? null : _bias.Pointer<T>();
            RecurrentScan.Forward(_options.Cell, memory);
            if (IsLstm)
            {
                T* last = memory.Memories + ((_options.Reverse ? 0 : _time - 1) * StateSize);
                new ReadOnlySpan<T>(last, (int)StateSize).CopyTo(new Span<T>(y.Pointer<T>() + (_time * StateSize), (int)StateSize));
            }
        }

        Lifetime.KeepAlive(_x, _initial, _weight, _bias);
        return y;
    }

    public void Backward(Tensor y, Tensor saved, Tensor gy, ref Cotangents gx)
    {
        string name = RecurrentOp.Instance.Name;
        Tensor g = gy.AsContiguous(), gates = Tensor.Allocate(_x.Shape, _x.DType, name);
        Tensor products = IsGru ? Tensor.Allocate(_x.Shape, _x.DType, name) : gates;
        Tensor initial = Tensor.Zeros(_initial.Shape, _x.DType), turned = Tensor.Allocate([_columns, _units], _x.DType, name);
        if (IsLstm)
        {
            T* memory = initial.Pointer<T>() + StateSize;
            new ReadOnlySpan<T>(g.Pointer<T>() + (_time * StateSize), (int)StateSize).CopyTo(new Span<T>(memory, (int)StateSize));
        }

        // Turned once: the product of each step would otherwise turn the weight again.
        PanelPacker.Transpose(new Matrix<T>(_weight.Pointer<T>(), _columns, _units, 1, _columns), turned.Pointer<T>());
        fixed (int* lengths = _options.Lengths)
        {
            ScanMemory<T> memory = Memory(y, saved, lengths);
            memory.Weight = turned.Pointer<T>();
            memory.StateGradients = g.Pointer<T>();
            memory.InitialGradient = initial.Pointer<T>();
            memory.GateGradients = gates.Pointer<T>();
            memory.ProductGradients = products.Pointer<T>();
            RecurrentScan.Backward(_options.Cell, memory);
        }

        AddParameters(y, products, ref gx);
        if (gx.Wants(1))
            gx.Add(1, initial);

        if (gx.Wants(0))
            gx.Add(0, gates);

        Lifetime.KeepAlive(_initial, _weight, g, saved);
        GC.KeepAlive(turned);
    }

    /// <summary>Gradients of weight and bias: one product over all steps but the first, whose state is the initial one.</summary>
    private void AddParameters(Tensor y, Tensor products, ref Cotangents gx)
    {
        T* rows = products.Pointer<T>();
        if (gx.Wants(2))
        {
            Tensor target = gx.Target(2, out bool accumulate);
            int first = _options.Reverse ? _time - 1 : 0, others = _options.Reverse ? 0 : 1;
            Matrix<T> start = new(rows + (first * GateSize), _batch, _columns, _columns, 1);
            MatMulOp.Multiply(States(_initial.Pointer<T>(), 1).Transposed, start, target, accumulate);
            if (_time > 1)
            {
                Matrix<T> rest = new(rows + (others * GateSize), (_time - 1) * _batch, _columns, _columns, 1);
                MatMulOp.Multiply(
                    States(y.Pointer<T>() + ((1 - others) * StateSize), _time - 1).Transposed, rest, target, accumulate: true);
            }
        }

        if (_bias is not null && gx.Wants(3))
        {
            Tensor target = gx.Target(3, out bool accumulate);
            Reduce.SumColumns(rows, (nint)_time * _batch, _columns, target.Pointer<T>(), accumulate);
        }

        Lifetime.KeepAlive(y, products);
    }

    private Matrix<T> States(T* first, int count) => new(first, count * _batch, _units, _units, 1);

    /// <summary>What both passes use.</summary>
    private ScanMemory<T> Memory(Tensor y, Tensor saved, int* lengths)
    {
        T* gates = saved.Pointer<T>(), other = gates + (_time * GateSize);
        return new ScanMemory<T>
        {
            Time = _time,
            Batch = _batch,
            Units = _units,
            Columns = _columns,
            Reverse = _options.Reverse,
            Lengths = lengths,
            Initial = _initial.Pointer<T>(),
            States = y.Pointer<T>(),
            Gates = gates,
            Memories = IsLstm ? other : null,
            Products = IsGru ? other : null,
        };
    }
}
