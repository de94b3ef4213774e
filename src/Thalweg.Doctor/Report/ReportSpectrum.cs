using Thalweg.Diagnostics;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>Curvature: the density of eigenvalues, and the sharpness against what the optimizer is stable at.</summary>
internal static class ReportSpectrum
{
    /// <summary>Share of the highest density below which it is drawn as that.</summary>
    private const double Floor = 1e-6;

    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        InstrumentReading[] densities = [.. examination.Readings.Where(reading =>
            reading is { Instrument: "spectral_density", Quantity: "density", Series.Count: > 3 } && HasWidth(reading.Series))];
        ReportLine[] sharpness =
        [
            Over(examination, "edge_of_stability", "sharpness", (texts["report.sharpness"], "second")),
            Over(examination, "edge_of_stability", "threshold", (texts["report.stable"], "limit")),
        ];
        if (densities.Length == 0 && sharpness[0].Points.Count == 0)
            return;

        page.BeginSection("spectrum", texts["report.spectrum"]);
        page.Add($"<p class=\"muted\">{texts["report.spectrum_note"]}</p><div class=\"split\">");
        if (densities.Length > 0)
            Density(page, densities, texts);

        ReportPlot.Write(page, texts["report.sharpness_over_time"], sharpness, (texts["report.step_axis"], []));
        page.Add($"</div>");
        page.EndSection();
    }

    private static void Density(HtmlText page, InstrumentReading[] densities, DoctorTexts texts)
    {
        InstrumentReading[] shown = densities.Length == 1 ? densities : [densities[0], densities[^1]];
        ReportPlot.Write(
            page, texts["report.density"],
            [.. shown.Select((reading, i) => new ReportLine(
                texts.Format("report.step", ReportNumbers.Count(reading.Step)), i == shown.Length - 1 ? "second" : "first", Points(reading)))],
            (texts["report.eigenvalue"], [0]));
    }

    /// <summary>A Hessian of zeros has one eigenvalue alone: no density can be drawn.</summary>
    private static bool HasWidth(IReadOnlyList<double> series) =>
        series[1] > series[0] && series.All(double.IsFinite) && series.Skip(2).Any(value => value > 0);

    private static (double X, double Y)[] Points(InstrumentReading reading)
    {
        IReadOnlyList<double> series = reading.Series!;
        (double low, double high, int count) = (series[0], series[1], series.Count - 2);
        double floor = Floor * series.Skip(2).Max();
        return [.. Enumerable.Range(0, count).Select(i => (low + ((high - low) * i / (count - 1)), Math.Max(floor, series[2 + i])))];
    }

    private static ReportLine Over(Examination examination, string instrument, string quantity, (string Name, string Kind) line) =>
        new(line.Name, line.Kind, [.. examination.Readings
            .Where(reading => reading.Instrument == instrument && reading.Quantity == quantity && double.IsFinite(reading.Value))
            .Select(reading => ((double)reading.Step, reading.Value))]);
}
