namespace Thalweg.Tuning;

/// <summary>A function to be minimized: its value, with its gradient written to the second argument.</summary>
/// <param name="point">The point.</param>
/// <param name="gradient">Where the gradient goes, as long as the point.</param>
internal delegate double DifferentiableFunction(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>Limited-memory BFGS within a box: directions over the coordinates that are free, steps projected onto the box.</summary>
/// <remarks>Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4, with the projected line search of algorithm 5.1 of Kelley,
/// Iterative Methods for Optimization, 1999. Sums run in order, so that results are equal wherever it runs.</remarks>
internal static class BoxMinimizer
{
    private const int Memory = 8, MostHalvings = 12;
    private const double Armijo = 1e-4;

    /// <summary>Improves a point.</summary>
    /// <param name="function">What is minimized.</param>
    /// <param name="point">The start; the result.</param>
    /// <param name="low">Least coordinates.</param>
    /// <param name="high">Greatest coordinates.</param>
    /// <param name="evaluations">Most evaluations of the function.</param>
    /// <returns>The value at the result.</returns>
    public static double Minimize(DifferentiableFunction function, double[] point, double[] low, double[] high, int evaluations)
    {
        int size = point.Length;
        double[] gradient = new double[size], next = new double[size], nextGradient = new double[size];
        List<(double[] Step, double[] Change, double Scale)> pairs = [];
        double value = function(point, gradient);
        for (int used = 1; used < evaluations;)
        {
            double[] direction = Direction(point, gradient, low, high, pairs);
            double slope = Dot(direction, gradient);
            if (!(slope < -1e-12 * (1 + Math.Abs(value))))
                break;
            double length = pairs.Count == 0 ? Math.Min(1, 0.3 / Math.Sqrt(Dot(direction, direction))) : 1, nextValue = double.NaN;
            bool isLower = false;
            for (int halving = 0; halving < MostHalvings && used < evaluations && !isLower; halving++, used++)
            {
                for (int i = 0; i < size; i++)
                    next[i] = Math.Clamp(point[i] + (length * direction[i]), low[i], high[i]);
                nextValue = function(next, nextGradient);
                isLower = nextValue <= value + (Armijo * Move(point, next, gradient));
                length *= 0.3;
            }

            if (!isLower)
                break;
            double gain = value - nextValue;
            Remember(pairs, point, next, gradient, nextGradient);
            next.CopyTo(point, 0);
            nextGradient.CopyTo(gradient, 0);
            value = nextValue;
            if (gain < 1e-9 * (1 + Math.Abs(value)))
                break;
        }

        return value;
    }

    private static double[] Direction(
        double[] point, double[] gradient, double[] low, double[] high, List<(double[] Step, double[] Change, double Scale)> pairs)
    {
        double[] direction = new double[point.Length], weights = new double[pairs.Count];
        for (int i = 0; i < direction.Length; i++)
            direction[i] = IsFree(i, point, gradient, low, high) ? -gradient[i] : 0;
        for (int k = pairs.Count - 1; k >= 0; k--)
        {
            weights[k] = pairs[k].Scale * Dot(pairs[k].Step, direction);
            Add(direction, -weights[k], pairs[k].Change);
        }

        if (pairs.Count > 0)
        {
            double scale = 1 / (pairs[^1].Scale * Dot(pairs[^1].Change, pairs[^1].Change));
            for (int i = 0; i < direction.Length; i++)
                direction[i] *= scale;
        }

        for (int k = 0; k < pairs.Count; k++)
            Add(direction, weights[k] - (pairs[k].Scale * Dot(pairs[k].Change, direction)), pairs[k].Step);
        for (int i = 0; i < direction.Length; i++)
            direction[i] = IsFree(i, point, gradient, low, high) ? direction[i] : 0;
        if (Dot(direction, gradient) < 0)
            return direction;
        pairs.Clear();
        for (int i = 0; i < direction.Length; i++)
            direction[i] = IsFree(i, point, gradient, low, high) ? -gradient[i] : 0;
        return direction;
    }

    private static bool IsFree(int i, double[] point, double[] gradient, double[] low, double[] high) =>
        !((point[i] <= low[i] && gradient[i] > 0) || (point[i] >= high[i] && gradient[i] < 0)) && low[i] < high[i];

    private static void Remember(
        List<(double[] Step, double[] Change, double Scale)> pairs, double[] point, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] step = new double[point.Length], change = new double[point.Length];
        for (int i = 0; i < step.Length; i++)
        {
            step[i] = next[i] - point[i];
            change[i] = nextGradient[i] - gradient[i];
        }

        double curvature = Dot(step, change);
        if (curvature <= 1e-10 * Math.Sqrt(Dot(step, step) * Dot(change, change)))
            return;
        if (pairs.Count == Memory)
            pairs.RemoveAt(0);
        pairs.Add((step, change, 1 / curvature));
    }

    private static double Move(double[] point, double[] next, double[] gradient)
    {
        double sum = 0;
        for (int i = 0; i < point.Length; i++)
            sum += gradient[i] * (next[i] - point[i]);
        return sum;
    }

    private static void Add(double[] to, double factor, double[] what)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += factor * what[i];
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
