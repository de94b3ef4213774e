using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <content>Rows by index.</content>
public sealed partial class Tensor
{
    /// <summary>Rows of this table <c>[rows, ...]</c> by index: <c>[n] -> [n, ...]</c>.</summary>
    /// <param name="indices">Int32 row numbers, any shape; each from 0 to rows - 1.</param>
    /// <returns>The shape of the indices, then that of a row: <c>[n, columns]</c> for indices <c>[n]</c> and a
    /// table <c>[rows, columns]</c>.</returns>
    /// <exception cref="ThalwegException">An index is out of range, or not Int32.</exception>
    public Tensor GatherRows(Tensor indices) => GatherRowsOp.Instance.Apply(default, this, indices);

    /// <summary>Adds each row of this tensor to the row of a table of zeros that its index names: the
    /// opposite of <see cref="GatherRows"/>.</summary>
    /// <param name="indices">Int32 row numbers, one for each row of this tensor.</param>
    /// <param name="rows">Number of rows of the table.</param>
    /// <returns><c>[rows, ...]</c> for this tensor of shape <c>[n, ...]</c> and n indices.</returns>
    public Tensor ScatterAddRows(Tensor indices, int rows) =>
        ScatterAddRowsOp.Instance.Apply(new OpArguments { First = rows }, this, indices);
}

/// <summary>Rows of a table by index.</summary>
internal sealed unsafe class GatherRowsOp : FloatOp
{
    public static readonly GatherRowsOp Instance = new();

    public override string Name => "gather rows";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Lookup).Inputs("table", "indices");

    /// <summary>The row numbers, each checked against the table.</summary>
    public static Tensor Checked(string name, Tensor indices, int rows)
    {
        if (indices.DType != DType.Int32)
            Throw.WrongType(name, DType.Int32, indices.DType);

        Tensor packed = indices.AsContiguous();
        foreach (int row in packed.AsSpan<int>())
        {
            if ((uint)row >= (uint)rows)
                throw new ThalwegException($"[{name}] expected row numbers from 0 to {rows - 1}, got {row}");
        }

        return packed;
    }

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor table = call[0].AsContiguous();
        if (table.Rank == 0)
            Throw.WrongShape(Name, "a table [rows, ...]", table.Shape);

        Tensor indices = Checked(Name, call[1], table.Shape[0]);
        int width = (int)table.Shape.LengthOf(1, table.Rank);
        Span<int> sizes = stackalloc int[indices.Rank + table.Rank - 1];
        indices.Shape.CopyTo(sizes);
        for (int axis = 1; axis < table.Rank; axis++)
            sizes[indices.Rank + axis - 1] = table.Shape[axis];

        Tensor y = Tensor.Allocate(new Shape(sizes), table.DType, Name);
        ReadOnlySpan<T> from = table.AsSpan<T>();
        Span<T> to = y.AsSpan<T>();
        ReadOnlySpan<int> rows = indices.AsSpan<int>();
        for (int i = 0; i < rows.Length; i++)
            from.Slice(rows[i] * width, width).CopyTo(to.Slice(i * width, width));

        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.ScatterAddRows(call[1], call[0].Shape[0]).Reshape(call[0].Shape));

    /// <summary>Straight into the gradient: one pass that clears it, and the looked-up rows in the order of the indices.</summary>
    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor target = gx.Target(0, out bool accumulate);
        if (!accumulate)
            Zeros.Fill(target.Pointer<T>(), (nint)target.Length);

        ScatterAddRowsOp.AddRows<T>(gy.AsContiguous(), call[1].AsContiguous(), target);
        return true;
    }
}

/// <summary>Sums rows into a table by index, in the order of the rows.</summary>
internal sealed unsafe class ScatterAddRowsOp : FloatOp
{
    public static readonly ScatterAddRowsOp Instance = new();

    public override string Name => "scatter add rows";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Lookup).Inputs("rows", "indices").Attribute("row_count", arguments.First);

    protected override Tensor Forward<T>(ref OpCall call)
    {
        int rows = call.Arguments.First;
        Tensor x = call[0].AsContiguous(), indices = GatherRowsOp.Checked(Name, call[1], rows);
        int width = indices.Length == 0 ? (int)x.Shape.LengthOf(Math.Min(indices.Rank, x.Rank), x.Rank) : (int)(x.Length / indices.Length);
        Tensor table = Tensor.Zeros([rows, width], x.DType);
        AddRows<T>(x, indices, table);
        return table;
    }

    /// <summary>Adds row i of <paramref name="x"/> to row <c>indices[i]</c> of a table, for ascending i.</summary>
    public static void AddRows<T>(Tensor x, Tensor indices, Tensor table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint width = indices.Length == 0 ? 0 : (nint)(x.Length / indices.Length);
        T* from = x.Pointer<T>(), to = table.Pointer<T>();
        int* index = indices.Pointer<int>();
        for (nint i = 0; i < indices.Length; i++)
        {
            T* row = to + (index[i] * width);
            Zip.Run(new Add<T>(), row, from + (i * width), row, width);
        }

        Lifetime.KeepAlive(x, indices, table);
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        gx.Add(0, gy.GatherRows(call[1]).Reshape(call[0].Shape));
}
