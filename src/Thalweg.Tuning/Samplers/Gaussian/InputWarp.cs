namespace Thalweg.Tuning;

/// <summary>The cumulative distribution function of Kumaraswamy, w(u) = 1 - (1 - u^a)^b, which stretches parts of the unit interval.</summary>
/// <remarks>Kumaraswamy, "A generalized probability density function for double-bounded random processes", Journal of Hydrology 46, 1980.</remarks>
internal static class InputWarp
{
    private const double Margin = 1e-9;

    /// <summary>w(u) with its derivatives by u, log a and log b.</summary>
    public static (double Value, double ByInput, double ByLogA, double ByLogB) Evaluate(double unit, double a, double b)
    {
        double u = Math.Clamp(unit, Margin, 1 - Margin), power = Math.Pow(u, a), rest = 1 - power;
        double outer = Math.Pow(rest, b), inner = b * outer / rest;
        double value = unit <= 0 ? 0 : unit >= 1 ? 1 : 1 - outer;
        return (value, inner * a * power / u, inner * power * Math.Log(u) * a, -outer * Math.Log(rest) * b);
    }
}
