namespace Thalweg.Minimizers;

/// <summary>Conjugate gradients that end at the boundary of the region.</summary>
internal sealed class SteihaugRegion(int n) : IRegion
{
    private readonly double[] _residual = new double[n], _conjugate = new double[n], _product = new double[n];

    public void Enter(CurrentPoint current)
    {
    }

    public double Step(CurrentPoint current, double radius, Span<double> step)
    {
        double norm = VectorMath.Norm(current.Gradient), tolerance = Math.Min(0.5, Math.Sqrt(norm)) * norm, square = norm * norm;
        step.Clear();
        current.Gradient.CopyTo(_residual, 0);
        VectorMath.Scale(-1, current.Gradient, _conjugate);
        for (int inner = 0; inner < 2 * n && Math.Sqrt(square) > tolerance; inner++)
        {
            current.Evaluator.MultiplyHessian(current, _conjugate, _product);
            double curvature = VectorMath.Dot(_conjugate, _product), length = square / curvature;
            double boundary = ToBoundary(step, radius);
            if (!(curvature > 0) || length >= boundary)
            {
                Move(boundary, step);
                break;
            }

            Move(length, step);
            double next = VectorMath.Dot(_residual, _residual);
            for (int i = 0; i < n; i++)
                _conjugate[i] = (next / square * _conjugate[i]) - _residual[i];

            square = next;
        }

        // The residual is g + H s, so that the fall -(g's + s'Hs / 2) needs no further product.
        return -(VectorMath.Dot(current.Gradient, step) + VectorMath.Dot(_residual, step)) / 2;
    }

    private void Move(double length, Span<double> step)
    {
        VectorMath.Add(length, _conjugate, step);
        VectorMath.Add(length, _product, _residual);
    }

    /// <summary>How far the direction leads to the boundary.</summary>
    private double ToBoundary(ReadOnlySpan<double> step, double radius) => Boundary.Length(step, _conjugate, radius);
}

/// <summary>Where a line leaves a ball.</summary>
internal static class Boundary
{
    /// <summary>The t of at least 0 at which |step + t direction| is the radius, without cancellation.</summary>
    public static double Length(ReadOnlySpan<double> step, ReadOnlySpan<double> direction, double radius)
    {
        double a = VectorMath.Dot(direction, direction), b = VectorMath.Dot(step, direction),
            c = VectorMath.Dot(step, step) - (radius * radius);
        double root = Math.Sqrt(Math.Max(0, (b * b) - (a * c)));
        return b > 0 ? -c / (b + root) : (root - b) / a;
    }
}
