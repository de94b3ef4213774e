using System.Text;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>The report as one HTML page without scripts.</summary>
internal static class ReportPage
{
    private const string BodyPosition = "<!--thalweg-body-->", TitlePosition = "<!--thalweg-title-->", StylePosition = "/*thalweg-style*/",
        LanguagePosition = "thalweg-language", SkipPosition = "<!--thalweg-skip-->";

    public static string Make(DoctorReport report)
    {
        DoctorTexts texts = DoctorTexts.For(report.Language);
        HtmlText body = new();
        ReportHead.Write(body, report, texts);
        ReportTimeline.Write(body, report.Examination, texts);
        ReportFindings.Write(body, report.Examination, texts);
        ReportProof.Write(body, report.Proof, texts);
        ReportCurves.Write(body, report.Examination, texts);
        ReportHeatMaps.Write(body, report.Examination, texts);
        ReportHistograms.Write(body, report.Examination, texts);
        ReportSpectrum.Write(body, report.Examination, texts);
        ReportExperiments.Write(body, report.Examination, texts);
        return Resource("doctor-page.html")
            .Replace(LanguagePosition, report.Language == DoctorTexts.Chinese ? "zh-Hans" : report.Language, StringComparison.Ordinal)
            .Replace(TitlePosition, HtmlText.Escape(ReportHead.TitleOf(report, texts)), StringComparison.Ordinal)
            .Replace(SkipPosition, HtmlText.Escape(texts["report.skip"]), StringComparison.Ordinal)
            .Replace(StylePosition, Resource("base.css") + Resource("doctor.css"), StringComparison.Ordinal)
            .Replace(BodyPosition, body.ToString(), StringComparison.Ordinal);
    }

    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(ReportPage).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
