namespace Thalweg.Data;

/// <summary>How the cells of a column are to be read.</summary>
internal enum ReadingKind
{
    /// <summary>By looking: numbers, dates or texts.</summary>
    Find,

    /// <summary>Numbers; a word that stands for nothing is an error.</summary>
    Numbers,

    /// <summary>Dates; another text is an error.</summary>
    Dates,

    /// <summary>Texts as they are written.</summary>
    Texts,

    /// <summary>Not at all.</summary>
    Skip,
}

/// <summary>How the cells of a column are to be read.</summary>
/// <param name="Kind">As what.</param>
internal sealed record ColumnReading(ReadingKind Kind)
{
    public static readonly ColumnReading Find = new(ReadingKind.Find);

    public static readonly ColumnReading Skip = new(ReadingKind.Skip);

    public static readonly ColumnReading Texts = new(ReadingKind.Texts);

    /// <summary>How numbers are written.</summary>
    public NumberMarks Marks { get; init; } = NumberMarks.Plain;

    /// <summary>Order of the parts of dates.</summary>
    public DateOrder Order { get; init; }

    /// <summary>Of <see cref="ReadingKind.Find"/>: whether numbers are kept as they are written, too.</summary>
    public bool KeepsTexts { get; init; }

    /// <summary>Of <see cref="ReadingKind.Texts"/>: whether the texts are those of numbers or dates, so that the usual words stand
    /// for missing values.</summary>
    public bool AreNumbers { get; init; }

    /// <summary>What an error says of a cell that is no number: where the expectation comes from.</summary>
    public string Reason { get; init; } = "as in the training data";

    /// <summary>Numbers with some marks.</summary>
    public static ColumnReading Numbers(NumberMarks marks) => new(ReadingKind.Numbers) { Marks = marks };

    /// <summary>Dates of an order.</summary>
    public static ColumnReading Dates(DateOrder order) => new(ReadingKind.Dates) { Order = order };
}
