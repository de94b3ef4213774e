using System.Globalization;

namespace Thalweg.Data;

/// <summary>Finds a column by name or number, and helps where there is none.</summary>
internal static class ColumnFinder
{
    /// <summary>The 0-based index that a reference means: a name, an index from 0, or an index from the end (-1 is the last).</summary>
    /// <param name="location">File, for the error.</param>
    /// <param name="role">What the column is wanted for, for the error.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="names">Names of the columns.</param>
    /// <exception cref="ThalwegException">There is no such column; the nearest names are given.</exception>
    public static int Find(string location, string role, string reference, IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == reference)
                return i;
        }

        int[] alike = [.. Enumerable.Range(0, names.Count).Where(i => names[i].Equals(reference, StringComparison.OrdinalIgnoreCase))];
        if (alike.Length == 1)
            return alike[0];
        if (int.TryParse(reference, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            int resolved = index < 0 ? names.Count + index : index;
            if (resolved >= 0 && resolved < names.Count)
                return resolved;
            throw new ThalwegException($"{location}: {role} column {reference} is out of range; the file has {names.Count} columns, "
                + $"0 to {names.Count - 1}");
        }

        throw new ThalwegException($"{location}: there is no {role} column '{reference}'; "
            + $"nearest: {string.Join(", ", NearestName.Ranked(reference, names).Take(3))}"
            + " (a 0-based number, or -1 for the last, works too)");
    }
}
