using MathNet.Numerics.LinearAlgebra;
using Thalweg.LinearAlgebra;

namespace Thalweg.Minimizers;

/// <summary>Straight down to the Cauchy point, then on to the Newton point.</summary>
internal sealed class DoglegRegion : IRegion
{
    private Matrix<double> _matrix = null!;
    private double[] _newton = [], _cauchy = [];

    public void Enter(CurrentPoint current)
    {
        _matrix = DenseCurvature.Hessian(current);
        var (factor, shift) = NewtonDescent.PositiveFactor(_matrix);
        for (int i = 0; i < _matrix.RowCount; i++)
            _matrix[i, i] += shift;

        Vector<double> gradient = Vector<double>.Build.Dense(current.Gradient);
        _newton = factor.Solve(gradient).Negate().AsArray();
        _cauchy = (-gradient * (gradient.DotProduct(gradient) / gradient.DotProduct(_matrix * gradient))).AsArray();
    }

    public double Step(CurrentPoint current, double radius, Span<double> step)
    {
        double cauchy = VectorMath.Norm(_cauchy);
        if (VectorMath.Norm(_newton) <= radius)
        {
            _newton.CopyTo(step);
        }
        else if (cauchy >= radius)
        {
            VectorMath.Scale(radius / cauchy, _cauchy, step);
        }
        else
        {
            double[] leg = [.. _newton];
            VectorMath.Add(-1, _cauchy, leg);
            _cauchy.CopyTo(step);
            VectorMath.Add(Boundary.Length(step, leg, radius), leg, step);
        }

        Vector<double> s = Vector<double>.Build.Dense(step.ToArray());
        return -VectorMath.Dot(current.Gradient, step) - (s.DotProduct(_matrix * s) / 2);
    }
}

/// <summary>The minimum within the ball, in the basis of eigenvectors.</summary>
internal sealed class ExactRegion : IRegion
{
    private const int MaximumSteps = 100;
    private Matrix<double> _vectors = null!;
    private double[] _values = [], _gradient = [];

    public void Enter(CurrentPoint current)
    {
        (Vector<double> values, _vectors) = SymmetricSystem.Decompose(DenseCurvature.Hessian(current));
        _values = values.ToArray();
        _gradient = _vectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(current.Gradient)).ToArray();
    }

    public double Step(CurrentPoint current, double radius, Span<double> step)
    {
        double[] inside = new double[_values.Length];
        Solve(radius, inside);
        double fall = 0;
        for (int i = 0; i < inside.Length; i++)
            fall -= inside[i] * (_gradient[i] + (_values[i] * inside[i] / 2));

        (_vectors * Vector<double>.Build.Dense(inside)).AsArray().CopyTo(step);
        return fall;
    }

    /// <summary>The step of eigenvectors: -g / (l + mu) with the least mu that makes it convex and short enough.</summary>
    private void Solve(double radius, double[] step)
    {
        double least = _values.Min(), most = _values.Max(Math.Abs), floor = Math.Max(0, -least);
        double tiny = Evaluator.Precision * most;
        if (least > tiny && Length(0, step) <= radius)
            return;

        double low = floor + Math.Max(tiny, 1e-300);
        if (Length(low, step) <= radius)
        {
            // The hard case: along the eigenvector of the least eigenvalue the parabola falls, or is level, up to the boundary.
            int index = Array.IndexOf(_values, least);
            double[] along = new double[step.Length];
            along[index] = step[index] < 0 || (step[index] == 0 && _gradient[index] > 0) ? -1 : 1;
            step[index] += least > 0 ? 0 : along[index] * Boundary.Length(step, along, radius);
            return;
        }

        Narrow(radius, low, step);
    }

    /// <summary>Newton's method on 1 / |s| - 1 / r, which is nearly linear in mu, kept within bounds.</summary>
    private void Narrow(double radius, double low, double[] step)
    {
        double high = low + (VectorMath.Norm(_gradient) / radius), mu = low;
        for (int i = 0; i < MaximumSteps; i++)
        {
            double length = Length(mu, step);
            if (Math.Abs(length - radius) <= 1e-10 * radius)
                return;

            (low, high) = length > radius ? (mu, high) : (low, mu);
            double slope = 0;
            for (int k = 0; k < step.Length; k++)
                slope += step[k] * step[k] / (_values[k] + mu);

            double next = mu + (length * length / slope * (length - radius) / radius);
            mu = next > low && next < high ? next : (low + high) / 2;
        }
    }

    private double Length(double mu, double[] step)
    {
        for (int i = 0; i < step.Length; i++)
            step[i] = _gradient[i] == 0 ? 0 : -_gradient[i] / (_values[i] + mu);

        return VectorMath.Norm(step);
    }
}
