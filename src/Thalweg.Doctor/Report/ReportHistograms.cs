using Thalweg.Diagnostics;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Distributions of activations and gradients by layer, at the first and the last step that was measured.</summary>
internal static class ReportHistograms
{
    private const int MostLayers = 12;

    private static readonly (string Instrument, string Key)[] s_kinds = [("activation_histogram", "activations"), ("gradient_histogram", "gradients")];

    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        InstrumentReading[] all = [.. examination.Readings.Where(reading => reading is { Quantity: "histogram", Series.Count: > 3 })];
        if (all.Length == 0)
            return;

        page.BeginSection("histograms", texts["report.histograms"]);
        page.Add($"<p class=\"muted\">{texts["report.histograms_note"]}</p>");
        foreach ((string instrument, string key) in s_kinds)
        {
            IGrouping<string, InstrumentReading>[] layers = [.. all.Where(reading => reading.Instrument == instrument)
                .GroupBy(reading => reading.Layer).Where(layer => !layer.Key.EndsWith("bias", StringComparison.Ordinal)).Take(MostLayers)];
            if (layers.Length == 0)
                continue;

            page.Add($"<h3>{texts[$"report.{key}"]}</h3><div class=\"minis\">");
            foreach (IGrouping<string, InstrumentReading> layer in layers)
                Layer(page, layer.Key, [layer.First(), .. layer.Count() > 1 ? [layer.Last()] : Array.Empty<InstrumentReading>()], texts);

            page.Add($"</div>");
        }

        page.EndSection();
    }

    private static void Layer(HtmlText page, string name, InstrumentReading[] readings, DoctorTexts texts)
    {
        page.Add($"<figure class=\"mini\"><figcaption>{name}</figcaption>");
        foreach (InstrumentReading reading in readings)
        {
            IReadOnlyList<double> series = reading.Series!;
            double most = series.Skip(2).DefaultIfEmpty(0).Max();
            int bins = series.Count - 2;
            string step = texts.Format("report.step", ReportNumbers.Count(reading.Step));
            string range = $"{ReportNumbers.Figure(series[0])} – {ReportNumbers.Figure(series[1])}";
            page.Add($"<svg viewBox=\"0 0 {bins} 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{name}, {step}: {range}\">");
            for (int i = 0; i < bins && most > 0; i++)
            {
                // A root shows the few values at the ends beside the many in the middle.
                double height = 100 * Math.Sqrt(series[2 + i] / most);
                page.Add($"<rect x=\"{i}\" width=\"1\" y=\"{ReportNumbers.Plain(100 - height)}\" height=\"{ReportNumbers.Plain(height)}\"/>");
            }

            page.Add($"</svg><p class=\"muted small\"><span>{step}</span> <span>{range}</span></p>");
        }

        page.Add($"</figure>");
    }
}
