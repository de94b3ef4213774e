namespace Thalweg.Faults;

/// <summary>Fits confidence = 1/(1 + exp(-(intercept + slope strength))). Source: Platt, 1999, eq. 1, with a normal prior on both, so that
/// few or separable findings give no extreme figures.</summary>
internal static class Logistic
{
    private const int Iterations = 60;
    private const double LeastSlope = 0.2;

    /// <summary>Strength, of at most 3, at which a confidence of 0.5 lies at the furthest: evidence decides, whatever a few cases say.</summary>
    private const double MostTurn = 2;

    /// <summary>Intercept and slope of the greatest posterior, by Newton's method.</summary>
    /// <param name="data">Strength of a finding, and whether it is right.</param>
    /// <param name="prior">Means of intercept and slope before any data.</param>
    /// <param name="weight">Inverse variance of the prior.</param>
    public static (double Intercept, double Slope) Fit(
        IReadOnlyList<(double Strength, bool IsRight)> data, (double Intercept, double Slope) prior, double weight = 0.5)
    {
        (double a, double b) = prior;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double ga = weight * (a - prior.Intercept), gb = weight * (b - prior.Slope), haa = weight, hab = 0, hbb = weight;
            foreach ((double x, bool isRight) in data)
            {
                double p = 1 / (1 + Math.Exp(-(a + (b * x)))), error = p - (isRight ? 1 : 0), curvature = p * (1 - p);
                (ga, gb) = (ga + error, gb + (error * x));
                (haa, hab, hbb) = (haa + curvature, hab + (curvature * x), hbb + (curvature * x * x));
            }

            double determinant = (haa * hbb) - (hab * hab);
            a -= ((hbb * ga) - (hab * gb)) / determinant;
            b = Math.Max(LeastSlope, b - (((haa * gb) - (hab * ga)) / determinant));
        }

        return Math.Abs(a) <= MostTurn * b ? (a, b) : FitTurned(data, prior, weight, Math.Sign(a) * MostTurn);
    }

    /// <summary>The slope alone, where the intercept is so many times it.</summary>
    private static (double Intercept, double Slope) FitTurned(
        IReadOnlyList<(double Strength, bool IsRight)> data, (double Intercept, double Slope) prior, double weight, double turn)
    {
        double b = prior.Slope;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double gradient = weight * ((b - prior.Slope) + (turn * ((turn * b) - prior.Intercept)));
            double curvature = weight * (1 + (turn * turn));
            foreach ((double strength, bool isRight) in data)
            {
                double x = strength + turn, p = 1 / (1 + Math.Exp(-b * x));
                gradient += x * (p - (isRight ? 1 : 0));
                curvature += x * x * p * (1 - p);
            }

            b = Math.Max(LeastSlope, b - (gradient / curvature));
        }

        return (turn * b, b);
    }
}
