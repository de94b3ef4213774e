using System.Text;

namespace Thalweg.Data;

/// <summary>Texts that are no tables of separated cells: each is refused by one line that names it.</summary>
internal static class OtherTexts
{
    private const int CharactersToInspect = 1 << 14, LinesToInspect = 20;

    /// <summary>Refuses a text by its beginning.</summary>
    /// <exception cref="ThalwegException">It is of a known form that is not read; the way out is named.</exception>
    public static void Refuse(string path, TextStart start)
    {
        string text = Encoding.UTF8.GetString(start.Bytes.AsSpan(0, Math.Min(start.Bytes.Length, CharactersToInspect)))
            .TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (StartsWith(text, "<!doctype html") || StartsWith(text, "<html"))
            throw Other(path, "a web page (HTML)", "fetch the file itself");
        if (StartsWith(text, "<?xml"))
            throw Other(path, "an XML file", "write the table as CSV");
        if (IsJson(text))
            throw Other(path, "a JSON file", "write the table as CSV (pandas: read_json(...).to_csv(..., index=False))");
        if (StartsWith(text, "%%MatrixMarket"))
            throw Other(path, "a Matrix Market file", "write it as .npy (Python: scipy.io.mmread and numpy.save)");
        string? first = text.Split('\n', '\r').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '%');
        if (first is not null && StartsWith(first, "@relation"))
            throw Other(path, "an ARFF file (Weka)", "write it as CSV (Python: scipy.io.arff.loadarff and pandas.DataFrame.to_csv)");
    }

    /// <summary>Refuses rows of the form of LIBSVM: a label, and then places and values of what is not zero.</summary>
    public static void RefuseSparse(string path, List<TextRow> rows, char separator)
    {
        List<TextRow> first = rows[..Math.Min(rows.Count, LinesToInspect)];
        bool isSparse = separator is ' ' or '\t' && first.Any(row => row.Cells.Length > 1) && first.All(row =>
            row.Cells[0].Split(',').All(label => CellText.TryNumber(label, out _)) && row.Cells.Skip(1).All(IsPair));
        if (isSparse)
        {
            throw Other(path, "sparse text in the form of LIBSVM (label place:value ...)",
                "write it as .npz (Python: sklearn.datasets.load_svmlight_file, then numpy.savez with x.toarray() and y)");
        }
    }

    private static bool IsPair(string cell)
    {
        int colon = cell.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && (cell[..colon] == "qid" || cell.AsSpan(0, colon).IndexOfAnyExceptInRange('0', '9') < 0)
            && CellText.TryNumber(cell.AsSpan(colon + 1), out _);
    }

    /// <summary>Whether a text begins as an object, or as an array of objects or arrays.</summary>
    private static bool IsJson(string text) => text.Length > 1
        && (text[0] == '{' ? text[1..].TrimStart() is ['"', ..] : text[0] == '[' && text[1..].TrimStart() is ['{' or '[', ..]);

    private static bool StartsWith(string text, string begin) => text.StartsWith(begin, StringComparison.OrdinalIgnoreCase);

    private static ThalwegException Other(string path, string name, string remedy) =>
        new($"{path}: expected a table of separated cells, got {name}; {remedy}");
}
