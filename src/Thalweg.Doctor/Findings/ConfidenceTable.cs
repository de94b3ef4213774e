using System.Globalization;

namespace Thalweg.Diagnosis;

/// <summary>Coefficients of the confidence: 1/(1 + exp(-(intercept + slope strength))), by cause, set on the calibration half of the
/// planted faults. Source: Platt, Probabilistic outputs for support vector machines, 1999, eq. 1.</summary>
internal static class ConfidenceTable
{
    private static readonly Dictionary<string, (double Intercept, double Slope)> s_rows = Read();

    /// <summary>The confidence of a finding.</summary>
    /// <param name="cause">Its cause.</param>
    /// <param name="strength">Strength of its evidence.</param>
    public static double Of(Cause cause, double strength)
    {
        (double intercept, double slope) = s_rows[cause.Id];
        return 1 / (1 + Math.Exp(-(intercept + (slope * strength))));
    }

    private static Dictionary<string, (double Intercept, double Slope)> Read()
    {
        using StreamReader reader = new(typeof(ConfidenceTable).Assembly.GetManifestResourceStream("confidence.csv")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1)
            .Select(line => line.Split(',')).ToDictionary(
                cells => cells[0],
                cells => (double.Parse(cells[1], CultureInfo.InvariantCulture), double.Parse(cells[2], CultureInfo.InvariantCulture)));
    }
}
