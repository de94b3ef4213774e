using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Thalweg.Runs;

/// <summary>Markup of a page under construction. Literal parts of an interpolated string are markup, values are text: they are escaped
/// whatever they hold, so that no name of a column, class or run can become markup.</summary>
internal sealed class HtmlText
{
    /// <summary>Letters of all languages stay as they are: the page is UTF-8.</summary>
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new();

    /// <summary>A text as markup that shows it.</summary>
    /// <param name="text">Any text.</param>
    public static string Escape(string text) => s_encoder.Encode(text);

    /// <summary>Adds a line.</summary>
    /// <param name="markup">Literal markup with values in between.</param>
    public void Add([InterpolatedStringHandlerArgument("")] ref Handler markup) => _text.Append('\n');

    /// <summary>Adds a table that scrolls sideways where it is too wide.</summary>
    /// <param name="label">What it shows, for readers of screens.</param>
    /// <param name="columns">The heads; the first column, and those that begin with a tab, hold texts.</param>
    /// <param name="rows">The cells, as many in each row as there are columns.</param>
    public void AddTable(string label, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Add($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><thead><tr>");
        string[] kinds = [.. columns.Select((column, index) => index == 0 || column.StartsWith('\t') ? "text" : "number")];
        for (int i = 0; i < kinds.Length; i++)
            Add($"<th scope=\"col\" class=\"{kinds[i]}\">{columns[i].TrimStart('\t')}</th>");

        Add($"</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            Add($"<tr><th scope=\"row\" class=\"text\">");
            AddBreakable(row[0]);
            Add($"</th>");
            for (int i = 1; i < kinds.Length; i++)
                Add($"<td class=\"{kinds[i]}\">{row[i]}</td>");

            Add($"</tr>");
        }

        Add($"</tbody></table></div>");
    }

    /// <summary>Adds a text that may be broken behind points and underscores, as paths of settings are.</summary>
    private void AddBreakable(string text)
    {
        int begin = 0;
        for (int i = 0; i < text.Length - 1; i++)
        {
            if (text[i] is not ('.' or '_'))
                continue;
            _text.Append(Escape(text[begin..(i + 1)])).Append("<wbr>");
            begin = i + 1;
        }

        _text.Append(Escape(text[begin..]));
    }

    /// <summary>Adds names with what belongs to them.</summary>
    public void AddFacts(IEnumerable<(string Name, string Text)> facts)
    {
        Add($"<dl class=\"facts\">");
        foreach ((string name, string text) in facts)
            Add($"<dt>{name}</dt><dd>{text}</dd>");

        Add($"</dl>");
    }

    /// <summary>Begins a section.</summary>
    /// <param name="id">Its name in the page.</param>
    /// <param name="title">Its heading.</param>
    public void BeginSection(string id, string title) =>
        Add($"<section class=\"card\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>");

    /// <summary>Ends a section.</summary>
    public void EndSection() => Add($"</section>");

    /// <summary>The markup so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Escapes values while the compiler takes an interpolated string apart.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int valueCount, HtmlText page)
        {
            _text = page._text;
            _text.EnsureCapacity(_text.Length + literalLength + (8 * valueCount));
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(Escape(text ?? ""));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
