namespace Thalweg.Minimizers;

/// <summary>The minimum of the parabola with the slope and curvature of the line's start; backtracking from there.</summary>
internal sealed class NewtonSearch : ISearch
{
    private static readonly BacktrackingSearch s_backtracking = new();

    public LinePoint Find(SearchLine line, double length)
    {
        double curvature = line.Curvature();
        return s_backtracking.Find(line, curvature > 0 ? -line.Start.Slope / curvature : length);
    }
}
