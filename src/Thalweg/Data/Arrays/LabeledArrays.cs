namespace Thalweg.Data;

/// <summary>Features with their labels, and separate test data where there is some.</summary>
/// <param name="Features">The items.</param>
/// <param name="Labels">One label per item; null where there are none.</param>
/// <param name="TestFeatures">Items for the test; null where there are none.</param>
/// <param name="TestLabels">Their labels.</param>
internal sealed record LabeledArrays(
    ArrayData Features, TableColumn? Labels, ArrayData? TestFeatures = null, TableColumn? TestLabels = null)
{
    /// <summary>Refuses features that are texts.</summary>
    /// <param name="location">The file.</param>
    public void CheckNumbers(string location)
    {
        if (Features.Format.IsText || TestFeatures is { Format.IsText: true })
        {
            throw new ThalwegException($"{location}: expected numbers as features, got texts; only labels may be texts: "
                + "write a table of texts as CSV");
        }
    }

    /// <summary>Refuses labels that are more or fewer than the items.</summary>
    public static void CheckCounts(string location, int count, string? labelsLocation, TableColumn? labels)
    {
        if (labels is not null && labels.Count != count)
        {
            throw new ThalwegException($"{location}: {count} items, but {labels.Count} labels in {labelsLocation ?? "the same file"}; "
                + "the files do not belong together");
        }
    }

    /// <summary>Refuses items without a label: images are not left out one by one, as rows of a table are.</summary>
    public static void CheckPresent(string location, TableColumn labels)
    {
        int first = 0;
        while (first < labels.Count && !IsAbsent(first))
            first++;
        if (first < labels.Count)
        {
            throw new ThalwegException($"{location}: expected a label for each item, item {first} has none or an infinite one; "
                + "leave such items out of both arrays");
        }

        bool IsAbsent(int row) => labels.Numbers is { } numbers ? !double.IsFinite(numbers[row]) : labels.IsMissing(row);
    }
}
