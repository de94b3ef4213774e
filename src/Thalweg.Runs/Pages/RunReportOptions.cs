namespace Thalweg.Runs;

/// <summary>A part of the data of a run that its report may be about: never the test data.</summary>
public enum ReportPart
{
    /// <summary>The validation data.</summary>
    Validation,

    /// <summary>The training data, as the network predicts them after training.</summary>
    Training,
}

/// <summary>What the report of a run is about; every value has a default.</summary>
public sealed record RunReportOptions
{
    /// <summary>The part of the data that the model is evaluated on; default the validation data.</summary>
    public ReportPart Part { get; init; } = ReportPart.Validation;

    /// <summary>Where the data of the run lie now; default null, where they lay.</summary>
    public string? Data { get; init; }

    /// <summary>The index of runs, which knows who else has read the same test rows; default null: the readings of the run alone are shown.</summary>
    public IRunIndex? Index { get; init; }
}
