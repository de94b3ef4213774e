using System.Globalization;

namespace Thalweg.Labs.Playground;

/// <summary>Where an optimizer converges, oscillates or diverges, by learning rate and momentum.</summary>
internal static class ConvergenceMap
{
    /// <summary>Share of the first excess over the lowest value at which a run counts as converged.</summary>
    public const double Converged = 1e-3;

    /// <summary>Share of updates that turn back along the steepest direction, from which a run counts as oscillating.</summary>
    public const double Turning = 0.1;

    /// <summary>Runs the optimizer once for each cell.</summary>
    public static MapAnswer Make(MapRequest request)
    {
        Surface surface = request.Ground.Open();
        double lowest = Math.Min(surface.Grid(61, 61).Min(), 0);
        List<int> outcomes = [];
        List<double> decades = [];
        foreach (double momentum in request.Momenta)
        {
            foreach (double rate in request.Rates)
            {
                Racer racer = request.Racer.With("learning_rate", Text(rate));
                if (request.Momentum.Length > 0)
                    racer = racer.With(request.Momentum, Text(momentum));
                (int outcome, double fall) = Judge(Race.Run(surface, request.Ground, racer), lowest);
                outcomes.Add(outcome);
                decades.Add(fall);
            }
        }

        return new(outcomes, decades);
    }

    private static (int Outcome, double Decades) Judge(RacePath path, double lowest)
    {
        if (path.Error is { } error)
            throw new ThalwegException(error);
        double first = path.Values[0] - lowest, last = Math.Max(path.Values[^1] - lowest, 1e-300);
        double decades = first > 0 ? Math.Log10(first / last) : 0;
        if (path.Diverged || last > first * 1.0001)
            return (3, path.Diverged ? -12 : decades);
        if (last > first * Converged)
            return (2, decades);
        int turns = 0, moves = 0;
        for (int i = 2; i < path.X.Count; i++)
        {
            // Updates near the end are made of rounding alone.
            if (path.Values[i - 1] - lowest < first * 1e-9)
                break;
            (double ax, double ay) = (path.X[i - 1] - path.X[i - 2], path.Y[i - 1] - path.Y[i - 2]);
            (double bx, double by) = (path.X[i] - path.X[i - 1], path.Y[i] - path.Y[i - 1]);
            moves++;
            if (ax * bx < 0 || ay * by < 0)
                turns++;
        }

        return (turns > Turning * Math.Max(moves, 1) ? 1 : 0, decades);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
