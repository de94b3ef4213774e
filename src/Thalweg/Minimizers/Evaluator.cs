namespace Thalweg.Minimizers;

/// <summary>Counts the evaluations of a function.</summary>
internal sealed class Evaluator(ObjectiveFunction function)
{
    /// <summary>Machine precision.</summary>
    public const double Precision = 2.220446049250313e-16;

    private double[] _there = [];

    public Evaluator(Objective objective)
        : this(ObjectiveFunction.Of(objective))
    {
    }

    /// <summary>The function.</summary>
    public ObjectiveFunction Function => function;

    /// <summary>Evaluations of value and gradient, which come together.</summary>
    public int Count { get; private set; }

    /// <summary>Exact products of second derivatives with a vector.</summary>
    public int Products { get; private set; }

    /// <summary>Value and gradient at a point.</summary>
    public double At(ReadOnlySpan<double> point, Span<double> gradient)
    {
        Count++;
        return function.Evaluate(point, gradient);
    }

    /// <summary>The Hessian times a vector; a difference of gradients, which counts as an evaluation, where there is
    /// no exact product.</summary>
    public void MultiplyHessian(CurrentPoint current, ReadOnlySpan<double> vector, Span<double> product)
    {
        if (function.HasHessian)
        {
            Products++;
            function.MultiplyHessian(current.Point, vector, product);
            return;
        }

        double length = VectorMath.Norm(vector);
        if (length == 0)
        {
            product.Clear();
            return;
        }

        // Source: Nocedal and Wright (2006), eq. (8.20), with the step that balances truncation and rounding.
        double step = Math.Sqrt(Precision) * (1 + VectorMath.Norm(current.Point)) / length;
        Array.Resize(ref _there, vector.Length);
        current.Point.CopyTo(_there, 0);
        VectorMath.Add(step, vector, _there);
        At(_there, product);
        for (int i = 0; i < product.Length; i++)
            product[i] = (product[i] - current.Gradient[i]) / step;
    }

    /// <summary>The Gauss-Newton matrix times a vector.</summary>
    public void MultiplyGaussNewton(CurrentPoint current, ReadOnlySpan<double> vector, Span<double> product)
    {
        Products++;
        function.MultiplyGaussNewton(current.Point, vector, product);
    }
}

/// <summary>Where a run stands.</summary>
internal sealed class CurrentPoint(ReadOnlySpan<double> start)
{
    public double[] Point { get; } = start.ToArray();

    public double[] Gradient { get; } = new double[start.Length];

    public double Value { get; set; }

    /// <summary>Counts what the current call asks of its function.</summary>
    public Evaluator Evaluator { get; set; } = null!;

    /// <summary>Moves to a point whose value and gradient are known.</summary>
    public void MoveTo(ReadOnlySpan<double> point, double value, ReadOnlySpan<double> gradient)
    {
        point.CopyTo(Point);
        gradient.CopyTo(Gradient);
        Value = value;
    }
}
