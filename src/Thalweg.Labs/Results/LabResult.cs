namespace Thalweg.Labs;

/// <summary>What a run of a lab found; equal runs give equal results, the time left aside.</summary>
public sealed record LabResult
{
    /// <summary>Name of the lab.</summary>
    public required string Lab { get; init; }

    /// <summary>How large the experiment was.</summary>
    public required LabMode Mode { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Values of the lab's options by name.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>What follows from the criteria.</summary>
    public required LabVerdict Verdict { get; init; }

    /// <summary>The figures in the order in which they were measured.</summary>
    public required IReadOnlyList<LabFigure> Figures { get; init; }

    /// <summary>What must hold of them, and whether it does.</summary>
    public required IReadOnlyList<LabCriterion> Criteria { get; init; }

    /// <summary>The pictures.</summary>
    public required IReadOnlyList<LabPicture> Pictures { get; init; }

    /// <summary>Updates of weights, of all networks.</summary>
    public required long Updates { get; init; }

    /// <summary>Time of the run in seconds, which no verdict looks at.</summary>
    public double Seconds { get; init; }

    /// <summary>A figure by its name.</summary>
    /// <param name="name">The name.</param>
    public LabFigure FigureOf(string name) => Figures.First(figure => figure.Name == name);
}
