namespace Thalweg.Data;

/// <summary>Decides how a file writes its numbers, from what its columns fit and prove.</summary>
/// <remarks>One decision for all columns: a file is written in one manner. Digits count as grouped where a cell proves it (two groups, or a
/// decimal mark beside one) or the options say so, a comma as a decimal mark where it can be nothing else; what is left open is refused,
/// since the two readings differ by a factor of 1000.</remarks>
internal static class MarksFinder
{
    /// <summary>The marks of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Names of its columns.</param>
    /// <param name="columns">What was found in those that hold numbers with marks; null for others.</param>
    /// <param name="specified">What the options say; null for nothing.</param>
    /// <param name="isGroupSpecified">Whether the options give the mark between groups.</param>
    /// <exception cref="ThalwegException">The marks are not proved, or columns contradict each other.</exception>
    public static NumberMarks Find(
        string path, IReadOnlyList<string> names, IReadOnlyList<ColumnFacts?> columns, NumberMarks? specified, bool isGroupSpecified)
    {
        int fits = specified is null ? NumberMarks.Any : AllowedBy(specified, isGroupSpecified), proves = 0;
        bool hasCommaDecimal = specified is not null;
        int open = -1;
        for (int i = 0; i < names.Count; i++)
        {
            if (columns[i] is not { } facts || (specified is null && (facts.Fits & 1) != 0))
                continue;
            if ((fits & facts.Fits) == 0)
                throw Contradiction(path, (names[i], facts), open < 0 ? null : (names[open], columns[open]!), specified);
            fits &= facts.Fits;
            proves |= facts.Proves;
            hasCommaDecimal |= facts.HasCommaDecimal;
            open = open < 0 || columns[open]!.Proof is not null ? i : open;
        }

        if (open < 0)
            return specified ?? NumberMarks.Plain;
        for (int i = 0; i < NumberMarks.All.Length; i++)
        {
            NumberMarks marks = NumberMarks.All[i];
            bool isProved = (proves & (1 << i)) != 0 || (marks.Group is null ? hasCommaDecimal : specified is not null);
            if ((fits & (1 << i)) != 0 && isProved)
                return marks;
        }

        string seen = columns[open]!.Telling ?? columns[open]!.FirstMarked!;
        throw new ThalwegException($"{path}: column '{names[open]}': {seen} can be read in two ways, and no cell of the file shows which; "
            + "give DataOptions.ThousandsMark where the mark groups digits, DataOptions.DecimalMark where it is the decimal mark, "
            + "or name the column in DataOptions.CategoricalColumns to keep its texts");
    }

    /// <summary>The set of marks that agree with what is given.</summary>
    private static int AllowedBy(NumberMarks specified, bool isGroupSpecified)
    {
        int set = 0;
        for (int i = 0; i < NumberMarks.All.Length; i++)
        {
            NumberMarks marks = NumberMarks.All[i];
            if (marks.Decimal == specified.Decimal && (!isGroupSpecified || marks.Group == specified.Group))
                set |= 1 << i;
        }

        return set;
    }

    private static ThalwegException Contradiction(
        string path, (string Name, ColumnFacts Facts) column, (string Name, ColumnFacts Facts)? other, NumberMarks? specified)
    {
        string seen = $"{path}: column '{column.Name}': {column.Facts.Telling ?? column.Facts.FirstMarked} does not fit ";
        return new ThalwegException(other is { } first
            ? $"{seen}column '{first.Name}': {first.Facts.Proof ?? first.Facts.FirstMarked}; expected one decimal mark and one mark "
                + "between groups in the whole file: fix one column, or leave it out with DataOptions.IgnoredColumns"
            : $"{seen}the decimal mark '{specified!.Decimal}'{(specified.Group is { } group ? $" and groups by '{group}'" : "")} as given; "
                + "change DataOptions.DecimalMark or DataOptions.ThousandsMark, or leave the column out with DataOptions.IgnoredColumns");
    }
}
