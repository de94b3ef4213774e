namespace Thalweg.Diagnostics;

/// <summary>Mean and mean square of the elements of a tensor, in double.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Square">Mean of the squares.</param>
internal readonly record struct Moments(double Mean, double Square)
{
    /// <summary>Mean of the squared distances from the mean.</summary>
    public double Variance => Square - (Mean * Mean);

    /// <summary>The moments of a tensor.</summary>
    /// <param name="tensor">Any shape, one element or more.</param>
    public static Moments Of(Tensor tensor)
    {
        using NoGrad silence = NoGrad.Begin();
        Tensor numbers = tensor.To(DType.Float64);
        return new(numbers.Mean().Item(), numbers.Square().Mean().Item());
    }

    /// <summary>E f(z)^2 and E f'(z)^2 for z of N(0, square).</summary>
    /// <remarks>The midpoint rule on twelve deviations, so that a kink at 0 lies between two points: exact to rounding for smooth
    /// functions, to 1e-4 for kinks elsewhere.</remarks>
    /// <param name="function">f, on each element.</param>
    /// <param name="square">Variance of z, 0 or more.</param>
    public static (double Value, double Slope) Through(Func<Tensor, Tensor> function, double square)
    {
        const int Steps = 2400;
        const double Limit = 12, Step = 2 * Limit / Steps;
        double[] points = [.. Enumerable.Range(0, Steps).Select(i => -Limit + ((i + 0.5) * Step))];
        Tensor z = Tensor.From([.. points.Select(p => p * Math.Sqrt(square))], [points.Length]);
        z.RequiresGrad = true;
        Tensor y = function(z);
        double[] values = y.ToArray<double>(), slopes = Gradients.Of(y.Sum(), z)[0].ToArray<double>();
        double value = 0, slope = 0;
        for (int i = 0; i < Steps; i++)
        {
            double density = Math.Exp(-0.5 * points[i] * points[i]) * Step / Math.Sqrt(2 * Math.PI);
            value += values[i] * values[i] * density;
            slope += slopes[i] * slopes[i] * density;
        }

        return (value, slope);
    }
}
