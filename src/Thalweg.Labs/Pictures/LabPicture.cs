using System.Text.Json.Serialization;

namespace Thalweg.Labs;

/// <summary>A picture as data; the report draws it.</summary>
/// <param name="Title">What it shows, in one sentence.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LinePicture), "lines")]
[JsonDerivedType(typeof(HistogramPicture), "histograms")]
[JsonDerivedType(typeof(BarPicture), "bars")]
[JsonDerivedType(typeof(HeatMapPicture), "heat")]
[JsonDerivedType(typeof(PathPicture), "paths")]
[JsonDerivedType(typeof(TablePicture), "table")]
public abstract record LabPicture(LabText Title);

/// <summary>An axis.</summary>
/// <param name="Label">What it shows, with its unit.</param>
/// <param name="Scale">Its scale; default linear. On a logarithmic one values of 0 and below are left out.</param>
public sealed record LabAxis(LabText Label, LabScale Scale = LabScale.Linear);

/// <summary>A line, or points, with a band where there are several seeds.</summary>
/// <param name="Name">What it is.</param>
/// <param name="X">Positions: [points].</param>
/// <param name="Y">Values: [points]; the mean over seeds.</param>
/// <param name="Low">Lower ends of the band: [points]; null (default) for none.</param>
/// <param name="High">Upper ends of the band: [points]; null (default) for none.</param>
public sealed record LabSeries(
    LabText Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double>? Low = null, IReadOnlyList<double>? High = null)
{
    /// <summary>Whether single points are shown rather than a line; default false.</summary>
    public bool IsPoints { get; init; }

    /// <summary>Whether the line is dashed, as for a fit or a theory; default false.</summary>
    public bool IsDashed { get; init; }

    /// <summary>The mean over seeds, with the interval of the mean as a band.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="x">Positions: [points].</param>
    /// <param name="values">Values of each seed: [seeds][points].</param>
    /// <param name="scale">Scale on which the mean is taken; default linear.</param>
    public static LabSeries Of(
        LabText name, IReadOnlyList<double> x, IReadOnlyList<IReadOnlyList<double>> values, LabScale scale = LabScale.Linear)
    {
        LabFigure[] figures =
            [.. Enumerable.Range(0, x.Count).Select(i => new LabFigure("", "", [.. values.Select(seed => seed[i])], scale))];
        return new LabSeries(
            name, x, [.. figures.Select(figure => figure.Mean)], [.. figures.Select(figure => figure.Interval.Low)],
            [.. figures.Select(figure => figure.Interval.High)]);
    }
}

/// <summary>Lines or points over one pair of axes.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">The lines.</param>
public sealed record LinePicture(LabText Title, LabAxis X, LabAxis Y, IReadOnlyList<LabSeries> Series) : LabPicture(Title);

/// <summary>One of several histograms.</summary>
/// <param name="Name">What it counts.</param>
/// <param name="Low">Lower end of the first bin.</param>
/// <param name="High">Upper end of the last bin.</param>
/// <param name="Counts">Counts of bins of equal width.</param>
public sealed record LabHistogram(LabText Name, double Low, double High, IReadOnlyList<long> Counts)
{
    /// <summary>Counts values.</summary>
    /// <param name="name">What it counts.</param>
    /// <param name="values">The values; those outside count in the first or the last bin.</param>
    /// <param name="low">Lower end of the first bin.</param>
    /// <param name="high">Upper end of the last bin.</param>
    /// <param name="bins">Number of bins, 1 or more; default 30.</param>
    public static LabHistogram Of(LabText name, ReadOnlySpan<double> values, double low, double high, int bins = 30)
    {
        long[] counts = new long[bins];
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
                counts[(int)Math.Clamp((value - low) / (high - low) * bins, 0, bins - 1)]++;
        }

        return new LabHistogram(name, low, high, counts);
    }
}

/// <summary>Histograms side by side, such as one for each layer.</summary>
/// <param name="Title">What they show.</param>
/// <param name="X">The horizontal axis, which all share.</param>
/// <param name="Rows">Rows of histograms with their names, such as one row for each initializer.</param>
public sealed record HistogramPicture(LabText Title, LabAxis X, IReadOnlyList<LabHistogramRow> Rows) : LabPicture(Title);

/// <summary>A row of histograms.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Histograms">The histograms, from left to right.</param>
public sealed record LabHistogramRow(LabText Name, IReadOnlyList<LabHistogram> Histograms);

/// <summary>A bar with its interval.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its length.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
public sealed record LabBar(LabText Name, double Value, double Low, double High)
{
    /// <summary>A bar for a figure.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="figure">The figure.</param>
    public static LabBar Of(LabText name, LabFigure figure) => new(name, figure.Mean, figure.Interval.Low, figure.Interval.High);

    /// <summary>A bar for the mean of values over seeds.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="values">Value for each seed.</param>
    /// <param name="scale">Scale on which the mean is taken; default linear.</param>
    public static LabBar Of(LabText name, IEnumerable<double> values, LabScale scale = LabScale.Linear) =>
        Of(name, new LabFigure("", "", [.. values], scale));
}

/// <summary>Horizontal bars with intervals.</summary>
/// <param name="Title">What they show.</param>
/// <param name="Axis">What their lengths are.</param>
/// <param name="Bars">The bars, from top to bottom.</param>
public sealed record BarPicture(LabText Title, LabAxis Axis, IReadOnlyList<LabBar> Bars) : LabPicture(Title);

/// <summary>Colors by number over rows and columns.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="RowAxis">What the rows are.</param>
/// <param name="ColumnAxis">What the columns are.</param>
/// <param name="Rows">Names of the rows, from top to bottom.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Values">Numbers: [rows][columns]; NaN is left blank.</param>
public sealed record HeatMapPicture(
    LabText Title, LabText RowAxis, LabText ColumnAxis, IReadOnlyList<LabText> Rows, IReadOnlyList<LabText> Columns,
    IReadOnlyList<IReadOnlyList<double>> Values) : LabPicture(Title)
{
    /// <summary>Scale of the colors; default linear.</summary>
    public LabScale Scale { get; init; }
}

/// <summary>Numbers of a function of two variables on a grid.</summary>
/// <param name="Left">Least x.</param>
/// <param name="Right">Greatest x.</param>
/// <param name="Bottom">Least y.</param>
/// <param name="Top">Greatest y.</param>
/// <param name="Values">The function: [y][x], from the bottom left, at equal distances from end to end.</param>
public sealed record LabSurface(double Left, double Right, double Bottom, double Top, IReadOnlyList<IReadOnlyList<double>> Values)
{
    /// <summary>The values of a function.</summary>
    /// <param name="function">The function of x and y.</param>
    /// <param name="horizontal">Least and greatest x.</param>
    /// <param name="vertical">Least and greatest y.</param>
    /// <param name="points">Points on each side, 2 or more; default 60.</param>
    public static LabSurface Of(
        Func<double, double, double> function, (double Low, double High) horizontal, (double Low, double High) vertical, int points = 60)
    {
        ArgumentNullException.ThrowIfNull(function);
        double At((double Low, double High) range, int i) => range.Low + ((range.High - range.Low) * i / (points - 1));
        return new LabSurface(horizontal.Low, horizontal.High, vertical.Low, vertical.High,
        [
            .. Enumerable.Range(0, points).Select(y => (IReadOnlyList<double>)
                [.. Enumerable.Range(0, points).Select(x => function(At(horizontal, x), At(vertical, y)))]),
        ]);
    }
}

/// <summary>A path through the plane.</summary>
/// <param name="Name">What went it, such as an optimizer.</param>
/// <param name="X">Horizontal positions, step by step.</param>
/// <param name="Y">Vertical positions, step by step.</param>
public sealed record LabPath(LabText Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

/// <summary>Paths over the contours of a function, which can be played.</summary>
/// <param name="Title">What they show.</param>
/// <param name="Surface">The function.</param>
/// <param name="Paths">The paths.</param>
public sealed record PathPicture(LabText Title, LabSurface Surface, IReadOnlyList<LabPath> Paths) : LabPicture(Title);

/// <summary>A table.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">Cells: [rows][columns].</param>
public sealed record TablePicture(LabText Title, IReadOnlyList<LabText> Columns, IReadOnlyList<IReadOnlyList<LabText>> Rows)
    : LabPicture(Title);
