namespace Thalweg.Data;

/// <summary>Finds the separator of a text: the candidate that parts its first rows into equally many cells.</summary>
/// <remarks>Rows are read as they will be later, with cells in quotes that hold separators and line breaks.</remarks>
internal static class SeparatorFinder
{
    private const double Alike = 1e-9;

    /// <summary>The separator: ';', tab, '|', ',' or ' '; a single column yields ','.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="start">The beginning of the text.</param>
    /// <param name="leading">Lines to pass over.</param>
    /// <param name="comment">Character that begins lines of comment; null where there are none.</param>
    public static char Find(string path, TextStart start, LeadingLines leading, char? comment)
    {
        // Order breaks ties: decimal commas may stand beside the others, hardly ever the other way round.
        (char Separator, double Share, double Numbers) best = (',', 0, 0);
        foreach (char candidate in ";\t|,")
        {
            (double share, double numbers) = Look(candidate);
            bool isMoreAlike = share > best.Share + Alike, isAsMuchAlike = share > best.Share - Alike;
            if (isMoreAlike || (share > 0 && isAsMuchAlike && numbers > best.Numbers + Alike))
                best = (candidate, share, numbers);
        }

        // Blanks stand inside cells too: they separate where nothing else does, or where they alone leave nothing but numbers.
        (double shareOfBlanks, double numbersOfBlanks) = Look(' ');
        bool areBlanks = shareOfBlanks > 0
            && (best.Share == 0 || (shareOfBlanks > best.Share - Alike && best.Numbers < numbersOfBlanks && numbersOfBlanks > 1 - Alike));
        return areBlanks ? ' ' : best.Separator;

        (double Share, double Numbers) Look(char candidate)
        {
            (List<int> counts, double numbers) = start.CountCells(path, leading, candidate, comment);
            return (ShareOfCommonCount(counts), numbers);
        }
    }

    /// <summary>Part of the rows that have as many cells as most rows do; 0 where most have a single one.</summary>
    private static double ShareOfCommonCount(List<int> counts)
    {
        if (counts.Count == 0)
            return 0;
        IGrouping<int, int> common = counts.GroupBy(count => count)
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First();
        return common.Key <= 1 ? 0 : (double)common.Count() / counts.Count;
    }
}
