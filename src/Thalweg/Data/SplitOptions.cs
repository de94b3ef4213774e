namespace Thalweg.Data;

/// <summary>How a source is divided into training, validation and test data.</summary>
public sealed record SplitOptions
{
    /// <summary>Seed of the division; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Part of the rows for validation, above 0 and at most 0.5; default 0.1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Part of the rows for the test, 0 to 0.5; default 0.1; 0 makes no test set. Not used where separate test data are.</summary>
    public double TestFraction { get; init; } = 0.1;

    /// <summary>Whether test data that are separate from the rest are the test set; default true. False leaves them aside, and takes
    /// <see cref="TestFraction"/> of the rows.</summary>
    public bool UseSeparateTest { get; init; } = true;

    /// <summary>Rows to use at most, separate test data left aside, 10 or more; they are drawn by seed, evenly for each class. Null, the
    /// default, uses all.</summary>
    public int? Limit { get; init; }

    internal void Validate()
    {
        if (Limit < 10)
            throw new ThalwegException($"[split] limit must be 10 rows or more, got {Limit}; leave it out to use all");
        if (!(ValidationFraction > 0 && ValidationFraction <= 0.5))
            throw new ThalwegException($"[split] validation fraction must be above 0 and at most 0.5, got {ValidationFraction}; "
                + "0.1 is usual");
        if (!(TestFraction >= 0 && TestFraction <= 0.5))
            throw new ThalwegException($"[split] test fraction must be between 0 and 0.5, got {TestFraction}; 0.1 is usual");
        if (ValidationFraction + TestFraction > 0.9)
            throw new ThalwegException($"[split] {ValidationFraction} for validation and {TestFraction} for the test leave too little "
                + "to train on; give both 0.1");
    }
}
