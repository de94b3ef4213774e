using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Thalweg.Checkpoints;

namespace Thalweg.Diagnosis;

/// <summary>How a report is written.</summary>
public enum DoctorReportFormat
{
    /// <summary>One page that needs nothing else.</summary>
    Html,

    /// <summary>Text with tables, as in a wiki.</summary>
    Markdown,

    /// <summary>One JSON object, for programs.</summary>
    Json,
}

/// <summary>What the doctor found in a run, and what came of the proof, as a page: findings on the timeline, layers over time, distributions,
/// curves, spectrum, fixes.</summary>
/// <remarks>The page holds its texts and drawings itself and runs no script: it loads nothing, follows the light or dark theme of the system,
/// fits a telephone and can be printed. Whatever names of layers, columns and runs hold is text.
/// <code>new DoctorReport(Doctor.ExamineRun("runs/moons")).Write("doctor.html");</code></remarks>
/// <param name="Examination">What was found.</param>
public sealed record DoctorReport(Examination Examination)
{
    /// <summary>Name of the file in the folder of a run.</summary>
    public const string FileName = "doctor.html";

    /// <summary>What came of trying fixes; null (default) where none were tried.</summary>
    public Proof? Proof { get; init; }

    /// <summary>Language of the texts, one of <see cref="DoctorTexts.Languages"/>; default English.</summary>
    public string Language { get; init; } = DoctorTexts.English;

    /// <summary>Name of the run; default null: that of its folder, or of its data.</summary>
    public string? Name { get; init; }

    /// <summary>Where a page goes by itself: the folder of the run, or this folder where the examination has none.</summary>
    public string DefaultPath => Path.Combine(Examination.Folder ?? "", FileName);

    /// <summary>The name that the report goes by.</summary>
    internal string Title => Name
        ?? (Examination.Folder is { } folder ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) : null)
        ?? Path.GetFileName(Examination.Recipe?.Data.Source ?? "");

    /// <summary>The report as a page.</summary>
    /// <exception cref="ThalwegException">There are no texts in the language.</exception>
    public string ToHtml() => ReportPage.Make(this);

    /// <summary>The report as Markdown.</summary>
    /// <exception cref="ThalwegException">There are no texts in the language.</exception>
    public string ToMarkdown() => ReportMarkdown.Of(this);

    /// <summary>The report as one JSON object: the examination as in <see cref="Examination.ToJson"/>, with the proof and the readings by layer
    /// and step.</summary>
    /// <exception cref="ThalwegException">There are no texts in the language.</exception>
    public string ToJson()
    {
        JsonObject json = FindingJson.Of(Examination, Language);
        json["proof"] = Proof is null ? null : FindingJson.Of(Proof, Language);
        json["readings"] = new JsonArray([.. Examination.Readings.Where(reading => !reading.IsOff && !reading.IsTime).Select(JsonNode (reading) =>
            new JsonObject
            {
                ["instrument"] = reading.Instrument,
                ["quantity"] = reading.Quantity,
                ["layer"] = reading.Layer,
                ["step"] = reading.Step,
                ["value"] = double.IsFinite(reading.Value) ? reading.Value : null,
            })]);
        return json.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The report in a format.</summary>
    /// <param name="format">How.</param>
    /// <exception cref="ThalwegException">There are no texts in the language.</exception>
    public string ToText(DoctorReportFormat format) => format switch
    {
        DoctorReportFormat.Markdown => ToMarkdown(),
        DoctorReportFormat.Json => ToJson(),
        _ => ToHtml(),
    };

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <param name="format">How; default as a page.</param>
    /// <exception cref="ThalwegException">The file cannot be written; what was there is untouched.</exception>
    public void Write(string path, DoctorReportFormat format = DoctorReportFormat.Html)
    {
        string text = ToText(format);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
