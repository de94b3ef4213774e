using System.Globalization;

namespace Thalweg.Data;

/// <summary>Finds a column by name or number, and helps where there is none.</summary>
internal static class ColumnFinder
{
    /// <summary>The 0-based index that a reference means: a name, an index from 0, or an index from the end (-1 is the last).</summary>
    /// <param name="place">File, for the error.</param>
    /// <param name="role">What the column is wanted for, for the error.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="names">Names of the columns.</param>
    /// <exception cref="ThalwegException">There is no such column; the nearest names are given.</exception>
    public static int Find(string place, string role, string reference, IReadOnlyList<string> names)
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
            throw new ThalwegException($"{place}: {role} column {reference} is out of range; the file has {names.Count} columns, "
                + $"0 to {names.Count - 1}");
        }

        throw new ThalwegException($"{place}: there is no {role} column '{reference}'; "
            + $"nearest: {string.Join(", ", NearestNames.Find(reference, names, 3))}"
            + " (a 0-based number, or -1 for the last, works too)");
    }
}

/// <summary>Names that look like a mistyped one.</summary>
public static class NearestNames
{
    /// <summary>The names with the smallest edit distance, nearest first.</summary>
    /// <param name="wanted">What was typed.</param>
    /// <param name="names">What there is.</param>
    /// <param name="count">How many to give.</param>
    /// <returns>At most <paramref name="count"/> names.</returns>
    public static IReadOnlyList<string> Find(string wanted, IEnumerable<string> names, int count) =>
        [.. names.Select((name, index) => (name, index))
            .OrderBy(entry => Distance(wanted.ToUpperInvariant(), entry.name.ToUpperInvariant()))
            .ThenBy(entry => entry.index)
            .Take(count)
            .Select(entry => entry.name)];

    /// <summary>Least number of insertions, deletions, replacements and swaps of neighbors that turn one text into the other.</summary>
    /// <param name="left">One text.</param>
    /// <param name="right">The other.</param>
    /// <returns>The number of edits, from 0 to the length of the longer text.</returns>
    /// <remarks>Optimal string alignment; Damerau, CACM 7(3), 1964.</remarks>
    public static int Distance(string left, string right)
    {
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int replace = cost[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                int best = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    best = Math.Min(best, cost[i - 2, j - 2] + 1);
                cost[i, j] = best;
            }
        }

        return cost[left.Length, right.Length];
    }
}
