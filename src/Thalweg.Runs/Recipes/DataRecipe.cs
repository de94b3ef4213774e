using Thalweg.Data;

namespace Thalweg.Runs;

/// <summary>The data of a run.</summary>
public sealed record DataRecipe
{
    /// <summary>Name of built-in data, path of a file or folder, or <c>-</c> for the standard input; default <c>glyphs</c>.</summary>
    [Field(IsShorthand = true)]
    public string Source { get; init; } = "glyphs";

    /// <summary>Number of samples of built-in data, 10 or more; null, the default, as the data says.</summary>
    [Field(Least = 10)]
    public int? Samples { get; init; }

    /// <summary>Column to learn: name, 0-based number, or -1 for the last, the default.</summary>
    [Field(Hint = "column to learn: name, number from 0, or -1 for the last")]
    public string? Target { get; init; }

    /// <summary>What is to be learned; null, the default, by the target: strings, or at most 20 different whole numbers, are
    /// classes.</summary>
    public TargetKind? Task { get; init; }

    /// <summary>Columns to leave out; default none.</summary>
    [Field(Hint = "columns to leave out")]
    public ValueList<string>? IgnoredColumns { get; init; }

    /// <summary>Columns of numbers to treat as categories; default none.</summary>
    [Field(Hint = "columns of numbers to treat as categories")]
    public ValueList<string>? CategoricalColumns { get; init; }

    /// <summary>Weights of the classes in the training loss: <c>balanced</c>, or <c>yes=2,no=1</c>, 1 for those that are not named;
    /// default all alike.</summary>
    [Field(Hint = "balanced, or weights such as yes=2,no=1")]
    public string? ClassWeights { get; init; }

    /// <summary>Column with the weight of each sample in the loss, 0 or more; default all alike.</summary>
    [Field(Hint = "column with the weight of each sample")]
    public string? SampleWeight { get; init; }

    /// <summary>Whether the parts are not looked at for what training should not know: equal rows, columns that name the rows or hold the
    /// target, time that runs backwards; default false, they are.</summary>
    public bool SkipLeakageChecks { get; init; }

    /// <summary>Whether each note on the data and each warning of the run is an error; default false.</summary>
    public bool Strict { get; init; }

    /// <summary>How files are read.</summary>
    public ReadingRecipe Reading { get; init; } = new();

    /// <summary>How the rows are divided.</summary>
    public SplitRecipe Split { get; init; } = new();

    /// <summary>How the data are read, in the terms of <see cref="DataSource.Open"/>.</summary>
    /// <exception cref="ThalwegException">The test share is out of range.</exception>
    public DataOptions ToOptions() => Reading.ToOptions() with
    {
        Target = Target,
        Task = Task switch
        {
            TargetKind.Classification => LearningTask.Classification(),
            TargetKind.Regression => LearningTask.Regression(),
            _ => null,
        },
        TestPath = TestChoice.Read(Split.Test).Path,
        ValidationPath = TestChoice.Read(Split.Validation, SplitRecipe.ValidationField).Path,
        GroupColumn = Split.Group,
        TimeColumn = Split.Time,
        ChecksLeakage = !SkipLeakageChecks,
        IgnoredColumns = IgnoredColumns ?? [],
        CategoricalColumns = CategoricalColumns ?? [],
        SampleWeight = SampleWeight,
        SampleCount = Samples,
        Strict = Strict,
    };
}

/// <summary>What the target of a table or of images is.</summary>
public enum TargetKind
{
    /// <summary>One of several classes.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}

/// <summary>How files of data are read; what is null is detected.</summary>
public sealed record ReadingRecipe
{
    /// <summary>Names of all columns, for a file without a header.</summary>
    [Field(Hint = "names of all columns, for a file without a header")]
    public ValueList<string>? ColumnNames { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>What separates the cells of a text file: a character, <c>tab</c>, or <c>space</c> for runs of blanks.</summary>
    [Field(Words = ["tab", "space"], Characters = "\t ")]
    public char? Separator { get; init; }

    /// <summary>Character encoding of a text file: <c>utf-8</c>, <c>utf-16</c>, <c>windows-1252</c> or another that .NET knows.</summary>
    [Field(Hint = "utf-8, utf-16, windows-1252 or another")]
    public string? Encoding { get; init; }

    /// <summary>Character that begins a comment line, or <c>none</c>; null, the default, skips only lines before the table that cannot be
    /// rows.</summary>
    [Field(Words = ["none"], Characters = "\0")]
    public char? Comment { get; init; }

    /// <summary>Order of the axes of images in NumPy and IDX files.</summary>
    [Field(Words = ["channels-first", "channels-last"])]
    public ImageLayout? Layout { get; init; }

    /// <summary>Decimal mark of numbers: <c>point</c> or <c>comma</c>.</summary>
    [Field(Words = ["point", "comma"], Characters = ".,")]
    public char? DecimalMark { get; init; }

    /// <summary>Mark between groups of three digits: <c>comma</c>, <c>point</c>, <c>space</c> or <c>apostrophe</c>.</summary>
    [Field(Words = ["comma", "point", "space", "apostrophe"], Characters = ",. '")]
    public char? ThousandsMark { get; init; }

    /// <summary>Further words that stand for a missing value in every column.</summary>
    [Field(Hint = "further words for a missing value")]
    public ValueList<string>? MissingWords { get; init; }

    /// <summary>Most bytes that a packed file (gzip, .npz) may unpack to, as in <c>2GB</c>; see <see cref="DataSize.TryParse"/>. Default
    /// 16 GiB.</summary>
    [Field(Hint = "most bytes that a packed file may unpack to, as in 2GB")]
    public string? MaxSize { get; init; }

    /// <summary>The same in the terms of <see cref="DataSource.Open"/>.</summary>
    /// <exception cref="ThalwegException"><see cref="MaxSize"/> is no number of bytes.</exception>
    public DataOptions ToOptions() => WithMaxSize(new()
    {
        ColumnNames = ColumnNames,
        HasHeader = HasHeader,
        Separator = Separator,
        Encoding = Encoding,
        Comment = Comment,
        DecimalMark = DecimalMark,
        ThousandsMark = ThousandsMark,
        MissingWords = MissingWords ?? [],
        Layout = Layout,
    });

    private DataOptions WithMaxSize(DataOptions options) => MaxSize is null ? options : options with
    {
        MaxSize = DataSize.TryParse(MaxSize) ?? throw new ThalwegException(
            $"data.reading.max_size: expected a number of bytes, as in 500MB or 2GiB, got '{MaxSize}'; give one of 1 or more"),
    };
}

/// <summary>How the rows are divided into training, validation and test data.</summary>
public sealed record SplitRecipe
{
    internal const string ValidationField = "data.split.validation";

    /// <summary>The test data: a file, a share of the rows above 0 and at most 0.5, or <c>none</c>; null, the default, takes those that
    /// come with the data, else a tenth of the rows.</summary>
    [Field(Hint = "a file, a share of the rows, or none")]
    public string? Test { get; init; }

    /// <summary>The validation data: a file, a share of the rows above 0 and at most 0.5, or <c>none</c>, after which a run cannot stop early
    /// and keeps its last weights; default 0.1.</summary>
    public string? Validation { get; init; }

    /// <summary>Parts into which the rows that are no test data are divided for cross-validation, 2 or more, in place of
    /// <see cref="Validation"/>; default none.</summary>
    [Field(Least = 2)]
    public int? Folds { get; init; }

    /// <summary>How often they are divided anew, 1 or more; default 1.</summary>
    [Field(Least = 1)]
    public int? Repeats { get; init; }

    /// <summary>The fold that this run validates on, from 1; default all of them, a run for each: see
    /// <see cref="CrossValidation"/>.</summary>
    [Field(Least = 1)]
    public int? Fold { get; init; }

    /// <summary>The fold that is held out of both training and validation, from 1 and another than <see cref="Fold"/>: what a choice made by
    /// validation is judged on; default none.</summary>
    [Field(Least = 1)]
    public int? HoldoutFold { get; init; }

    /// <summary>The repeat whose folds this run has, from 1; default 1.</summary>
    [Field(Least = 1)]
    public int? Repeat { get; init; }

    /// <summary>Column whose rows of one value stay in one part; it is no feature. Default none.</summary>
    public string? Group { get; init; }

    /// <summary>Column with the time of each row: training rows come before validation rows, test rows last; default none.</summary>
    public string? Time { get; init; }

    /// <summary>Rows that are left out between parts in order of time, 0 or more; default 0.</summary>
    [Field(Least = 0)]
    public int? Gap { get; init; }

    /// <summary>Rows to use at most, 10 or more, separate test data left aside; drawn by seed, evenly for each class; default
    /// all.</summary>
    [Field(Least = 10)]
    public int? Limit { get; init; }

    /// <summary>Seed of the division; default that of the recipe.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The same in the terms of <see cref="DataSource.Split"/>.</summary>
    /// <param name="seed">Seed of the recipe.</param>
    /// <exception cref="ThalwegException">The test share is out of range.</exception>
    public SplitOptions ToOptions(ulong seed)
    {
        if (Fold > Folds || Repeat > (Repeats ?? 1) || (Folds is null && (Fold ?? Repeat ?? Repeats ?? HoldoutFold) is not null))
        {
            throw new ThalwegException($"data.split.fold: expected a fold and a repeat that data.split.folds and data.split.repeats have, "
                + $"got fold {Fold ?? 1} of {Folds ?? 0} and repeat {Repeat ?? 1} of {Repeats ?? 1}; correct them");
        }

        if (Folds is not null && Validation is not null)
        {
            throw new ThalwegException(
                "data.split.validation and data.split.folds contradict each other: the folds are the validation data; leave one out");
        }

        SplitOptions options = TestChoice.Read(Test).Division(Seed ?? seed, Limit);
        return options with
        {
            ValidationFraction = TestChoice.Read(Validation, ValidationField).Share ?? options.ValidationFraction,
            Folds = Folds,
            Fold = (Fold ?? 1) - 1,
            HoldoutFold = HoldoutFold - 1,
            Repeat = (Repeat ?? 1) - 1,
            Gap = Gap ?? 0,
        };
    }
}
