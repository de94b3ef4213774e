using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Thalweg.Initializers;

/// <summary>Orthonormal columns or rows times a gain, from the QR decomposition of a matrix of normal numbers.</summary>
internal sealed record OrthogonalInitializer : Initializer
{
    public OrthogonalInitializer(double gain = 1, bool signFix = true) => (Gain, SignFix) = (gain, signFix);

    /// <summary>Factor; default 1.</summary>
    public double Gain { get; init => field = Finite(value); }

    /// <summary>Whether signs are made those of Haar's uniform law; default true.</summary>
    public bool SignFix { get; init; }

    public override string Formula => "gain Q of a normal matrix = Q R, columns of Q times the signs of R's diagonal";

    public override string Source => "Saxe, McClelland, Ganguli, ICLR 2014; sign: Mezzadri 2007";

    public override string Use => "deep linear, recurrent and very deep nets";

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        (int rows, int columns) = Matrices.SizeOf(target.Shape);
        (int tall, int wide) = (Math.Max(rows, columns), Math.Min(rows, columns));
        DenseMatrix normal = new(tall, wide);
        for (int i = 0; i < normal.Values.Length; i++)
            normal.Values[i] = stream.NextNormal();

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
}

/// <summary>A fixed number of normal weights into each unit, the others 0.</summary>
internal sealed record SparseInitializer : Initializer
{
    public SparseInitializer(int inputs = 15, double deviation = 1) => (Inputs, Deviation) = (inputs, deviation);

    /// <summary>Weights other than 0 of each unit, 1 or more; default 15.</summary>
    public int Inputs { get; init => field = AtLeast(1, value); }

    /// <summary>Their standard deviation, above 0; default 1.</summary>
    public double Deviation { get; init => field = AboveZero(value); }

    public override string Formula => "N(0, deviation^2) for that many random inputs of each unit, else 0";

    public override string Source => "Martens, ICML 2010, section 5";

    public override string Use => "Hessian-free training of deep nets";

    internal override bool SeesUnits => true;

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        (int rows, int columns) = Matrices.SizeOf(target.Shape);
        Each.Set(target, 0);
        int[] order = [.. Enumerable.Range(0, rows)];
        for (int unit = 0; unit < columns; unit++)
        {
            stream.Shuffle<int>(order);
            foreach (int input in order.AsSpan(0, Math.Min(Inputs, rows)))
                target.Write(((long)input * columns) + unit, Deviation * stream.NextNormal());
        }
    }
}

/// <summary>Normal weights of which a share of those that leave each input is 0.</summary>
internal sealed record SparseFractionInitializer : Initializer
{
    public SparseFractionInitializer(double fraction = 0.9, double deviation = 0.01) => (Fraction, Deviation) = (fraction, deviation);

    /// <summary>Share of zeros, 0 to 1; default 0.9.</summary>
    public double Fraction { get; init => field = Within(value, 0, 1); }

    /// <summary>Standard deviation of the others, above 0; default 0.01.</summary>
    public double Deviation { get; init => field = AboveZero(value); }

    public override string Formula => "N(0, deviation^2), ceil(fraction out) random weights of each input 0";

    public override string Source => "Paszke and others, PyTorch, torch.nn.init.sparse_";

    public override string Use => "as sparse, counted in shares";

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
                target.Write(((long)input * columns) + unit, 0);
        }
    }
}

/// <summary>A matrix with a gain on its diagonal.</summary>
internal sealed record IdentityInitializer : Initializer
{
    public IdentityInitializer(double gain = 1) => Gain = gain;

    /// <summary>The diagonal; default 1.</summary>
    public double Gain { get; init => field = Finite(value); }

    public override string Formula => "w[i, j] = gain if i = j else 0";

    public override string Source => "Le, Jaitly, Hinton 2015, section 3";

    public override string Use => "recurrent ReLU layers, layers to be passed through";

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        if (target.Shape.Rank != 2)
            throw new ThalwegException($"[initializer] expected two axes for identity, got shape {target.Shape}; use dirac");
        PassThrough.Fill(target, 1, Gain);
    }
}

/// <summary>Passes as many channels through as there are outputs, in the middle of the window.</summary>
internal sealed record DiracInitializer : Initializer
{
    public DiracInitializer(int groups = 1) => Groups = groups;

    /// <summary>Groups of channels, a divisor of the outputs; default 1.</summary>
    public int Groups { get; init => field = AtLeast(1, value); }

    public override string Formula => "1 in the middle of the window from channel i of each group to channel i, else 0";

    public override string Source => "Paszke and others, PyTorch, torch.nn.init.dirac_";

    public override string Use => "convolutions to be passed through";

    public override void Fill(Tensor target, ref RandomStream stream)
    {
        if (target.Shape.Rank < 3)
        {
            throw new ThalwegException(
                $"[initializer] expected a window and two axes of channels for dirac, got shape {target.Shape}; use identity");
        }

        PassThrough.Fill(target, Groups, 1);
    }
}

/// <summary>Passes as many inputs through as there are outputs; with a window, through its middle.</summary>
internal static class PassThrough
{
    public static void Fill(Tensor target, int groups, double gain)
    {
        Shape shape = target.Shape;
        (int inputs, int outputs) = (shape[-2], shape[-1]);
        if (outputs % groups != 0)
        {
            throw new ThalwegException(
                $"[initializer] expected outputs that {groups} groups divide, got {outputs} of {shape}; give another number of groups");
        }

        Each.Set(target, 0);
        long middle = 0;
        for (int axis = 0; axis < shape.Rank - 2; axis++)
            middle = (middle * shape[axis]) + (shape[axis] / 2);
        int perGroup = outputs / groups;
        for (int output = 0; output < outputs; output++)
        {
            int input = output % perGroup;
            if (input < inputs)
                target.Write((((middle * inputs) + input) * outputs) + output, gain);
        }
    }
}

/// <summary>Weights seen as matrices.</summary>
internal static class Matrices
{
    /// <summary>Rows (window and inputs) and columns (outputs) of a weight <c>[window..., in, out]</c>.</summary>
    public static (int Rows, int Columns) SizeOf(Shape shape) => shape.Rank < 2
        ? throw new ThalwegException($"[initializer] expected a weight of two or more axes, got shape {shape}; use normal or uniform")
        : (checked((int)shape.LengthOf(0, shape.Rank - 1)), shape[-1]);
}
