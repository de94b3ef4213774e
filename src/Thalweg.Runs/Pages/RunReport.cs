using Thalweg.Data;
using Thalweg.Metrics;
using Thalweg.Training;

namespace Thalweg.Runs;

/// <summary>A number that was predicted, and how far off it was.</summary>
/// <param name="Predicted">The prediction, in the unit of the target.</param>
/// <param name="Residual">True number - prediction, in the unit of the target.</param>
public readonly record struct ResidualPoint(double Predicted, double Residual);

/// <summary>All that is known of a run: what was asked for, what happened, and how good its model is on validation data.</summary>
/// <remarks><see cref="Open"/> evaluates the model anew where model and data are at hand, and takes the figures of <c>run.json</c> where
/// they are not. Test data are never opened; what earlier readings found is shown as it was recorded.</remarks>
public sealed record RunReport
{
    /// <summary>Residuals up to which each is a point; of more, a sample at equal distances is shown.</summary>
    public const int MostPoints = 2000;

    /// <summary>Folder of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>What the run recorded.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>The full recipe.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>What happened, oldest first; empty for runs of versions that did not record it.</summary>
    public required IReadOnlyList<RunEvent> Events { get; init; }

    /// <summary>The part of the data that <see cref="Evaluation"/> is about.</summary>
    public required ReportPart Part { get; init; }

    /// <summary>Figures of the model with intervals, classes, calibration and residuals; null where there are none, as for a run that has no
    /// model yet.</summary>
    public EvaluationReport? Evaluation { get; init; }

    /// <summary>The same figures without intervals, with those of each output where there are several; null where the model could not be
    /// evaluated.</summary>
    public Evaluation? Figures { get; init; }

    /// <summary>What the trivial answer scores on the same rows; NaN where that is not known.</summary>
    public double Trivial { get; init; } = double.NaN;

    /// <summary>What a linear model scores on the same rows; null where none was fitted.</summary>
    public Evaluation? Linear { get; init; }

    /// <summary>Predictions with their residuals, where one number is predicted: all, or <see cref="MostPoints"/> of them.</summary>
    public IReadOnlyList<ResidualPoint> Residuals { get; init; } = [];

    /// <summary>The preprocessing of the model: columns, classes, target; null where there is no model.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>How the rows were divided; null where that is not known.</summary>
    public DataOrigin? Origin { get; init; }

    /// <summary>Temperature that the model is calibrated with; 1 where it is not.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Why each default was chosen, by the path of its field.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = new Dictionary<string, string>();

    /// <summary>What is probably not as it was meant, as at the start and at the end of the run.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the report lacks, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Readings of the test data of the run, also by other runs where the index knows them, oldest first.</summary>
    public IReadOnlyList<TestRead> TestReads { get; init; } = [];

    /// <summary>How many models have been judged on these rows; null where they were not read.</summary>
    public TestReuse? TestReuse { get; init; }

    /// <summary>The epoch whose weights the model holds; null where they are those of the start.</summary>
    public EpochReport? Kept { get; init; }

    /// <summary>Collects what there is in the folder of a run.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">What the report is about; default null, the validation data.</param>
    /// <exception cref="ThalwegException">There is no run in the folder, a file is damaged, or the data that were named in
    /// <see cref="RunReportOptions.Data"/> are not those of the run.</exception>
    public static RunReport Open(string folder, RunReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return ReportReader.Read(new RunFolder(folder), options ?? new RunReportOptions());
    }
}
