using Thalweg.Diagnosis;

namespace Thalweg.Cli.Printing;

/// <summary>How the doctor answers: on the terminal, as a report in a file, or both.</summary>
/// <param name="format">What is printed; null for text.</param>
/// <param name="path">The report to write; null for none, or where a page goes by itself.</param>
/// <param name="open">Whether the page is shown in the browser.</param>
internal sealed class DoctorOutput(string? format, string? path, bool open)
{
    /// <summary>Whether a report is made.</summary>
    public bool IsReport => path is not null || open || format is "html" or "md";

    /// <summary>Takes the options of the command.</summary>
    /// <exception cref="ThalwegException">The ending of the file names no format, or another one than was asked for.</exception>
    public static DoctorOutput Of(string? format, string? path, bool open)
    {
        if (path is not null && FormatOf(path) is null)
            throw new ThalwegException($"[--out] expected a file that ends in .html, .md or .json, got {path}; give it one of these endings");

        if (path is not null && open && FormatOf(path) != DoctorReportFormat.Html)
            throw new ThalwegException($"[--open] expected a page to show, got {path}; give --out a file that ends in .html");

        return new(format, path, open);
    }

    /// <summary>Prints and writes.</summary>
    public void Write(DoctorReport report)
    {
        if (format == "json")
            DoctorPrinter.WriteJson(report.Examination, report.Proof, report.Language);
        else if (format == "md")
            Console.Out.Write(report.ToMarkdown());
        else
            DoctorPrinter.WriteText(report.Examination, report.Proof, report.Language);

        if ((path ?? (format == "html" || open ? report.DefaultPath : null)) is not { } file)
            return;

        report.Write(file, FormatOf(file)!.Value);
        if (format is null or "text" or "html")
            Console.Out.WriteLine($"The report is in {file}");

        if (open)
            PageOpener.Open(file);
    }

    private static DoctorReportFormat? FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".HTML" or ".HTM" => DoctorReportFormat.Html,
        ".MD" => DoctorReportFormat.Markdown,
        ".JSON" => DoctorReportFormat.Json,
        _ => null,
    };
}
