using Thalweg.Kernels;

namespace Thalweg.Bench;

/// <summary>A product [rows, depth] x [depth, columns] of matrices that lie as they do in a dense layer.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Columns">Columns of the result.</param>
/// <param name="Depth">Length of each sum.</param>
/// <param name="TransposeA">Whether A is the transposed view of a matrix [depth, rows].</param>
/// <param name="TransposeB">Whether B is the transposed view of a matrix [columns, depth].</param>
internal sealed record MatMulCase(string Name, int Rows, int Columns, int Depth, bool TransposeA = false, bool TransposeB = false)
{
    public double Operations => 2.0 * Rows * Columns * Depth;

    public static IEnumerable<MatMulCase> Squares(IEnumerable<int> sizes) => sizes.Select(n => new MatMulCase("square", n, n, n));

    /// <summary>Forward, weight gradient and input gradient of each layer of a network whose layers have these widths.</summary>
    public static IEnumerable<MatMulCase> NetworkStep(int[] widths, int batch)
    {
        for (int layer = 0; layer + 1 < widths.Length; layer++)
        {
            int inputs = widths[layer], outputs = widths[layer + 1];
            yield return new("forward", batch, outputs, inputs);
            yield return new("weights", inputs, outputs, batch, TransposeA: true);
            yield return new("input", batch, inputs, outputs, TransposeB: true);
        }
    }

    public unsafe void Multiply(AlignedMemory<float> a, AlignedMemory<float> b, AlignedMemory<float> c)
    {
        Matrix<float> left = TransposeA ? new(a.Pointer, Rows, Depth, 1, Rows) : new(a.Pointer, Rows, Depth, Depth, 1);
        Matrix<float> right = TransposeB ? new(b.Pointer, Depth, Columns, 1, Depth) : new(b.Pointer, Depth, Columns, Columns, 1);
        MatMul.Multiply(left, right, c.Pointer, Columns, default);
    }

    public override string ToString() => $"{Name} {Rows} x {Depth} x {Columns}{(TransposeA ? " TN" : TransposeB ? " NT" : " NN")}";
}
