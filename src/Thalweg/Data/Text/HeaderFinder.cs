namespace Thalweg.Data;

/// <summary>Tells a header from a row of data.</summary>
internal static class HeaderFinder
{
    /// <summary>Whether the first of some rows names the columns.</summary>
    /// <param name="rows">The first rows of a text, at least one.</param>
    /// <param name="knownNames">Names that a header would hold, where they are known; else null.</param>
    public static bool HasHeader(List<string[]> rows, IReadOnlyList<string>? knownNames)
    {
        string[] first = rows[0];
        if (knownNames is not null)
        {
            int known = first.Count(cell => knownNames.Contains(cell, StringComparer.OrdinalIgnoreCase));
            if (2 * known >= first.Length)
                return true;
        }

        // A header holds words alone, and at least one of them stands above numbers, or is never seen again in its column.
        if (first.Any(cell => CellText.TryNumber(cell, out _)) || first.All(string.IsNullOrEmpty))
            return false;
        if (rows.Count == 1)
            return knownNames is null;
        bool aboveNumbers = false, seenAgain = false;
        for (int column = 0; column < first.Length; column++)
        {
            string[] below = [.. rows.Skip(1).Where(row => row.Length > column).Select(row => row[column]).Where(cell => !IsMissing(cell))];
            aboveNumbers |= !IsMissing(first[column]) && below.Length > 0 && below.All(cell => CellText.TryNumber(cell, out _));
            seenAgain |= below.Contains(first[column]);
        }

        return aboveNumbers || (!seenAgain && knownNames is null);
    }

    /// <summary>Names without blanks and doubles: empty ones become c0, c1, ..., repeated ones get .1, .2, ...</summary>
    public static string[] Unique(IReadOnlyList<string> names)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        string[] unique = new string[names.Count];
        for (int i = 0; i < unique.Length; i++)
        {
            string name = names[i].Trim();
            if (name.Length == 0)
                name = $"c{i}";
            unique[i] = name;
            for (int again = 1; !seen.Add(unique[i]); again++)
                unique[i] = $"{name}.{again}";
        }

        return unique;
    }

    private static bool IsMissing(string cell) => CellText.IsMissing(System.Text.Encoding.UTF8.GetBytes(cell));
}
