namespace Thalweg.Minimizers;

/// <summary>How far to go along a direction.</summary>
public sealed record LineSearch
{
    private LineSearch(string name, ISearch? kernel) => (Name, Kernel) = (name, kernel);

    /// <summary>Takes the length that it is given. One evaluation; may go up.</summary>
    public static LineSearch None { get; } = new("none", null);

    /// <summary>Halves the length until the value falls enough, f(x + t d) at most f(x) + 1e-4 t g'd, 25 times at most.
    /// Source: Armijo 1966.</summary>
    public static LineSearch Backtracking { get; } = new("backtracking", new BacktrackingSearch());

    /// <summary>
    /// Brackets and narrows with cubic interpolation until the value falls enough and the slope is at most a share (0.9) of the first one
    /// in
    /// magnitude, 25 evaluations at most. Source: Nocedal and Wright (2006), algorithms 3.5 and 3.6, in the form of Schmidt's minFunc
    /// (2005).
    /// </summary>
    public static LineSearch StrongWolfe { get; } = new("strong_wolfe", new StrongWolfeSearch());

    /// <summary>
    /// The same conditions with the safeguarded steps of Moré and Thuente (1994), which take fewer evaluations; near a minimum, where
    /// differences
    /// of values are rounding, slopes decide (Hager and Zhang 2005, eq. (4.1)). 40 evaluations at most.
    /// </summary>
    public static LineSearch MoreThuente { get; } = new("more_thuente", new MoreThuenteSearch());

    /// <summary>
    /// The length -g'd / d'Hd from one Hessian product, halved until the value falls enough: exact on a quadratic. Source: Nocedal and
    /// Wright (2006), eq. (3.55).
    /// </summary>
    public static LineSearch Newton { get; } = new("newton", new NewtonSearch());

    /// <summary>All searches.</summary>
    internal static IReadOnlyList<LineSearch> All { get; } = [None, Backtracking, StrongWolfe, MoreThuente, Newton];

    /// <summary>How a search is written.</summary>
    internal static SettingsValue Text { get; } = SettingsValue.Choice<LineSearch>([.. All.Select(search => (search.Name, search))]);

    /// <summary>Name in texts: none, backtracking, strong_wolfe, more_thuente, newton.</summary>
    public string Name { get; }

    internal ISearch? Kernel { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Finds a point on a line.</summary>
internal interface ISearch
{
    /// <summary>The point to go to; that of the length 0 if none is better.</summary>
    /// <param name="line">The line, on which the function is evaluated.</param>
    /// <param name="length">Length to try first, above 0.</param>
    LinePoint Find(SearchLine line, double length);
}

/// <summary>A point of a line.</summary>
/// <param name="Length">Distance from its start in units of the direction.</param>
/// <param name="Value">Value there.</param>
/// <param name="Gradient">Gradient there.</param>
/// <param name="Slope">Derivative along the line there.</param>
internal sealed record LinePoint(double Length, double Value, double[] Gradient, double Slope);

/// <summary>A function along a direction.</summary>
internal sealed class SearchLine(CurrentPoint current, double[] direction, LinePoint start, double slopeShare = 0.9)
{
    /// <summary>Where the search starts.</summary>
    public LinePoint Start { get; } = start with { Gradient = [.. start.Gradient] };

    /// <summary>Largest absolute element of the direction.</summary>
    public double Scale { get; } = VectorMath.Maximum(direction);

    public LinePoint At(double length)
    {
        double[] there = [.. current.Point], gradient = new double[there.Length];
        VectorMath.Add(length, direction, there);
        double value = current.Evaluator.At(there, gradient);
        return new(length, value, gradient, VectorMath.Dot(gradient, direction));
    }

    /// <summary>Second derivative along the line at its start.</summary>
    public double Curvature()
    {
        double[] product = new double[direction.Length];
        current.Evaluator.MultiplyHessian(current, direction, product);
        return VectorMath.Dot(direction, product);
    }

    /// <summary>Armijo's condition: the value falls by a share of what the slope promises.</summary>
    public bool FallsEnough(LinePoint trial, double share) => trial.Value <= Start.Value + (share * trial.Length * Start.Slope);

    /// <summary>Whether the slope is small enough beside that of the start.</summary>
    public bool IsFlat(LinePoint trial) => Math.Abs(trial.Slope) <= -slopeShare * Start.Slope;
}
