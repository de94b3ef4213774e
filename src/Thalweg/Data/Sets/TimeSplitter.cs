namespace Thalweg.Data;

/// <summary>Divides rows in order of time: training rows first, then validation, then test, with a gap between them.</summary>
/// <remarks>Folds are those of scikit-learn's TimeSeriesSplit: each fold trains on all rows before its validation rows. Rows of the same time
/// stay in one part, the later one.</remarks>
internal static class TimeSplitter
{
    /// <summary>Divides the rows.</summary>
    /// <exception cref="ThalwegException">Too few rows are left for a part.</exception>
    public static SplitParts Split(SplitRows rows, SplitOptions options)
    {
        double[] times = rows.Times!;
        int[] order = [.. Dataset.AllRows(rows.Count).OrderBy(row => times[row])];
        int testStart = order.Length - (int)Math.Floor((order.Length * options.TestFraction) + 1e-9);
        testStart = StartOf(order, times, testStart);
        int end = testStart == order.Length ? testStart : Math.Max(0, testStart - options.Gap);
        (int start, int stop) = options.Folds is { } folds ? Fold(end, folds, options.Fold)
            : (end - (int)Math.Floor((order.Length * options.ValidationFraction) + 1e-9), end);
        (start, stop) = (StartOf(order, times, start), stop == end ? end : StartOf(order, times, stop));
        int trained = start == stop ? start : start - options.Gap;
        bool isShort = trained < 1 || (start == stop && (options.Folds is not null || options.ValidationFraction > 0))
            || (testStart == order.Length && options.TestFraction > 0);
        if (isShort)
        {
            throw new ThalwegException($"{rows.Place}: {rows.Count} rows are too few to divide in order of time with a gap of {options.Gap}"
                + $"{(options.Folds is { } count ? $" into {count} folds" : "")}; give more rows, or a smaller gap");
        }

        return Splitter.Sorted([.. order.AsSpan(0, trained)], [.. order.AsSpan(start, stop - start)], [.. order.AsSpan(testStart)]) with
        {
            Holdout = options is { Folds: { } all, HoldoutFold: { } held } ? HoldoutOf(order, times, Fold(end, all, held), (stop, end)) : null,
        };
    }

    /// <summary>The rows of a fold that is held out, all after the validation rows.</summary>
    private static int[] HoldoutOf(int[] order, double[] times, (int Start, int Stop) fold, (int ValidationStop, int End) known)
    {
        int start = StartOf(order, times, fold.Start), stop = fold.Stop == known.End ? known.End : StartOf(order, times, fold.Stop);
        if (start < known.ValidationStop || start == stop)
        {
            throw new ThalwegException("[split] expected a fold to hold out that comes after the validation fold in order of time, got an "
                + "earlier or an empty one; choose a later one");
        }

        int[] rows = order[start..stop];
        Array.Sort(rows);
        return rows;
    }

    /// <summary>The validation rows of a fold: the last of them ends where the rows end.</summary>
    private static (int Start, int Stop) Fold(int end, int folds, int fold)
    {
        int size = end / (folds + 1), start = end - ((folds - fold) * size);
        return (start, start + size);
    }

    /// <summary>The place from which on rows of the same time as the one there begin.</summary>
    private static int StartOf(int[] order, double[] times, int start)
    {
        while (start > 0 && start < order.Length && times[order[start]].Equals(times[order[start - 1]]))
            start--;
        return start;
    }
}
