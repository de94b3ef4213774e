namespace Thalweg.Runs;

/// <summary>Lists of strings as one string.</summary>
internal static class TextList
{
    /// <summary>Reads a list from one string, separated by commas; an item with a comma or a quotation mark is quoted as in CSV.</summary>
    /// <param name="text">The string, as <see cref="Format"/> writes it.</param>
    public static ValueList<string> Parse(string text)
    {
        List<string> items = [""];
        bool isQuoted = false, wasQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                items[^1] += '"';
                i++;
            }
            else if (text[i] == '"' && (isQuoted || items[^1].Trim().Length == 0))
            {
                (isQuoted, wasQuoted, items[^1]) = (!isQuoted, true, isQuoted ? items[^1] : "");
            }
            else if (text[i] == ',' && !isQuoted)
            {
                Close();
                items.Add("");
            }
            else
            {
                items[^1] += text[i];
            }
        }

        Close();
        return new ValueList<string>(items);

        void Close()
        {
            items[^1] = wasQuoted ? items[^1] : items[^1].Trim();
            wasQuoted = false;
        }
    }

    /// <summary>The list as one string.</summary>
    public static string Format(ValueList<string> list) => string.Join(',', list.Select(Quote));

    private static string Quote(string item) =>
        item.Contains(',', StringComparison.Ordinal) || item.Contains('"', StringComparison.Ordinal) || item != item.Trim()
            ? $"\"{item.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : item;
}
