using Thalweg.Minimizers;

namespace Thalweg.Tests.Minimizers.Problems;

/// <summary>A sum of squares to minimize, f = sum of r_i^2, with its published minima.</summary>
/// <param name="Number">Number in the paper.</param>
/// <param name="Name">Name in the paper.</param>
/// <param name="Start">Standard start.</param>
/// <param name="Minima">Values of known minima; the paper prints six digits, the others come from a converged Newton iteration.</param>
/// <param name="Residuals">The r_i.</param>
internal sealed record TestProblem(int Number, string Name, double[] Start, double[] Minima, Func<Dual[], Dual[]> Residuals)
{
    /// <summary>Largest gradient element of a solved problem.</summary>
    public const double GradientTolerance = 1e-8;

    /// <summary>Deviation from a known minimum, relative to it, of a solved problem.</summary>
    public const double ValueTolerance = 1e-10;

    /// <summary>Value that counts as the minimum 0.</summary>
    public const double ZeroTolerance = 1e-20;

    public int Variables => Start.Length;

    /// <summary>Value and gradient, 2 J'r.</summary>
    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        Dual[] x = new Dual[point.Length];
        double value = 0;
        for (int k = 0; k < x.Length; k++)
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = new(point[i], i == k ? 1 : 0);
            gradient[k] = value = 0;
            foreach (Dual r in Residuals(x))
            {
                value += r.Value * r.Value;
                gradient[k] += 2 * r.Value * r.Slope;
            }
        }

        return value;
    }

    /// <summary>The problem as half a sum of squares: its values are half of f.</summary>
    public ObjectiveFunction AsLeastSquares()
    {
        int count = Residuals([.. Start.Select(v => (Dual)v)]).Length;
        return ObjectiveFunction.OfResiduals(count, (point, residuals, jacobian) =>
        {
            Dual[] x = new Dual[point.Length];
            for (int k = 0; k < x.Length; k++)
            {
                for (int i = 0; i < x.Length; i++)
                    x[i] = new(point[i], i == k ? 1 : 0);
                Dual[] r = Residuals(x);
                for (int i = 0; i < r.Length; i++)
                    (residuals[i], jacobian[(i * x.Length) + k]) = (r[i].Value, r[i].Slope);
            }
        });
    }

    /// <summary>Whether a point counts as solved.</summary>
    public bool IsSolved(double value, ReadOnlySpan<double> gradient)
    {
        double most = 0;
        foreach (double g in gradient)
            most = Math.Max(most, Math.Abs(g));
        return most <= GradientTolerance ||
            Minima.Any(minimum => minimum == 0 ? value <= ZeroTolerance : Math.Abs(value - minimum) <= ValueTolerance * minimum);
    }
}

/// <summary>Counts evaluations of a problem up to the first point that counts as solved.</summary>
internal sealed class Watch(TestProblem problem)
{
    /// <summary>Evaluations so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Evaluations up to the first solved point; 0 where there is none.</summary>
    public int Solved { get; private set; }

    public double Evaluate(ReadOnlySpan<double> point, Span<double> gradient)
    {
        double value = problem.Evaluate(point, gradient);
        Evaluations++;
        if (Solved == 0 && problem.IsSolved(value, gradient))
            Solved = Evaluations;
        return value;
    }
}
