namespace Thalweg.Labs.Playground;

/// <summary>A function of two variables that optimizers descend.</summary>
internal abstract record Surface(string Name, LabText Title)
{
    /// <summary>The part that is drawn: left, right, bottom, top.</summary>
    public abstract IReadOnlyList<double> Bounds { get; }

    /// <summary>Where a race starts by default: x, y.</summary>
    public abstract IReadOnlyList<double> Start { get; }

    /// <summary>Standard deviation of the noise on each component of a sample's gradient by default, at least 0; default 0.</summary>
    public virtual double Noise => 0;

    /// <summary>Whether the function is a quadratic, whose Hessian has the same eigenvectors everywhere; default false.</summary>
    public virtual bool IsQuadratic => false;

    /// <summary>The formula; empty for surfaces that were measured.</summary>
    public virtual string Formula => "";

    /// <summary>The value at a point, and the gradient there.</summary>
    /// <param name="x">First variable.</param>
    /// <param name="y">Second variable.</param>
    /// <param name="gradient">Takes the gradient, <c>[2]</c>.</param>
    public abstract double Value(double x, double y, Span<double> gradient);

    /// <summary>The Hessian, from central differences of the gradient: xx, xy, yy.</summary>
    /// <param name="x">First variable.</param>
    /// <param name="y">Second variable.</param>
    public double[] Hessian(double x, double y)
    {
        const double Step = 1e-4;
        Span<double> left = stackalloc double[2], right = stackalloc double[2];
        Value(x - Step, y, left);
        Value(x + Step, y, right);
        (double xx, double xy) = ((right[0] - left[0]) / (2 * Step), (right[1] - left[1]) / (2 * Step));
        Value(x, y - Step, left);
        Value(x, y + Step, right);
        return [xx, (xy + ((right[0] - left[0]) / (2 * Step))) / 2, (right[1] - left[1]) / (2 * Step)];
    }

    /// <summary>Values on a grid over the part that is drawn, row by row from the bottom: <c>[rows * columns]</c>.</summary>
    /// <param name="columns">Columns, at least 2.</param>
    /// <param name="rows">Rows, at least 2.</param>
    public double[] Grid(int columns, int rows)
    {
        double[] values = new double[columns * rows];
        Span<double> gradient = stackalloc double[2];
        for (int i = 0; i < values.Length; i++)
        {
            double x = Bounds[0] + ((Bounds[1] - Bounds[0]) * (i % columns) / (columns - 1));
            values[i] = Value(x, Bounds[2] + ((Bounds[3] - Bounds[2]) * (i / columns) / (rows - 1)), gradient);
        }

        return values;
    }
}

/// <summary>A surface given by a formula.</summary>
internal sealed record FormulaSurface(string Name, LabText Title, string Text, FormulaSurface.Gradient Function)
    : Surface(Name, Title)
{
    /// <summary>The value at a point, and the gradient there.</summary>
    public delegate double Gradient(double x, double y, Span<double> gradient);

    /// <summary>The part that is drawn.</summary>
    public required double[] Drawn { get; init; }

    /// <summary>Where a race starts.</summary>
    public required double[] First { get; init; }

    /// <summary>Noise by default.</summary>
    public double Deviation { get; init; }

    /// <summary>Whether the function is a quadratic.</summary>
    public bool HasConstantHessian { get; init; }

    public override string Formula => Text;

    public override IReadOnlyList<double> Bounds => Drawn;

    public override IReadOnlyList<double> Start => First;

    public override double Noise => Deviation;

    public override bool IsQuadratic => HasConstantHessian;

    public override double Value(double x, double y, Span<double> gradient) => Function(x, y, gradient);
}
