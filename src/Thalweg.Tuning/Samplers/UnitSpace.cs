namespace Thalweg.Tuning;

/// <summary>A space as samplers compute with it: points of the unit cube, on the middles of cells where values are finitely many.</summary>
internal sealed class UnitSpace
{
    /// <summary>Values beyond which a parameter is searched like a continuum.</summary>
    private const int MostLevels = 256;

    /// <summary>Where a parameter stands that a point leaves out: the middle, equally far from both ends (Levesque et al., "Bayesian
    /// optimization for conditional hyperparameter spaces", IJCNN 2017).</summary>
    private const double Left = 0.5;

    private readonly double[][] _levels;
    private readonly (double Low, double High)[][] _cells;
    private readonly bool[] _isCategorical;
    private readonly bool _hasConditions;

    public UnitSpace(SearchSpace space)
    {
        Space = space;
        _cells = [.. space.Select(parameter => Cells(parameter.Distribution))];
        _levels = [.. _cells.Select(cells => cells.Select(cell => 0.5 * (cell.Low + cell.High)).ToArray())];
        _isCategorical = [.. space.Select(parameter => parameter.Distribution.IsCategorical)];
        _hasConditions = space.Any(parameter => parameter.When is not null);
    }

    /// <summary>The space.</summary>
    public SearchSpace Space { get; }

    /// <summary>Number of parameters.</summary>
    public int Count => _levels.Length;

    /// <summary>Whether a parameter has values without an order.</summary>
    public bool IsCategorical(int index) => _isCategorical[index];

    /// <summary>Whether a parameter is searched like a continuum.</summary>
    public bool IsContinuous(int index) => _levels[index].Length == 0;

    /// <summary>The middles of the cells of a parameter, ascending; none where it is searched like a continuum.</summary>
    public ReadOnlySpan<double> LevelsOf(int index) => _levels[index];

    /// <summary>The edges between the cells of a parameter, ascending; none where it is searched like a continuum, or has one value.</summary>
    public double[] EdgesOf(int index) => [.. _cells[index].Skip(1).Select(cell => cell.Low)];

    /// <summary>The cell of a parameter that a coordinate lies in.</summary>
    public (double Low, double High) CellAt(int index, double unit) => _cells[index][LevelAt(index, unit)];

    /// <summary>Index of the cell of a parameter that a coordinate is the middle of.</summary>
    public int LevelAt(int index, double unit)
    {
        int level = Array.BinarySearch(_levels[index], unit);
        return level < 0 ? Math.Clamp(~level, 0, _levels[index].Length - 1) : level;
    }

    /// <summary>Moves coordinates to the middles of their cells, and those of parameters that the point leaves out to one value.</summary>
    /// <param name="units">The coordinates, changed in place.</param>
    /// <param name="isActive">Whether the point has each parameter.</param>
    public void Snap(Span<double> units, Span<bool> isActive)
    {
        for (int i = 0; i < units.Length; i++)
            units[i] = _levels[i].Length == 0 ? Math.Clamp(units[i], 0, 1) : Nearest(i, units[i]);
        isActive.Fill(true);
        if (!_hasConditions)
            return;
        TrialValue?[] values = new TrialValue?[units.Length];
        foreach (int i in Space.DependencyOrder)
        {
            isActive[i] = Space.IsActive(i, values);
            if (isActive[i])
                values[i] = Space[i].Distribution.FromUnit(units[i]);
            else
                units[i] = _isCategorical[i] ? -1 : Left;
        }
    }

    /// <summary>The coordinates of a point, as <see cref="Snap"/> leaves them.</summary>
    public double[] Features(TrialPoint point)
    {
        double[] units = Space.ToUnit(point);
        for (int i = 0; i < units.Length; i++)
        {
            if (double.IsNaN(units[i]))
                units[i] = _isCategorical[i] ? -1 : Left;
        }

        return units;
    }

    private double Nearest(int index, double unit)
    {
        double[] levels = _levels[index];
        int level = 0;
        while (level < levels.Length - 1 && _cells[index][level].High <= unit)
            level++;
        return levels[level];
    }

    private static (double Low, double High)[] Cells(Distribution distribution)
    {
        if (distribution.Count is not { } count || (count > MostLevels && !distribution.IsCategorical))
            return [];
        var cells = new (double Low, double High)[count];
        double unit = 0;
        for (int i = 0; i < count; i++)
        {
            cells[i] = distribution.CellOf(distribution.FromUnit(unit));

            // A little past the edge, which may round to either side.
            unit = cells[i].High + (1e-6 * (cells[i].High - cells[i].Low));
        }

        return cells;
    }
}
