namespace Thalweg.Labs.Report;

/// <summary>Draws bars, histograms and heat maps.</summary>
internal static class BarDrawing
{
    private const int Width = 520;

    /// <summary>Horizontal bars with their intervals.</summary>
    public static string Of(BarPicture picture)
    {
        const int Row = 26, Left = 10, Right = 500, Top = 6;
        Svg svg = new(Width, Top + (picture.Bars.Count * Row * 2) + 44);
        bool isLog = picture.Axis.Scale == LabScale.Logarithmic;
        Axis axis = Axis.Over([.. picture.Bars.SelectMany(bar => (double[])[bar.Value, bar.Low, bar.High]), isLog ? 1 : 0],
            picture.Axis.Scale, Left, Right).Padded();
        double bottom = Top + (picture.Bars.Count * Row * 2), zero = axis.At(isLog ? 1 : 0)!.Value;
        foreach (double tick in axis.Ticks())
        {
            double at = axis.At(tick)!.Value;
            svg.Line(at, Top, at, bottom, "grid");
            svg.Text(at, bottom + 16, Axis.Label(tick), "tick middle");
        }

        for (int i = 0; i < picture.Bars.Count; i++)
        {
            LabBar bar = picture.Bars[i];
            double y = Top + (i * Row * 2) + 4, end = axis.At(bar.Value) ?? zero;
            svg.Text(Left, y + 14, bar.Name, "name");
            svg.Text(Right, y + 14, LabWords.Interval(bar.Value, bar.Low, bar.High), "tick end");
            svg.Rectangle(Math.Min(zero, end), y + 22, Math.Max(1, Math.Abs(end - zero)), Row - 8, $"bar c{i % Svg.Colors}");
            if (axis.At(bar.Low) is { } low && axis.At(bar.High) is { } high)
                svg.Line(low, y + 31, high, y + 31, "whisker");
        }

        svg.Line(zero, Top, zero, bottom, "axis");
        svg.Text((Left + Right) / 2.0, bottom + 36, picture.Axis.Label, "name middle");
        return svg.Finish(picture.Title);
    }

    /// <summary>Histograms side by side, a row for each thing compared.</summary>
    public static string Of(HistogramPicture picture)
    {
        const int RowHeight = 104, Top = 4, Left = 6;
        int columns = picture.Rows.Max(row => row.Histograms.Count);
        Svg svg = new(Width, Top + (picture.Rows.Count * RowHeight) + 24);
        double width = (Width - (2.0 * Left)) / columns;
        for (int row = 0; row < picture.Rows.Count; row++)
        {
            double top = Top + (row * RowHeight);
            svg.Text(Left, top + 14, picture.Rows[row].Name, "name");
            for (int column = 0; column < picture.Rows[row].Histograms.Count; column++)
                Histogram(svg, picture.Rows[row].Histograms[column], Left + (column * width) + 3, top + 20, width - 6, row);
        }

        svg.Text(Width / 2.0, Top + (picture.Rows.Count * RowHeight) + 16, picture.X.Label, "name middle");
        return svg.Finish(picture.Title);
    }

    /// <summary>Colors by number.</summary>
    public static string Of(HeatMapPicture picture)
    {
        const int Left = 110, Top = 40, Cell = 28;
        int rows = picture.Rows.Count, columns = picture.Columns.Count;
        double width = (Width - Left - 10.0) / columns;
        Svg svg = new(Width, Top + (rows * Cell) + 30);
        double[] numbers = [.. picture.Values.SelectMany(row => row).Where(double.IsFinite)];
        Axis shade = Axis.Over(numbers, picture.Scale, 0, 9.999);
        for (int column = 0; column < columns; column++)
            svg.Text(Left + ((column + 0.5) * width), Top - 6, picture.Columns[column], "tick middle");
        for (int row = 0; row < rows; row++)
        {
            svg.Text(Left - 6, Top + ((row + 0.65) * Cell), picture.Rows[row], "tick end");
            for (int column = 0; column < columns; column++)
            {
                double value = picture.Values[row][column];
                if (shade.At(value) is not { } at)
                    continue;
                svg.Rectangle(Left + (column * width), Top + (row * Cell), width - 1, Cell - 1, $"shade s{Math.Clamp((int)at, 0, 9)}");
                svg.Text(Left + ((column + 0.5) * width), Top + ((row + 0.65) * Cell),
                    value.ToString("g3", System.Globalization.CultureInfo.InvariantCulture), "cell middle");
            }
        }

        svg.Text(Left, 14, picture.ColumnAxis, "name");
        svg.Text(4, Top + (rows * Cell) + 20, picture.RowAxis, "name");
        return svg.Finish(picture.Title);
    }

    private static void Histogram(Svg svg, LabHistogram histogram, double left, double top, double width, int row)
    {
        const double Height = 56;
        long most = Math.Max(1, histogram.Counts.Max());
        double bin = width / histogram.Counts.Count;
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            double height = Height * histogram.Counts[i] / most;
            if (height > 0)
                svg.Rectangle(left + (i * bin), top + Height - height, Math.Max(0.5, bin - 0.4), height, $"bar c{row % Svg.Colors}");
        }

        svg.Line(left, top + Height, left + width, top + Height, "axis");
        svg.Text(left + (width / 2), top + Height + 13, histogram.Name, "tick middle");
        svg.Text(left, top + Height + 25, Axis.Label(histogram.Low), "tick");
        svg.Text(left + width, top + Height + 25, Axis.Label(histogram.High), "tick end");
    }
}
