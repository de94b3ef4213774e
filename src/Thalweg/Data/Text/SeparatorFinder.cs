namespace Thalweg.Data;

/// <summary>Finds the separator of a text by counting the candidates in its first lines.</summary>
internal static class SeparatorFinder
{
    private const int LinesToLookAt = 50;

    /// <summary>The separator: ';', tab, ',' or ' '; a single column yields ','.</summary>
    /// <param name="lines">First lines of the text, without comments and empty lines.</param>
    public static char Find(IReadOnlyList<string> lines)
    {
        // Order breaks ties: decimal commas may stand beside semicolons or tabs, hardly ever the other way round.
        char best = ',';
        double bestShare = 0;
        foreach (char candidate in ";\t,")
        {
            double share = ShareOfCommonCount(lines, candidate);
            if (share > bestShare + 1e-9)
                (best, bestShare) = (candidate, share);
        }

        return bestShare > 0 || !lines.Take(LinesToLookAt).Any(line => CountBlankRuns(line) > 0) ? best : ' ';
    }

    /// <summary>Part of the lines that hold the candidate as often as most lines do; 0 where most hold none.</summary>
    private static double ShareOfCommonCount(IReadOnlyList<string> lines, char candidate)
    {
        int[] counts = [.. lines.Take(LinesToLookAt).Select(line => CountOutsideQuotes(line, candidate))];
        if (counts.Length == 0)
            return 0;
        IGrouping<int, int> common = counts.GroupBy(count => count)
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First();
        return common.Key == 0 ? 0 : (double)common.Count() / counts.Length;
    }

    private static int CountOutsideQuotes(string line, char candidate)
    {
        int count = 0;
        bool quoted = false;
        foreach (char character in line)
        {
            if (character == '"')
                quoted = !quoted;
            else if (character == candidate && !quoted)
                count++;
        }

        return count;
    }

    private static int CountBlankRuns(string line)
    {
        string trimmed = line.Trim();
        int count = 0;
        for (int i = 1; i < trimmed.Length; i++)
        {
            if (trimmed[i] == ' ' && trimmed[i - 1] != ' ')
                count++;
        }

        return count;
    }
}
