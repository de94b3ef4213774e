namespace Thalweg.Minimizers;

/// <summary>A function to minimize.</summary>
/// <param name="point">Where, <c>[n]</c>; not to be kept.</param>
/// <param name="gradient">Takes the gradient there, <c>[n]</c>; all of it must be written.</param>
/// <returns>The value.</returns>
public delegate double Objective(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>Counts the evaluations of a function.</summary>
internal sealed class Evaluator(Objective objective)
{
    /// <summary>Evaluations of value and gradient, which come together.</summary>
    public int Count { get; private set; }

    /// <summary>Value and gradient at a point.</summary>
    public double At(ReadOnlySpan<double> point, Span<double> gradient)
    {
        Count++;
        return objective(point, gradient);
    }
}
