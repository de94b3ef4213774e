using Thalweg.Runs;

namespace Thalweg.Diagnosis;

/// <summary>A line in a plot.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Kind">Its class in the style sheet: <c>first</c>, <c>second</c>, <c>limit</c>.</param>
/// <param name="Points">Places along and values.</param>
internal sealed record ReportLine(string Name, string Kind, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Line plots whose drawing stretches and whose words do not, so that they can be read on a telephone.</summary>
internal static class ReportPlot
{
    private const int Width = 1000, Height = 300;

    /// <summary>Points up to which a line is drawn; of more, evenly chosen ones are.</summary>
    private const int MostPoints = 400;

    /// <summary>Writes a plot.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">Its title, also what readers of screens hear.</param>
    /// <param name="lines">The lines; those without points are left out.</param>
    /// <param name="axis">Name of the axis along, and places of upright marks on it.</param>
    public static void Write(HtmlText page, string title, IReadOnlyList<ReportLine> lines, (string Name, IReadOnlyList<double> Marks) axis)
    {
        ReportLine[] drawn = [.. lines.Where(line => line.Points.Any(point => double.IsFinite(point.Y)))];
        if (drawn.Length == 0)
            return;

        ReportScale x = Linear(drawn.SelectMany(line => line.Points.Select(point => point.X)));
        ReportScale y = ReportScale.Of(drawn.SelectMany(line => line.Points.Select(point => point.Y)));
        page.Add($"<figure class=\"fig\"><figcaption>{title}</figcaption><div class=\"chart\"><div class=\"ys\" aria-hidden=\"true\">");
        page.Add($"<span>{y.Label(1)}</span><span>{y.Label(0.5)}</span><span>{y.Label(0)}</span></div>");
        page.Add($"<svg viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Alternative(title, drawn)}\">");
        for (int i = 0; i <= 2; i++)
            page.Add($"<line class=\"grid\" x1=\"0\" x2=\"{Width}\" y1=\"{i * Height / 2}\" y2=\"{i * Height / 2}\"/>");

        foreach (double mark in axis.Marks)
        {
            string at = ReportNumbers.Plain(Width * x.At(mark));
            page.Add($"<line class=\"mark\" x1=\"{at}\" x2=\"{at}\" y1=\"0\" y2=\"{Height}\"/>");
        }

        foreach (ReportLine line in drawn)
            Line(page, line, x, y);

        page.Add($"</svg><div class=\"xs muted\"><span>{axis.Name} {x.Label(0)}</span><span>{x.Label(1)}</span></div></div>");
        Legend(page, drawn);
        page.Add($"</figure>");
    }

    private static ReportScale Linear(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return ReportScale.Of([Math.Min(all.Min(), 0), .. all.Length > 1 ? all : [all[0], all[0] + 1]]) is { IsLog: false } scale
            ? scale
            : ReportScale.Of([0, all.Max()]);
    }

    private static void Line(HtmlText page, ReportLine line, ReportScale x, ReportScale y)
    {
        int every = (line.Points.Count + MostPoints - 1) / MostPoints;
        List<string> run = [];
        for (int i = 0; i < line.Points.Count; i++)
        {
            double value = y.At(line.Points[i].Y);
            if (double.IsNaN(value))
            {
                Flush(page, line, run);
                continue;
            }

            if (i % every == 0 || i == line.Points.Count - 1)
                run.Add($"{ReportNumbers.Plain(Width * x.At(line.Points[i].X))},{ReportNumbers.Plain(Height * (1 - value))}");
        }

        Flush(page, line, run);
    }

    private static void Flush(HtmlText page, ReportLine line, List<string> run)
    {
        // A lone point has no length: it is drawn as a short stroke.
        if (run.Count == 1)
            run.Add(run[0]);

        if (run.Count > 0)
            page.Add($"<polyline class=\"{line.Kind}\" points=\"{string.Join(' ', run)}\"/>");

        run.Clear();
    }

    private static void Legend(HtmlText page, ReportLine[] lines)
    {
        page.Add($"<ul class=\"key\">");
        foreach (ReportLine line in lines)
        {
            page.Add($"<li><svg viewBox=\"0 0 24 8\" width=\"24\" height=\"8\" aria-hidden=\"true\"><polyline class=\"{line.Kind}\" points=\"0,4 24,4\"/>");
            page.Add($"</svg> {line.Name}</li>");
        }

        page.Add($"</ul>");
    }

    private static string Alternative(string title, ReportLine[] lines) => string.Join("; ", lines.Select(line =>
    {
        double[] values = [.. line.Points.Select(point => point.Y)];
        return $"{title}, {line.Name}: {ReportNumbers.Figure(values[0])} → {ReportNumbers.Figure(values[^1])}";
    }));
}
