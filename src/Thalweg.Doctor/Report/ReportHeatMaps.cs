using Thalweg.Diagnostics;
using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>What was read of each layer or parameter, over the steps.</summary>
internal static class ReportHeatMaps
{
    /// <summary>Columns and rows up to which all are drawn; of more, evenly chosen ones are.</summary>
    private const int MostColumns = 48, MostRows = 48;

    /// <summary>Instrument and quantity of each map; its title is the text <c>report.map.QUANTITY</c>.</summary>
    private static readonly (string Instrument, string Quantity, string Key)[] s_maps =
    [
        ("activation_moments", "rms", "rms"), ("saturated_share", "saturated", "saturated"), ("dead_units", "zero", "zero"),
        ("unit_similarity", "mean_cosine", "similarity"), ("gradient_norm", "norm", "gradient"), ("update_ratio", "ratio", "update"),
    ];

    public static void Write(HtmlText page, Examination examination, DoctorTexts texts)
    {
        HeatMap[] maps = [.. MapsOf(examination)];
        if (maps.Length == 0)
            return;

        page.BeginSection("layers", texts["report.layers"]);
        page.Add($"<p class=\"muted\">{texts["report.layers_note"]}</p><div class=\"maps\">");
        foreach (HeatMap map in maps)
            Map(page, map, texts);

        page.Add($"</div>");
        page.EndSection();
    }

    /// <summary>The maps of an examination; those of which nothing was read are left out.</summary>
    public static IEnumerable<HeatMap> MapsOf(Examination examination)
    {
        foreach ((string instrument, string quantity, string key) in s_maps)
        {
            InstrumentReading[] readings = [.. examination.Readings.Where(reading =>
                reading.Instrument == instrument && reading.Quantity == quantity && reading.Layer.Length > 0)];
            if (readings.Length > 0)
                yield return HeatMap.Of(key, readings, MostRows, MostColumns);
        }
    }

    private static void Map(HtmlText page, HeatMap map, DoctorTexts texts)
    {
        ReportScale scale = ReportScale.Of(map.Values.SelectMany(row => row), fromZero: true);
        string title = texts[$"report.map.{map.Key}"];
        page.Add($"<figure class=\"fig\"><figcaption>{title}</figcaption><div class=\"heat\" style=\"--rows:{map.Rows.Count}\"><div class=\"names\">");
        foreach (string row in map.Rows)
            page.Add($"<span title=\"{row}\">{row}</span>");

        page.Add($"</div><svg viewBox=\"0 0 {map.Steps.Count} {map.Rows.Count}\" preserveAspectRatio=\"none\" role=\"img\" ");
        page.Add($"aria-label=\"{Alternative(title, map)}\">");
        for (int row = 0; row < map.Rows.Count; row++)
        {
            for (int column = 0; column < map.Steps.Count; column++)
                Cell(page, (column, row), map.Values[row][column], scale);
        }

        page.Add($"</svg><div class=\"xs muted\"><span>{texts.Format("report.step", ReportNumbers.Count(map.Steps[0]))}</span>");
        page.Add($"<span>{texts.Format("report.step", ReportNumbers.Count(map.Steps[^1]))}</span></div></div>");
        page.Add($"<p class=\"ramp muted\"><span>{scale.Label(0)}</span><span class=\"colors\"></span><span>{scale.Label(1)}</span>");
        page.Add($"<span>{(scale.IsLog ? texts["report.logarithmic"] : "")}</span></p>");
        page.Add($"<details><summary>{texts["report.as_table"]}</summary>");
        int[] columns = [.. new[] { 0, map.Steps.Count / 3, 2 * map.Steps.Count / 3, map.Steps.Count - 1 }.Distinct()];
        page.AddTable(
            title, [texts["report.layer"], .. columns.Select(column => texts.Format("report.step", ReportNumbers.Count(map.Steps[column])))],
            map.Rows.Select((name, row) => (string[])[name, .. columns.Select(column => ReportNumbers.Figure(map.Values[row][column]))]));
        page.Add($"</details></figure>");
    }

    private static void Cell(HtmlText page, (int Column, int Row) at, double value, ReportScale scale)
    {
        double place = scale.At(value);
        if (double.IsNaN(place) && !double.IsNaN(value))
            place = 0;

        // What was not read, or is not a number, has a color of its own.
        if (double.IsNaN(place) || double.IsInfinity(value))
            page.Add($"<rect class=\"{(double.IsInfinity(value) ? "broken" : "none")}\" x=\"{at.Column}\" y=\"{at.Row}\" width=\"1\" height=\"1\"/>");
        else
            page.Add($"<rect x=\"{at.Column}\" y=\"{at.Row}\" width=\"1\" height=\"1\" fill-opacity=\"{ReportNumbers.Plain(0.04 + (0.96 * place))}\"/>");
    }

    private static string Alternative(string title, HeatMap map) => string.Join("; ", map.Rows.Take(12).Select((name, row) =>
        $"{name}: {ReportNumbers.Figure(map.Values[row][0])} → {ReportNumbers.Figure(map.Values[row][^1])}").Prepend(title));
}

/// <summary>Values by layer and step.</summary>
/// <param name="Key">Which quantity.</param>
/// <param name="Rows">Layers or parameters, from input to output.</param>
/// <param name="Steps">Steps that were measured.</param>
/// <param name="Values">By row and column; NaN where nothing was read.</param>
internal sealed record HeatMap(string Key, IReadOnlyList<string> Rows, IReadOnlyList<long> Steps, double[][] Values)
{
    public static HeatMap Of(string key, InstrumentReading[] readings, int mostRows, int mostColumns)
    {
        string[] rows = Choose([.. readings.Select(reading => reading.Layer).Distinct()], mostRows);
        long[] steps = Choose([.. readings.Select(reading => reading.Step).Distinct().Order()], mostColumns);
        Dictionary<string, int> rowOf = rows.Index().ToDictionary(row => row.Item, row => row.Index);
        Dictionary<long, int> columnOf = steps.Index().ToDictionary(step => step.Item, step => step.Index);
        double[][] values = [.. rows.Select(_ => Enumerable.Repeat(double.NaN, steps.Length).ToArray())];
        foreach (InstrumentReading reading in readings)
        {
            if (rowOf.TryGetValue(reading.Layer, out int row) && columnOf.TryGetValue(reading.Step, out int column))
                values[row][column] = reading.Value;
        }

        return new(key, rows, steps, values);
    }

    /// <summary>All of a few, or so many evenly chosen, the first and the last among them.</summary>
    private static T[] Choose<T>(T[] all, int most) => all.Length <= most
        ? all
        : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Length - 1) / (most - 1))])];
}
