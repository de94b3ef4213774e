namespace Thalweg.Data;

/// <summary>How a source is divided into training, validation and test data.</summary>
public sealed record SplitOptions
{
    /// <summary>Seed of the division; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Part of the rows for validation, 0 to 0.5; default 0.1; 0 makes no validation set. Not used where there are
    /// <see cref="Folds"/> or separate validation data.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Part of the rows for the test, 0 to 0.5; default 0.1; 0 makes no test set. Not used where separate test data are.</summary>
    public double TestFraction { get; init; } = 0.1;

    /// <summary>Whether test data that are separate from the rest are the test set; default true. False leaves them aside, and takes
    /// <see cref="TestFraction"/> of the rows.</summary>
    public bool UseSeparateTest { get; init; } = true;

    /// <summary>Rows to use at most, separate test data left aside, 10 or more; they are drawn by seed, evenly for each class. Null, the
    /// default, uses all.</summary>
    public int? Limit { get; init; }

    /// <summary>Parts into which the rows that are no test data are divided for cross-validation, 2 or more; null, the default, for
    /// none.</summary>
    public int? Folds { get; init; }

    /// <summary>Which of the <see cref="Folds"/> is the validation set, from 0; default 0. The others are trained on; in order of time those
    /// before it.</summary>
    public int Fold { get; init; }

    /// <summary>Which of the <see cref="Folds"/> is held out of both training and validation, from 0 and another than <see cref="Fold"/>, in
    /// order of time a later one: rows on which a choice that was made by validation is judged. Null, the default, for none.</summary>
    public int? HoldoutFold { get; init; }

    /// <summary>Which division into folds, from 0, where cross-validation is repeated with other folds; default 0. The test set stays the
    /// same.</summary>
    public int Repeat { get; init; }

    /// <summary>Rows that are left out between the parts, where they are divided in order of time, 0 or more; default 0. For features or
    /// targets that reach over several rows, such as sums of a week.</summary>
    public int Gap { get; init; }

    internal void Validate()
    {
        if (Folds is { } folds && (folds < 2 || Fold < 0 || Fold >= folds))
        {
            throw new ThalwegException($"[split] expected 2 or more folds and a fold from 0 to their number - 1, got fold {Fold} of "
                + $"{folds}; 5 folds are usual");
        }

        if (HoldoutFold is { } holdout && (Folds is null || holdout < 0 || holdout >= Folds || holdout == Fold || Folds < 3))
        {
            throw new ThalwegException($"[split] expected a fold to hold out that is one of 3 folds or more and not the validation fold, got "
                + $"fold {holdout} of {Folds ?? 0} with validation fold {Fold}; choose another");
        }

        if (Repeat < 0 || Gap < 0)
            throw new ThalwegException($"[split] expected a repeat and a gap of 0 or more, got {Repeat} and {Gap}; correct them");

        if (Limit < 10)
            throw new ThalwegException($"[split] limit must be 10 rows or more, got {Limit}; leave it out to use all");
        if (!(ValidationFraction >= 0 && ValidationFraction <= 0.5))
        {
            throw new ThalwegException($"[split] validation fraction must be between 0 and 0.5, got {ValidationFraction}; "
                + "0.1 is usual");
        }

        if (!(TestFraction >= 0 && TestFraction <= 0.5))
            throw new ThalwegException($"[split] test fraction must be between 0 and 0.5, got {TestFraction}; 0.1 is usual");
        if (ValidationFraction + TestFraction > 0.9)
        {
            throw new ThalwegException($"[split] {ValidationFraction} for validation and {TestFraction} for the test leave too little "
                + "to train on; give both 0.1");
        }
    }
}
