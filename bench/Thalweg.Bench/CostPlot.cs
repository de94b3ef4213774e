using System.Globalization;
using System.Text;

namespace Thalweg.Bench;

/// <summary>Draws measured steps beside their bound: one panel for each thing that varies, both axes logarithmic.</summary>
internal static class CostPlot
{
    private const int PanelWidth = 220, PanelHeight = 180, Margin = 40;

    /// <summary>The picture as SVG.</summary>
    public static string Draw(IReadOnlyList<Series> series)
    {
        StringBuilder svg = new();
        int width = series.Count * (PanelWidth + Margin) + Margin, height = PanelHeight + (2 * Margin);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" " +
            $"font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n");
        double low = Math.Log10(series.Min(one => one.Points.Min(point => Math.Min(point.Seconds, point.Bound))));
        double high = Math.Log10(series.Max(one => one.Points.Max(point => point.Seconds)));
        for (int i = 0; i < series.Count; i++)
            DrawPanel(svg, series[i], Margin + (i * (PanelWidth + Margin)), low, high);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin}\" y=\"{height - 6}\">microseconds per step: measured (blue), " +
            $"bound (gray)</text>\n</svg>\n");
        return svg.ToString();
    }

    private static void DrawPanel(StringBuilder svg, Series series, int left, double low, double high)
    {
        double first = Math.Log2(series.Points[0].Value), span = Math.Max(1, Math.Log2(series.Points[^1].Value) - first);
        double X(Measurement point) => left + (PanelWidth * (Math.Log2(point.Value) - first) / span);
        double Y(double seconds) => Margin + (PanelHeight * (high - Math.Log10(seconds)) / Math.Max(1, high - low));
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{Margin}\" width=\"{PanelWidth}\" height=\"{PanelHeight}\" " +
            $"fill=\"none\" stroke=\"#999\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left}\" y=\"{Margin - 8}\" font-weight=\"bold\">{series.Name}</text>\n");
        DrawLine(svg, series.Points.Select(point => (X(point), Y(point.Bound))), "#999");
        DrawLine(svg, series.Points.Select(point => (X(point), Y(point.Seconds))), "#1f6fb4");
        foreach (Measurement point in series.Points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(point):F1}\" y=\"{Margin + PanelHeight + 14}\" " +
                $"text-anchor=\"middle\">{point.Value}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(point):F1}\" y=\"{Y(point.Seconds) - 5:F1}\" " +
                $"text-anchor=\"middle\">{point.Seconds * 1e6:F0}</text>\n");
        }
    }

    private static void DrawLine(StringBuilder svg, IEnumerable<(double X, double Y)> points, string color)
    {
        string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\n");
    }
}
