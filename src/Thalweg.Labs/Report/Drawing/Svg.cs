using System.Globalization;
using System.Net;
using System.Text;

namespace Thalweg.Labs.Report;

/// <summary>Writes the elements of an SVG picture.</summary>
internal sealed class Svg
{
    /// <summary>Colors of lines, as classes of the style sheet.</summary>
    public const int Colors = 8;

    private readonly StringBuilder _text = new();
    private readonly int _width, _height;

    /// <summary>Begins a picture.</summary>
    /// <param name="width">Width in units.</param>
    /// <param name="height">Height in units.</param>
    public Svg(int width, int height) => (_width, _height) = (width, height);

    /// <summary>Attributes of the root element beside its size.</summary>
    public string Attributes { get; set; } = "";

    /// <summary>A text as HTML has it.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A number of the picture.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Adds an element as it is.</summary>
    public void Add(string element) => _text.Append(element);

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" class=\"{style}\"/>");

    /// <summary>A rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, string style, string attributes = "") =>
        Add($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" "
            + $"class=\"{style}\"{attributes}/>");

    /// <summary>A line through points; gaps where a point cannot be shown.</summary>
    public void Polyline(IEnumerable<(double? X, double? Y)> points, string style)
    {
        StringBuilder path = new();
        bool isDrawing = false;
        foreach ((double? x, double? y) in points)
        {
            if (x is { } px && y is { } py)
                path.Append(isDrawing ? 'L' : 'M').Append(Number(px)).Append(' ').Append(Number(py));
            isDrawing = x is not null && y is not null;
        }

        Add($"<path d=\"{path}\" class=\"{style}\"/>");
    }

    /// <summary>A text in both languages.</summary>
    public void Text(double x, double y, LabText text, string style, string attributes = "")
    {
        string at = $"x=\"{Number(x)}\" y=\"{Number(y)}\" class=\"{style}\"{attributes}";
        if (text.English == text.Chinese)
            Add($"<text {at}>{Encode(text.English)}</text>");
        else
            Add($"<text {at} lang=\"en\">{Encode(text.English)}</text><text {at} lang=\"zh\">{Encode(text.Chinese)}</text>");
    }

    /// <summary>The picture.</summary>
    /// <param name="title">What it shows, for those who do not see it.</param>
    public string Finish(LabText title) =>
        $"<svg viewBox=\"0 0 {_width} {_height}\" role=\"img\" tabindex=\"0\" aria-label=\"{Encode(title.English)}\" "
            + $"data-en=\"{Encode(title.English)}\" "
        + $"data-zh=\"{Encode(title.Chinese)}\"{Attributes}>{_text}</svg>";
}
