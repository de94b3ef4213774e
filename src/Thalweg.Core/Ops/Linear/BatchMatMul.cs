using System.Numerics;
using Thalweg.Kernels;

namespace Thalweg;

/// <summary>Matrix products of pairs: <c>[batch, m, k] x [batch, k, n] -> [batch, m, n]</c>.</summary>
internal sealed unsafe class BatchMatMulOp : FloatOp
{
    public static readonly BatchMatMulOp Instance = new();

    /// <summary>Operations of one product from which on the product itself is cut among the threads, and not the batch.</summary>
    private const double LargeProduct = 4e6;

    public override string Name => "matmul";

    protected internal override void Describe(in OpArguments arguments, int inputs, OpDescription description) =>
        description.Of(OpKind.Product).Inputs("left", "right");

    protected override Tensor Forward<T>(ref OpCall call)
    {
        Tensor a = Ready(call[0]), b = Ready(call[1]);
        Tensor y = Tensor.Allocate([a.Shape[0], a.Shape[1], b.Shape[2]], a.DType, Name);
        Multiply<T>(a, b, y, accumulate: false);
        return y;
    }

    protected internal override void Vjp(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx) =>
        MatMulOp.Differentiate(call, gy, ref gx);

    protected override bool TryFusedVjp<T>(in OpCall call, Tensor y, Tensor gy, ref Cotangents gx)
    {
        Tensor g = Ready(gy);
        if (gx.Wants(0))
        {
            Tensor target = gx.Target(0, out bool accumulate);
            Multiply<T>(g, Ready(call[1].Transpose()), target, accumulate);
        }

        if (gx.Wants(1))
        {
            Tensor target = gx.Target(1, out bool accumulate);
            Multiply<T>(Ready(call[0].Transpose()), g, target, accumulate);
        }

        return true;
    }

    /// <summary>A tensor of rank 3 whose matrices kernels can address: itself where a stride within them is 1, else a copy.</summary>
    private static Tensor Ready(Tensor x) => x.Strides[1] == 1 || x.Strides[2] == 1 ? x : x.AsContiguous();

    private static void Multiply<T>(Tensor a, Tensor b, Tensor c, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Job<T> job = new()
        {
            A = Start<T>(a),
            B = Start<T>(b),
            C = c.Pointer<T>(),
            NextA = a.Strides[0],
            NextB = b.Strides[0],
            NextC = (nint)c.Shape[1] * c.Shape[2],
            Accumulate = accumulate,
        };
        if (2.0 * a.Shape[1] * a.Shape[2] * b.Shape[2] < LargeProduct)
        {
            WorkerTeam.Run(ref job, a.Shape[0]);
        }
        else
        {
            for (int i = 0; i < a.Shape[0]; i++)
                job.Run(i);
        }

        Lifetime.KeepAlive(a, b, c);
    }

    private static Matrix<T> Start<T>(Tensor x)
        where T : unmanaged => x.IsContiguous
        ? new Matrix<T>(x.Pointer<T>(), x.Shape[1], x.Shape[2], x.Shape[2], 1)
        : new Matrix<T>(x.Pointer<T>(), x.Shape[1], x.Shape[2], x.Strides[1], x.Strides[2]);

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Matrix<T> A, B;
        public T* C;
        public nint NextA, NextB, NextC;
        public bool Accumulate;

        public readonly void Run(int chunk)
        {
            Matrix<T> a = new(A.Data + (chunk * NextA), A.Rows, A.Columns, A.RowStride, A.ColumnStride);
            Matrix<T> b = new(B.Data + (chunk * NextB), B.Rows, B.Columns, B.RowStride, B.ColumnStride);
            Kernels.MatMul.Multiply(a, b, C + (chunk * NextC), B.Columns, new Epilogue<T> { Accumulate = Accumulate });
        }
    }
}
