using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>The passes of one <see cref="RecurrentOp"/> over time, with the addresses of each step.</summary>
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
        (_x, _initial, _weight) = (call[0].Packed(), call[1].Packed(), call[2].Packed());
        _bias = call.Count > 3 ? call[3].Packed() : null;
        (_time, _batch, _columns) = (_x.Shape[0], _x.Shape[1], _x.Shape[2]);
        _units = _columns / _options.Gates;
    }

    private bool IsGru => _options.Cell == RecurrentCell.Gru;

    private bool IsLstm => _options.Cell == RecurrentCell.Lstm;

    /// <summary>Elements of a state, and of the gates of a step.</summary>
    private nint StateSize => (nint)_batch * _units;

    private nint GateSize => (nint)_batch * _columns;

    private Matrix<T> Weight => new(_weight.Pointer<T>(), _units, _columns, _columns, 1);

    public Tensor Forward(out Tensor saved)
    {
        int extra = IsLstm ? _units : IsGru ? _columns : 0;
        saved = Tensor.Allocate([_time, _batch, _columns + extra], _x.DType, RecurrentOp.Instance.Name);
        Tensor y = Tensor.Allocate([_time + _options.States - 1, _batch, _units], _x.DType, RecurrentOp.Instance.Name);
        new ReadOnlySpan<T>(_x.Pointer<T>(), checked((int)_x.Length)).CopyTo(new Span<T>(saved.Pointer<T>(), (int)_x.Length));
        fixed (int* lengths = _options.Lengths)
        {
            for (int step = 0; step < _time; step++)
            {
                CellStep<T> cell = At(step, y, saved, lengths);
                T* product = IsGru ? cell.Recurrent : cell.Gates;
                Epilogue<T> epilogue = new() { Accumulate = !IsGru, Bias = _bias is null ? null : _bias.Pointer<T>() };
                MatMul.Multiply(States(cell.HiddenBefore, 1), Weight, product, _columns, epilogue);
                Forward(cell);
            }

            if (IsLstm)
            {
                T* last = At(_time - 1, y, saved, lengths).Memory;
                new ReadOnlySpan<T>(last, (int)StateSize).CopyTo(new Span<T>(y.Pointer<T>() + (_time * StateSize), (int)StateSize));
            }
        }

        Alive.Until(_x, _initial, _weight, _bias);
        return y;
    }

    public void Backward(Tensor y, Tensor saved, Tensor gy, ref Cotangents gx)
    {
        string name = RecurrentOp.Instance.Name;
        Tensor g = gy.Packed(), gates = Tensor.Allocate(_x.Shape, _x.DType, name);
        Tensor products = IsGru ? Tensor.Allocate(_x.Shape, _x.DType, name) : gates;
        Tensor initial = Tensor.Zeros(_initial.Shape, _x.DType);
        T* hidden = initial.Pointer<T>();
        if (IsLstm)
        {
            new ReadOnlySpan<T>(g.Pointer<T>() + (_time * StateSize), (int)StateSize).CopyTo(new Span<T>(hidden + StateSize, (int)StateSize));
        }

        fixed (int* lengths = _options.Lengths)
        {
            for (int step = _time - 1; step >= 0; step--)
            {
                CellStep<T> cell = At(step, y, saved, lengths);
                Zip.Run(new Add<T>(), hidden, g.Pointer<T>() + (cell.Time * StateSize), hidden, StateSize);
                cell.HiddenGradient = hidden;
                cell.MemoryGradient = IsLstm ? hidden + StateSize : null;
                cell.GateGradients = gates.Pointer<T>() + (cell.Time * GateSize);
                cell.RecurrentGradients = IsGru ? products.Pointer<T>() + (cell.Time * GateSize) : null;
                Backward(cell);
                Matrix<T> product = new(products.Pointer<T>() + (cell.Time * GateSize), _batch, _columns, _columns, 1);
                MatMul.Multiply(product, Weight.Transposed, hidden, _units, new Epilogue<T> { Accumulate = true });
            }
        }

        AddParameters(y, products, ref gx);
        if (gx.Wants(1))
        {
            gx.Add(1, initial);
        }

        if (gx.Wants(0))
        {
            gx.Add(0, gates);
        }

        Alive.Until(_x, _initial, _weight, g, saved);
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
                MatMulOp.Multiply(States(y.Pointer<T>() + ((1 - others) * StateSize), _time - 1).Transposed, rest, target, accumulate: true);
            }
        }

        if (_bias is not null && gx.Wants(3))
        {
            Tensor target = gx.Target(3, out bool accumulate);
            Reduce.SumColumns(rows, (nint)_time * _batch, _columns, target.Pointer<T>(), accumulate);
        }

        Alive.Until(y, products);
    }

    private Matrix<T> States(T* first, int count) => new(first, count * _batch, _units, _units, 1);

    /// <summary>Memory of step number <paramref name="step"/> in the order of computation.</summary>
    private CellStep<T> At(int step, Tensor y, Tensor saved, int* lengths)
    {
        int at = _options.Reverse ? _time - 1 - step : step, before = _options.Reverse ? at + 1 : at - 1;
        T* states = y.Pointer<T>(), gates = saved.Pointer<T>(), initial = _initial.Pointer<T>(), other = gates + (_time * GateSize);
        return new CellStep<T>
        {
            Rows = _batch,
            Units = _units,
            GateCount = _options.Gates,
            Time = at,
            Lengths = lengths,
            Gates = gates + (at * GateSize),
            Recurrent = IsGru ? other + (at * GateSize) : null,
            HiddenBefore = step == 0 ? initial : states + (before * StateSize),
            Hidden = states + (at * StateSize),
            MemoryBefore = !IsLstm ? null : step == 0 ? initial + StateSize : other + (before * StateSize),
            Memory = IsLstm ? other + (at * StateSize) : null,
        };
    }

    private void Forward(in CellStep<T> cell)
    {
        switch (_options.Cell)
        {
            case RecurrentCell.Tanh: CellRows.Forward<T, TanhCell<T>>(cell); break;
            case RecurrentCell.Relu: CellRows.Forward<T, ReluCell<T>>(cell); break;
            case RecurrentCell.Lstm: CellRows.Forward<T, LstmCell<T>>(cell); break;
            default: CellRows.Forward<T, GruCell<T>>(cell); break;
        }
    }

    private void Backward(in CellStep<T> cell)
    {
        switch (_options.Cell)
        {
            case RecurrentCell.Tanh: CellRows.Backward<T, TanhCell<T>>(cell); break;
            case RecurrentCell.Relu: CellRows.Backward<T, ReluCell<T>>(cell); break;
            case RecurrentCell.Lstm: CellRows.Backward<T, LstmCell<T>>(cell); break;
            default: CellRows.Backward<T, GruCell<T>>(cell); break;
        }
    }
}
