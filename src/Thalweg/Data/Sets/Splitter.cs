namespace Thalweg.Data;

/// <summary>Divides rows by seed, evenly for each class.</summary>
internal static class Splitter
{
    /// <summary>Rows of each part, ascending.</summary>
    public readonly record struct Parts(int[] Training, int[] Validation, int[] Test);

    /// <summary>Divides rows 0 .. <paramref name="count"/> - 1.</summary>
    /// <param name="location">What is divided, for errors.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="labels">Class of each row, or null for an even split of all.</param>
    /// <param name="options">Seed and fractions.</param>
    /// <param name="testGiven">Whether test data is separate, so that none is taken here.</param>
    public static Parts Split(string location, int count, int[]? labels, SplitOptions options, bool testGiven)
    {
        options.Validate();
        double testFraction = testGiven ? 0 : options.TestFraction;
        List<int> training = [], validation = [], test = [];
        double testDue = 0, validationDue = 0, keptDue = 0, share = Math.Min(1, (double)(options.Limit ?? count) / count);
        int stratum = 0, kept = 0;
        foreach (int[] all in Strata(count, labels))
        {
            new RandomStream(options.Seed, RandomPurpose.Split, (ulong)stratum++).Shuffle(all.AsSpan());
            keptDue += all.Length * share;
            int keep = Math.Clamp((int)Math.Floor(keptDue + 1e-9) - kept, 1, all.Length);
            kept += keep;
            int[] rows = all[..keep];

            // What is due adds up over classes, so that many classes of few rows each still give both parts their share;
            // one row of every class stays in training.
            testDue += rows.Length * testFraction;
            validationDue += rows.Length * options.ValidationFraction;
            int testTake = Math.Clamp((int)Math.Floor(testDue + 1e-9) - test.Count, 0, rows.Length - 1);
            int validationTake = Math.Clamp((int)Math.Floor(validationDue + 1e-9) - validation.Count, 0, rows.Length - 1 - testTake);
            test.AddRange(rows.AsSpan(0, testTake));
            validation.AddRange(rows.AsSpan(testTake, validationTake));
            training.AddRange(rows.AsSpan(testTake + validationTake));
        }

        if (validation.Count == 0 || (testFraction > 0 && test.Count == 0))
        {
            throw new ThalwegException($"{location}: {kept} rows are too few to divide into training, validation"
                + $"{(testFraction > 0 ? " and test" : "")} data; "
                + $"give at least {Math.Ceiling(1 / SmallestPart(options, testFraction)):0} rows");
        }

        return new Parts(Sorted(training), Sorted(validation), Sorted(test));
    }

    private static double SmallestPart(SplitOptions options, double testFraction) =>
        testFraction > 0 ? Math.Min(options.ValidationFraction, testFraction) : options.ValidationFraction;

    private static IEnumerable<int[]> Strata(int count, int[]? labels)
    {
        if (labels is null)
            return [Dataset.AllRows(count)];

        SortedDictionary<int, List<int>> strata = [];
        for (int row = 0; row < count; row++)
        {
            if (!strata.TryGetValue(labels[row], out List<int>? rows))
                strata[labels[row]] = rows = [];
            rows.Add(row);
        }

        return strata.Values.Select(rows => rows.ToArray());
    }

    private static int[] Sorted(List<int> rows)
    {
        rows.Sort();
        return [.. rows];
    }
}
