namespace Thalweg.Data;

/// <summary>Where the samples of a model came from and how they were divided: enough to find the rows again that training
/// did not see.</summary>
public sealed record DataOrigin
{
    /// <summary>Name or path by which the data were opened.</summary>
    public required string Place { get; init; }

    /// <summary>How they were read.</summary>
    public required DataOptions Reading { get; init; }

    /// <summary>How they were divided.</summary>
    public required SplitOptions Split { get; init; }

    /// <summary>Number of training samples.</summary>
    public required int TrainingCount { get; init; }

    /// <summary>Number of validation samples.</summary>
    public required int ValidationCount { get; init; }

    /// <summary>Number of test samples; 0 where there are none.</summary>
    public required int TestCount { get; init; }

    /// <summary>Makes the record of a division.</summary>
    /// <param name="location">Name or path by which the data were opened.</param>
    /// <param name="reading">How they were read.</param>
    /// <param name="how">How they were divided.</param>
    /// <param name="split">The parts.</param>
    public static DataOrigin Of(string location, DataOptions reading, SplitOptions how, DataSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return new DataOrigin
        {
            Place = location,
            Reading = reading,
            Split = how,
            TrainingCount = split.Training.Data.Count,
            ValidationCount = split.Validation.Data.Count,
            TestCount = split.Test?.Count ?? 0,
        };
    }

    /// <summary>Opens the data and divides them again as they were.</summary>
    /// <param name="preprocessing">That of the model, which shows whether the data are still the same.</param>
    /// <param name="location">Where the data lie now; default null, where they lay.</param>
    /// <returns>The same parts: the test set holds exactly the rows that training and validation did not see.</returns>
    /// <exception cref="ThalwegException">The data are not there, or are not what they were: the message says what to do.</exception>
    public DataSplit Open(Preprocessing preprocessing, string? location = null)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        string now = location ?? Place;
        DataSplit split = DataSource.Open(now, Reading).Split(Split);
        (int, int, int) was = (TrainingCount, ValidationCount, TestCount);
        (int, int, int) found = (split.Training.Data.Count, split.Validation.Data.Count, split.Test?.Count ?? 0);
        if (was != found)
        {
            throw new ThalwegException(
                $"{now}: expected {was} training, validation and test rows as when the model was trained, got {found}; give the data it " +
                "was trained on");
        }

        return Fingerprint(split.Preprocessing) == Fingerprint(preprocessing)
            ? split
            : throw new ThalwegException(
                $"{now}: expected the data that the model was trained on, got other values in the training rows; bring the old data back");
    }

    /// <summary>What was fitted to the training rows, as text.</summary>
    private static string Fingerprint(Preprocessing preprocessing) => new Preprocessing
    {
        Task = preprocessing.Task,
        FeatureShape = preprocessing.FeatureShape,
        Target = preprocessing.Target,
        Columns = preprocessing.Columns,
        Image = preprocessing.Image,
    }.ToJson();
}
