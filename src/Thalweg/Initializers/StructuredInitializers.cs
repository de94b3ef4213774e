using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Thalweg.Initializers;

/// <summary>Orthonormal columns or rows times a gain, from the QR decomposition of a matrix of normal numbers.</summary>
internal sealed record OrthogonalInitializer(double Gain, bool SignFix) : Initializer
{
    public double Gain { get; } = double.IsFinite(Gain)
        ? Gain
        : throw new ThalwegException($"[initializer] expected a finite gain, got {Gain}; give another");

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        (int rows, int columns) = Matrices.SizeOf(target.Shape);
        (int tall, int wide) = (Math.Max(rows, columns), Math.Min(rows, columns));
        DenseMatrix normal = new(tall, wide);
        for (int i = 0; i < normal.Values.Length; i++)
        {
            normal.Values[i] = stream.NextNormal();
        }

        QR<double> factors = normal.QR(QRMethod.Thin);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                (int row, int column) = rows >= columns ? (i, j) : (j, i);
                double sign = SignFix && factors.R[column, column] < 0 ? -1 : 1;
                target.Write(((long)i * columns) + j, Gain * sign * factors.Q[row, column]);
            }
        }
    }

    public override string ToString() => $"orthogonal({Text(Gain)}{(SignFix ? "" : ", false")})";
}

/// <summary>A fixed number of normal weights into each unit, the others 0.</summary>
internal sealed record SparseInitializer(int Count, double Deviation) : Initializer
{
    public int Count { get; } = Count > 0
        ? Count
        : throw new ThalwegException($"[initializer] expected 1 or more inputs for each unit, got {Count}; give another number");

    public double Deviation { get; } = Matrices.Deviation(Deviation);

    internal override bool SeesUnits => true;

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        (int rows, int columns) = Matrices.SizeOf(target.Shape);
        Each.Set(target, 0);
        int[] inputs = [.. Enumerable.Range(0, rows)];
        for (int unit = 0; unit < columns; unit++)
        {
            stream.Shuffle<int>(inputs);
            foreach (int input in inputs.AsSpan(0, Math.Min(Count, rows)))
            {
                target.Write(((long)input * columns) + unit, Deviation * stream.NextNormal());
            }
        }
    }

    public override string ToString() => $"sparse({Text(Count)}, {Text(Deviation)})";
}

/// <summary>Normal weights of which a share of those that leave each input is 0.</summary>
internal sealed record SparseFractionInitializer(double Fraction, double Deviation) : Initializer
{
    public double Fraction { get; } = Fraction is >= 0 and <= 1
        ? Fraction
        : throw new ThalwegException($"[initializer] expected a fraction of zeros from 0 to 1, got {Fraction}; give another");

    public double Deviation { get; } = Matrices.Deviation(Deviation);

    internal override bool SeesUnits => true;

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        (int rows, int columns) = Matrices.SizeOf(target.Shape);
        Each.Normal(target, 0, Deviation, ref stream);
        int[] units = [.. Enumerable.Range(0, columns)];
        int zeros = (int)Math.Ceiling(Fraction * columns);
        for (int input = 0; input < rows; input++)
        {
            stream.Shuffle<int>(units);
            foreach (int unit in units.AsSpan(0, zeros))
            {
                target.Write(((long)input * columns) + unit, 0);
            }
        }
    }

    public override string ToString() => $"sparse_fraction({Text(Fraction)}, {Text(Deviation)})";
}

/// <summary>Passes as many inputs through as there are outputs; with a window, through its middle.</summary>
internal sealed record IdentityInitializer(double Gain, int Groups, bool IsDirac) : Initializer
{
    public double Gain { get; } = double.IsFinite(Gain)
        ? Gain
        : throw new ThalwegException($"[initializer] expected a finite gain, got {Gain}; give another");

    public int Groups { get; } = Groups > 0
        ? Groups
        : throw new ThalwegException($"[initializer] expected 1 or more groups, got {Groups}; give another number");

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        Shape shape = target.Shape;
        if (IsDirac ? shape.Rank < 3 : shape.Rank != 2)
        {
            throw new ThalwegException(
                $"[initializer] expected {(IsDirac ? "a window and two axes of channels for dirac" : "two axes for identity")}, got " +
                $"shape {shape}; use {(IsDirac ? "identity" : "dirac")}");
        }

        (int inputs, int outputs) = (shape[-2], shape[-1]);
        if (outputs % Groups != 0)
        {
            throw new ThalwegException(
                $"[initializer] expected outputs that {Groups} groups divide, got {outputs} of {shape}; give another number of groups");
        }

        Each.Set(target, 0);
        long middle = 0;
        for (int axis = 0; axis < shape.Rank - 2; axis++)
        {
            middle = (middle * shape[axis]) + (shape[axis] / 2);
        }

        int perGroup = outputs / Groups;
        for (int output = 0; output < outputs; output++)
        {
            int input = output % perGroup;
            if (input < inputs)
            {
                target.Write((((middle * inputs) + input) * outputs) + output, Gain);
            }
        }
    }

    public override string ToString() => IsDirac ? $"dirac({Text(Groups)})" : $"identity({Text(Gain)})";
}

/// <summary>Weights seen as matrices.</summary>
internal static class Matrices
{
    /// <summary>Rows (window and inputs) and columns (outputs) of a weight <c>[window..., in, out]</c>.</summary>
    public static (int Rows, int Columns) SizeOf(Shape shape) => shape.Rank < 2
        ? throw new ThalwegException($"[initializer] expected a weight of two or more axes, got shape {shape}; use normal or uniform")
        : (checked((int)shape.LengthOf(0, shape.Rank - 1)), shape[-1]);

    public static double Deviation(double deviation) => deviation > 0 && double.IsFinite(deviation)
        ? deviation
        : throw new ThalwegException($"[initializer] expected a finite standard deviation above 0, got {deviation}; give another");
}
