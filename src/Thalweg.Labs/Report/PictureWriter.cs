using System.Text;
using System.Text.Json;

namespace Thalweg.Labs.Report;

/// <summary>Writes a picture as a figure of a page: drawing, legend, tools and data.</summary>
internal static class PictureWriter
{
    /// <summary>The figure.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="name">Name of files that are saved from it.</param>
    public static string Figure(LabPicture picture, string name)
    {
        StringBuilder html = new();
        html.Append($"<figure data-name=\"{Svg.Encode(name)}\"><figcaption>{PageWriter.Both(picture.Title)}</figcaption>\n");
        html.Append(picture switch
        {
            LinePicture lines => LineDrawing.Of(lines) + Legend(lines.Series.Select(series => series.Name)),
            PathPicture paths => LineDrawing.Of(paths) + Legend(paths.Paths.Select(path => path.Name)) + Player(paths),
            BarPicture bars => BarDrawing.Of(bars),
            HistogramPicture histograms => BarDrawing.Of(histograms),
            HeatMapPicture heat => BarDrawing.Of(heat),
            TablePicture table => Table(table),
            _ => "",
        });
        html.Append("\n<p class=\"reading\" aria-live=\"polite\"></p>\n<div class=\"tools\">");
        foreach (string format in picture is TablePicture ? ["csv"] : (string[])["svg", "png", "csv"])
            html.Append($"<button type=\"button\" data-save=\"{format}\">{format.ToUpperInvariant()}</button>");

        // The default encoder turns every sign that could end the script element into an escape.
        html.Append("</div>\n<script type=\"application/json\">").Append(JsonSerializer.Serialize(Data(picture),
            LabJson.Default.LabPicture)).Append("</script></figure>\n");
        return html.ToString();
    }

    /// <summary>The picture with what its drawing shows alone: the surface of paths stays out.</summary>
    private static LabPicture Data(LabPicture picture) => picture is PathPicture paths
        ? paths with { Surface = paths.Surface with { Values = [] } } : picture;

    private static string Legend(IEnumerable<LabText> names) => "<div class=\"tools legend\">" + string.Concat(names.Select((name, i) =>
        $"<button type=\"button\" aria-pressed=\"true\" data-toggle=\"{i}\"><i "
            + $"class=\"c{i % Svg.Colors}\"></i>{PageWriter.Both(name)}</button>")) + "</div>";

    private static string Player(PathPicture picture)
    {
        int last = Math.Max(1, picture.Paths.Max(path => path.X.Count) - 1);
        return $"<div class=\"tools\"><button type=\"button\" data-play aria-pressed=\"false\">{PageWriter.Both(("Play", "播放"))}</button>"
            + $"<input type=\"range\" min=\"0\" max=\"{last}\" value=\"{last}\" aria-label=\"Step\" data-en=\"Step\" data-zh=\"步\"></div>";
    }

    private static string Table(TablePicture table)
    {
        StringBuilder html = new("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        foreach (LabText column in table.Columns)
            html.Append($"<th scope=\"col\">{PageWriter.Both(column)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<LabText> row in table.Rows)
        {
            html.Append("<tr>").AppendJoin("", row.Select((cell, i) => i == 0 ? $"<th scope=\"row\">{PageWriter.Both(cell)}</th>"
                : $"<td>{PageWriter.Both(cell)}</td>")).Append("</tr>");
        }

        return html.Append("</tbody></table></div>").ToString();
    }
}
