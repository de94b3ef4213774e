using System.Numerics;
using System.Runtime.InteropServices;
using Thalweg.Kernels;

namespace Thalweg.Core.Tests.Products;

/// <summary>How an operand lies in memory.</summary>
public enum Layout
{
    Rows,
    Columns,
}

/// <summary>A product to compute: sizes, layouts and what happens at the write.</summary>
public sealed record ProductCase(int Rows, int Columns, int Depth)
{
    public Layout A { get; init; }

    public Layout B { get; init; }

    /// <summary>Elements between the rows of each matrix beyond what its contents need.</summary>
    public int Gap { get; init; }

    public bool Bias { get; init; }

    public bool Relu { get; init; }

    public bool Accumulate { get; init; }

    public override string ToString() =>
        $"[{Rows}, {Depth}] {A} x [{Depth}, {Columns}] {B} gap {Gap}"
        + (Bias ? " bias" : "") + (Relu ? " relu" : "") + (Accumulate ? " accumulate" : "");
}

/// <summary>A case with its numbers, that can be computed as often as one likes.</summary>
internal sealed unsafe class Product<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ProductCase _case;
    private readonly GuardedMemory<T> _a, _b, _c, _bias;
    private readonly T[] _before;
    private readonly int _ldc;

    public Product(ProductCase form, ulong seed = 1)
    {
        _case = form;
        _ldc = form.Columns + form.Gap;
        _a = Fill(form.A == Layout.Rows ? form.Rows : form.Depth, form.A == Layout.Rows ? form.Depth : form.Rows, seed);
        _b = Fill(form.B == Layout.Rows ? form.Depth : form.Columns, form.B == Layout.Rows ? form.Columns : form.Depth, seed + 1);
        _c = Fill(form.Rows, form.Columns, seed + 2);
        _bias = Fill(1, form.Columns, seed + 3);
        _before = _c.Span.ToArray();
    }

    public GuardedMemory<T> A => _a;

    public GuardedMemory<T> B => _b;

    public Matrix<T> ViewA => View(_a.Pointer, _case.A, _case.Rows, _case.Depth);

    public Matrix<T> ViewB => View(_b.Pointer, _case.B, _case.Depth, _case.Columns);

    private Epilogue<T> Epilogue => new()
    {
        Bias = _case.Bias ? _bias.Pointer : null,
        Activation = _case.Relu ? FusedActivation.Relu : FusedActivation.None,
        Accumulate = _case.Accumulate,
    };

    /// <summary>Computes the product afresh.</summary>
    public T[] Compute(VectorWidth width) =>
        Compute($"{width}", () => MatMul.Multiply(width, ViewA, ViewB, _c.Pointer, _ldc, Epilogue));

    /// <summary>Computes the product by way of panels of B, or of A if turned, whatever the shape.</summary>
    public T[] ComputePacked(VectorWidth width, bool turned) => Compute($"{width}", () =>
    {
        ProductTarget<T> target = new(_c.Pointer, _ldc, turned, Epilogue);
        Matrix<T> left = turned ? ViewB.Transposed : ViewA, right = turned ? ViewA.Transposed : ViewB;
        switch (width)
        {
            case VectorWidth.Bits512: PackedProduct.Run<SimdVector512<T>, T>(left, right, target); break;
            case VectorWidth.Bits256: PackedProduct.Run<SimdVector256<T>, T>(left, right, target); break;
            case VectorWidth.Bits128: PackedProduct.Run<SimdVector128<T>, T>(left, right, target); break;
            default: PackedProduct.Run<SimdVector1<T>, T>(left, right, target); break;
        }
    });

    /// <summary>Checks that nothing outside C is written, the gaps between its rows included.</summary>
    private T[] Compute(string what, Action multiply)
    {
        _before.CopyTo(_c.Span);
        multiply();
        _c.MarginsAreWhole.ShouldBeTrue($"{_case} {what} wrote outside C");
        T[] result = new T[_case.Rows * _case.Columns];
        for (int i = 0; i < _c.Length; i++)
        {
            if (i % _ldc < _case.Columns)
                result[i / _ldc * _case.Columns + i % _ldc] = _c.Pointer[i];
            else
                (_c.Pointer[i] == _before[i]).ShouldBeTrue();
        }

        return result;
    }

    /// <summary>Places of the result to look at closely: all where there are few, else every so many with the corners.</summary>
    public IEnumerable<(int Row, int Column)> Sample()
    {
        int total = _case.Rows * _case.Columns, step = Math.Max(1, total / 1500);
        for (int i = 0; i < total; i += step)
            yield return (i / _case.Columns, i % _case.Columns);
        if (total > 0)
            yield return (_case.Rows - 1, _case.Columns - 1);
    }

    /// <summary>The literal contract: blocks of k, each a chain of fused multiply-adds from 0, added in order.</summary>
    public T ComputeByContract(int row, int column, int block)
    {
        T value = _case.Accumulate ? _before[row * _ldc + column] : T.Zero;
        for (int start = 0; start == 0 || start < _case.Depth; start += block)
        {
            T sum = T.Zero;
            for (int k = start; k < Math.Min(start + block, _case.Depth); k++)
                sum = T.FusedMultiplyAdd(*ViewA.At(row, k), *ViewB.At(k, column), sum);
            value = start == 0 && !_case.Accumulate ? sum : value + sum;
        }

        if (_case.Bias)
            value += _bias.Span[column];
        return _case.Relu && value < T.Zero ? T.Zero : value;
    }

    /// <summary>An element in double arithmetic, and the sum of the sizes of its terms.</summary>
    public (double Value, double Scale) ComputeOracle(int row, int column)
    {
        double value = 0, scale = 0;
        void Add(double term) => (value, scale) = (value + term, scale + Math.Abs(term));
        for (int k = 0; k < _case.Depth; k++)
            Add(double.CreateChecked(*ViewA.At(row, k)) * double.CreateChecked(*ViewB.At(k, column)));
        if (_case.Accumulate)
            Add(double.CreateChecked(_before[row * _ldc + column]));
        if (_case.Bias)
            Add(double.CreateChecked(_bias.Span[column]));
        return (_case.Relu && value < 0 ? 0 : value, scale);
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
        _bias.Dispose();
    }

    /// <summary>The bits of an element: what "equal" means here, NaN included.</summary>
    public static long Bits(T value) =>
        value is float single ? BitConverter.SingleToInt32Bits(single) : BitConverter.DoubleToInt64Bits(double.CreateChecked(value));

    /// <summary>Fails, naming the first place, where two results differ in any bit.</summary>
    public void ShouldBeSame(T[] actual, T[] expected, string what)
    {
        int common = MemoryMarshal.AsBytes(actual.AsSpan()).CommonPrefixLength(MemoryMarshal.AsBytes(expected.AsSpan())) / sizeof(T);
        common.ShouldBe(expected.Length, $"{_case} {typeof(T).Name} {what} differs at {common}");
    }

    private Matrix<T> View(T* data, Layout layout, int rows, int columns) => layout == Layout.Rows
        ? new(data, rows, columns, columns + _case.Gap, 1)
        : new(data, rows, columns, 1, rows + _case.Gap);

    /// <summary>Numbers in [-1, 1); the gap after the last row is left away, so that reading it is reading outside.</summary>
    private GuardedMemory<T> Fill(int rows, int columns, ulong seed)
    {
        GuardedMemory<T> memory = new(rows == 0 || columns == 0 ? 0 : (rows - 1) * (columns + _case.Gap) + columns);
        for (int i = 0; i < memory.Length; i++)
            memory.Span[i] = T.CreateChecked(Philox.Block(seed, (ulong)i, 0).A / 2147483648.0 - 1.0);
        return memory;
    }
}
