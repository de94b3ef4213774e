namespace Thalweg.Data;

/// <summary>Divides rows by seed, evenly for each class; by groups, or in order of time, where that was asked for.</summary>
internal static class Splitter
{
    /// <summary>Divides rows 0 .. Count - 1.</summary>
    /// <param name="rows">What is known of the rows.</param>
    /// <param name="options">Seed, fractions and folds.</param>
    /// <exception cref="ThalwegException">There are too few rows, or groups, or options contradict each other.</exception>
    public static SplitParts Split(SplitRows rows, SplitOptions options)
    {
        options.Validate();
        if (rows.IsTestGiven)
            options = options with { TestFraction = 0 };
        if (rows.IsValidationGiven && options.Folds is not null)
            throw new ThalwegException($"{rows.Place}: folds and separate validation data contradict each other; leave one out");
        if (rows.IsValidationGiven)
            options = options with { ValidationFraction = 0 };
        if (rows is { Groups: not null, Times: not null })
            throw new ThalwegException($"{rows.Place}: expected rows to be divided by groups or in order of time, got both; leave one out");
        if (rows.Times is null && options.Gap > 0)
        {
            throw new ThalwegException($"{rows.Place}: a gap of {options.Gap} rows lies between parts in order of time; give the column of "
                + "the time too, or leave the gap out");
        }

        if (options.Limit is not null && (rows.Times ?? (object?)rows.Groups) is not null)
        {
            throw new ThalwegException($"{rows.Place}: expected all rows to be divided by groups or time, got a limit of {options.Limit}; "
                + "leave it out");
        }

        return rows.Times is not null ? TimeSplitter.Split(rows, options)
            : rows.Groups is not null ? GroupSplitter.Split(rows, options)
            : options.Folds is { } folds ? Folds(rows, options, folds)
            : Shares(rows, options);
    }

    /// <summary>Sorts the rows of each part.</summary>
    public static SplitParts Sorted(List<int> training, List<int> validation, List<int> test) =>
        new(Sorted(training), Sorted(validation), Sorted(test));

    /// <summary>The error for too few rows.</summary>
    public static ThalwegException TooFew(SplitRows rows, int kept, SplitOptions options)
    {
        bool hasValidation = options.Folds is not null || options.ValidationFraction > 0, hasTest = options.TestFraction > 0;
        double least = new[] { options.Folds is { } folds ? 1.0 / folds : options.ValidationFraction, options.TestFraction }
            .Where(share => share > 0).DefaultIfEmpty(1).Min();
        string parts = (hasValidation, hasTest) switch
        {
            (true, true) => "training, validation and test data",
            (true, false) => "training, validation data",
            _ => "training, test data",
        };
        return new ThalwegException($"{rows.Place}: {kept} rows are too few to divide into {parts}; "
            + $"give at least {Math.Ceiling(1 / least):0} rows");
    }

    private static SplitParts Shares(SplitRows rows, SplitOptions options)
    {
        double testFraction = options.TestFraction;
        List<int> training = [], validation = [], test = [];
        double testDue = 0, validationDue = 0, keptDue = 0, share = Math.Min(1, (double)(options.Limit ?? rows.Count) / rows.Count);
        int stratum = 0, kept = 0;
        foreach (int[] all in Strata(rows.Count, rows.Labels))
        {
            new RandomStream(options.Seed, RandomPurpose.Split, (ulong)stratum++).Shuffle(all.AsSpan());
            keptDue += all.Length * share;
            int keep = Math.Clamp((int)Math.Floor(keptDue + 1e-9) - kept, 1, all.Length);
            kept += keep;
            int[] own = all[..keep];

            // What is due adds up over classes, so that many classes of few rows each still give both parts their share;
            // one row of every class stays in training.
            testDue += own.Length * testFraction;
            validationDue += own.Length * options.ValidationFraction;
            int testTake = Math.Clamp((int)Math.Floor(testDue + 1e-9) - test.Count, 0, own.Length - 1);
            int validationTake = Math.Clamp((int)Math.Floor(validationDue + 1e-9) - validation.Count, 0, own.Length - 1 - testTake);
            test.AddRange(own.AsSpan(0, testTake));
            validation.AddRange(own.AsSpan(testTake, validationTake));
            training.AddRange(own.AsSpan(testTake + validationTake));
        }

        if ((validation.Count == 0 && options.ValidationFraction > 0) || (testFraction > 0 && test.Count == 0))
            throw TooFew(rows, kept, options);
        return Sorted(training, validation, test);
    }

    /// <summary>The test rows are those of the division without folds; of the others each class is dealt out in turn, so that folds differ
    /// by at most one row, and of each class by at most one.</summary>
    private static SplitParts Folds(SplitRows rows, SplitOptions options, int folds)
    {
        SplitParts outer = Shares(rows, options with { Folds = null, ValidationFraction = 0 });
        int[]? labels = rows.Labels is null ? null : [.. outer.Training.Select(row => rows.Labels[row])];
        if (outer.Training.Length < folds)
            throw TooFew(rows, outer.Training.Length, options);
        List<int> training = [], validation = [], holdout = [];
        int stratum = 0, dealt = 0;
        foreach (int[] own in Strata(outer.Training.Length, labels))
        {
            new RandomStream(options.Seed, RandomPurpose.Split, IndexOf(options.Repeat, stratum++)).Shuffle(own.AsSpan());
            foreach (int location in own)
            {
                int fold = dealt++ % folds;
                (fold == options.Fold ? validation : fold == options.HoldoutFold ? holdout : training).Add(outer.Training[location]);
            }
        }

        return new SplitParts(Sorted(training), Sorted(validation), outer.Test)
        {
            Holdout = options.HoldoutFold is null ? null : Sorted(holdout),
        };
    }

    /// <summary>Index of a stream of a division into folds; those of other divisions lie below.</summary>
    internal static ulong IndexOf(int repeat, int stratum) => ((ulong)(repeat + 1) << 32) + (ulong)stratum;

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
