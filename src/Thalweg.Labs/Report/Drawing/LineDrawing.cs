using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>Draws lines with bands, and paths over contours.</summary>
internal static class LineDrawing
{
    private const int Width = 520, Height = 320, Left = 62, Right = 510, Top = 12, Bottom = 272;

    /// <summary>Lines and points over axes.</summary>
    public static string Of(LinePicture picture)
    {
        Svg svg = new(Width, Height);
        Axis x = Axis.Over(picture.Series.SelectMany(series => series.X), picture.X.Scale, Left, Right).Padded();
        Axis y = Axis.Over(picture.Series.SelectMany(series => series.Y), picture.Y.Scale, Bottom, Top).Padded();
        Frame(svg, x, y, picture.X.Label, picture.Y.Label);
        for (int i = 0; i < picture.Series.Count; i++)
        {
            LabSeries series = picture.Series[i];
            svg.Add($"<g data-series=\"{i}\">");
            if (series.Low is { } low && series.High is { } high)
                Band(svg, x, y, series.X, low, high, i);
            (double? X, double? Y)[] points = [.. series.X.Zip(series.Y, (a, b) => (x.At(a), y.At(b)))];
            if (series.IsPoints || points.Length <= 12)
            {
                foreach ((double? px, double? py) in points.Where(point => point.X is not null && point.Y is not null))
                {
                    svg.Add($"<circle cx=\"{Svg.Number(px!.Value)}\" cy=\"{Svg.Number(py!.Value)}\" r=\"3\" class=\"dot "
                        + $"c{i % Svg.Colors}\"/>");
                }
            }

            if (!series.IsPoints)
                svg.Polyline(points, $"line c{i % Svg.Colors}{(series.IsDashed ? " dashed" : "")}");
            svg.Add("</g>");
        }

        svg.Add("<line class=\"cursor\" y1=\"12\" y2=\"272\" x1=\"-9\" x2=\"-9\"/>");
        svg.Attributes = Plot(x, y, picture.X.Scale, picture.Y.Scale);
        return svg.Finish(picture.Title);
    }

    /// <summary>Paths over the contours of a function.</summary>
    public static string Of(PathPicture picture)
    {
        Svg svg = new(Width, Height);
        LabSurface surface = picture.Surface;
        Axis x = Axis.Over([surface.Left, surface.Right], LabScale.Linear, Left, Right),
            y = Axis.Over([surface.Bottom, surface.Top], LabScale.Linear, Bottom, Top);
        Contours(svg, surface, x, y);
        Frame(svg, x, y, "", "");
        for (int i = 0; i < picture.Paths.Count; i++)
        {
            LabPath path = picture.Paths[i];
            (double? X, double? Y)[] points = [.. path.X.Zip(path.Y, (a, b) => (x.At(a), y.At(b)))];
            svg.Add($"<g data-series=\"{i}\">");
            svg.Polyline(points, $"line c{i % Svg.Colors}");
            if (points.Length > 0 && points[^1] is ({ } px, { } py))
                svg.Add($"<circle class=\"dot head c{i % Svg.Colors}\" r=\"4\" cx=\"{Svg.Number(px)}\" cy=\"{Svg.Number(py)}\"/>");
            svg.Add("</g>");
        }

        svg.Attributes = Plot(x, y, LabScale.Linear, LabScale.Linear);
        return svg.Finish(picture.Title);
    }

    /// <summary>Where the axes lie, for the script of the page.</summary>
    private static string Plot(Axis x, Axis y, LabScale xScale, LabScale yScale) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $" data-plot=\"{Left} {Right} {x.Low:R} {x.High:R} {(xScale == LabScale.Logarithmic ? 1 : 0)} {Bottom} {Top} {y.Low:R} "
            + $"{y.High:R} {(yScale == LabScale.Logarithmic ? 1 : 0)}\"");

    /// <summary>Axes with ticks and names.</summary>
    private static void Frame(Svg svg, Axis x, Axis y, LabText xName, LabText yName)
    {
        foreach (double tick in x.Ticks())
        {
            double at = x.At(tick)!.Value;
            svg.Line(at, Top, at, Bottom, "grid");
            svg.Text(at, Bottom + 16, Axis.Label(tick), "tick middle");
        }

        foreach (double tick in y.Ticks())
        {
            double at = y.At(tick)!.Value;
            svg.Line(Left, at, Right, at, "grid");
            svg.Text(Left - 6, at + 4, Axis.Label(tick), "tick end");
        }

        svg.Line(Left, Bottom, Right, Bottom, "axis");
        svg.Line(Left, Top, Left, Bottom, "axis");
        svg.Text((Left + Right) / 2.0, Bottom + 36, xName, "name middle");
        svg.Text(14, (Top + Bottom) / 2.0, yName, "name middle", $" transform=\"rotate(-90 14 {(Top + Bottom) / 2})\"");
    }

    private static void Band(Svg svg, Axis x, Axis y, IReadOnlyList<double> at, IReadOnlyList<double> low, IReadOnlyList<double> high,
        int color)
    {
        List<(double X, double Low, double High)> points = [];
        for (int i = 0; i < at.Count; i++)
        {
            if (x.At(at[i]) is { } px && y.At(high[i]) is { } top)
                points.Add((px, y.At(low[i]) ?? Bottom, top));
        }

        StringBuilder path = new();
        foreach ((double px, _, double top) in points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Svg.Number(px)).Append(' ').Append(Svg.Number(top));
        foreach ((double px, double bottom, _) in Enumerable.Reverse(points))
            path.Append('L').Append(Svg.Number(px)).Append(' ').Append(Svg.Number(bottom));
        svg.Add($"<path d=\"{path}Z\" class=\"band c{color % Svg.Colors}\"/>");
    }

    /// <summary>The height of a surface as shades: equal numbers of cells in each of ten.</summary>
    private static void Contours(Svg svg, LabSurface surface, Axis x, Axis y)
    {
        const int Shades = 10;
        double[] sorted = [.. surface.Values.SelectMany(row => row).Where(double.IsFinite).Order()];
        int rows = surface.Values.Count, columns = surface.Values[0].Count;
        double stepX = (Right - Left) / (double)columns, stepY = (Bottom - Top) / (double)rows;
        StringBuilder[] paths = [.. Enumerable.Range(0, Shades).Select(_ => new StringBuilder())];
        for (int row = 0; row < rows; row++)
        {
            int column = 0;
            while (column < columns)
            {
                int shade = Shade(surface.Values[row][column]), end = column + 1;
                while (end < columns && Shade(surface.Values[row][end]) == shade)
                    end++;
                paths[shade].Append($"M{Svg.Number(Left + (column * stepX))} "
                    + $"{Svg.Number(Bottom - ((row + 1) * stepY))}h{Svg.Number((end - column) * stepX)}"
                    + $"v{Svg.Number(stepY + 0.4)}h{Svg.Number((column - end) * stepX)}z");
                column = end;
            }
        }

        for (int shade = 0; shade < Shades; shade++)
            svg.Add($"<path d=\"{paths[shade]}\" class=\"shade s{shade}\"/>");

        int Shade(double value)
        {
            int at = Array.BinarySearch(sorted, value);
            return Math.Clamp((at < 0 ? ~at : at) * Shades / Math.Max(1, sorted.Length), 0, Shades - 1);
        }
    }
}
