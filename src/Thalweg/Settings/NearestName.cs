namespace Thalweg;

/// <summary>What to say of a name that is not known.</summary>
public static class NearestName
{
    /// <summary>Letters of a name beyond which none is near: comparing takes time and memory by the product of the lengths.</summary>
    private const int LongestName = 200;

    /// <summary>Letters from which on a beginning says which name is meant.</summary>
    private const int ShortestStart = 3;

    /// <summary>The names that were probably meant, as in <c>did you mean adam?</c>; where none is near, all of them.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <param name="known">The names that are known there, at least one.</param>
    public static string Advice(string name, IEnumerable<string> known)
    {
        string[] names = [.. known];
        IReadOnlyList<string> near = Find(name, names);
        return near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"choose one of {Choices(names)}";
    }

    /// <summary>The names that were probably meant: what another library calls so, or up to 3 that differ in few letters.</summary>
    /// <param name="name">The name as it was written, in any case.</param>
    /// <param name="known">The names that are known there.</param>
    /// <returns>The names; none where none is near.</returns>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > LongestName)
            return [];
        string[] names = [.. known];
        if (Aliases.Find(name, names) is { } meant)
            return [meant];
        int limit = 1 + (name.Length / 3);
        int[] distances = [.. names.Select(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))];
        int nearest = distances.DefaultIfEmpty(int.MaxValue).Min();
        if (nearest > 1 && Abbreviations(name, names) is { Length: > 0 } abbreviations)
            return abbreviations;
        return nearest > limit ? [] : [.. names.Where((_, i) => distances[i] == nearest).Take(3)];
    }

    /// <summary>Up to 3 names that are the beginning of the one that was written, or that it begins: <c>--normalization</c> and <c>--norm</c>.</summary>
    private static string[] Abbreviations(string name, string[] known)
    {
        string[] found = [.. known.Where(candidate => Begins(candidate, name)).OrderByDescending(candidate => candidate.Length).Take(1)];
        if (found.Length > 0)
            return found;
        string[] longer = [.. known.Where(candidate => Begins(name, candidate))];
        return longer.Length <= 3 ? longer : [];
    }

    private static bool Begins(string start, string text) =>
        start.Trim('-').Length >= ShortestStart && text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    /// <summary>Names in a row.</summary>
    /// <param name="names">The names.</param>
    public static string Choices(IEnumerable<string> names) => string.Join(", ", names);

    /// <summary>Names by their distance to another, case ignored, nearest first.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <param name="known">The names that are known there.</param>
    public static IEnumerable<string> Ranked(string name, IEnumerable<string> known) =>
        known.OrderBy(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()));

    /// <summary>Least number of insertions, deletions, replacements and swaps of neighbors that turn one text into the other.</summary>
    /// <param name="left">One text.</param>
    /// <param name="right">The other.</param>
    /// <returns>The number of edits, from 0 to the length of the longer text.</returns>
    /// <remarks>Optimal string alignment; Damerau, CACM 7(3), 1964.</remarks>
    public static int Distance(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
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
