namespace Thalweg.Data;

/// <summary>How a data set is to be read; every property may be left out, and is then detected at the data.</summary>
public sealed record DataOptions
{
    /// <summary>Read into memory a table takes up to ten times its file, and training has to live there as well.</summary>
    private const int ShareInMemory = 32;

    /// <summary>Column to learn, by name, by 0-based index ("3"), or counted from the end ("-1", the default).</summary>
    public string? Target { get; init; }

    /// <summary>Names of all columns for a text file without a header; null keeps the names c0, c1, ...</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Whether the first row of a text file names the columns; null detects it.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>Separator of a text file: ',', ';', '|', tab, ' ' for runs of blanks, or another character of ASCII; null finds
    /// out.</summary>
    public char? Separator { get; init; }

    /// <summary>Character encoding of a text file: "utf-8", "utf-16", "windows-1252" or another name that .NET knows; null finds
    /// out.</summary>
    /// <remarks>Found are UTF-8, UTF-16 and UTF-32 by a byte order mark, UTF-8 and UTF-16 without one, and Windows-1252 where a text is not
    /// valid UTF-8. The whole file is checked before its first row counts, also for an encoding that is given.</remarks>
    public string? Encoding { get; init; }

    /// <summary>Character that begins a line of comment anywhere in a text file, such as '#': such lines are skipped.</summary>
    /// <remarks>Null (the default) skips lines before the table alone, where they begin with #, % or // and cannot be rows of it, with a
    /// note; '\0' skips none.</remarks>
    public char? Comment { get; init; }

    /// <summary>Decimal mark of numbers in a text file: '.' or ','; null detects it.</summary>
    public char? DecimalMark { get; init; }

    /// <summary>Mark between groups of three digits in a text file, such as ',', '.', ' ' or '\''; null detects it.</summary>
    public char? ThousandsMark { get; init; }

    /// <summary>Further words that stand for a missing value, in every column of a text file.</summary>
    public IReadOnlyList<string> MissingWords { get; init; } = [];

    /// <summary>Order of the axes of images in an array of four axes; null detects it.</summary>
    /// <remarks>Found by looking: an axis of 1, 3 or 4 places holds the channels. Where the first and the last axis of an image both fit,
    /// the array is refused until this says which; where neither does, the channels come first, with a note. New data are read in the order of
    /// the training data, or in the other one where only that gives their shape. Anything but four axes is refused.</remarks>
    public ImageLayout? Layout { get; init; }

    /// <summary>Whether each note on the reading is an error; default false.</summary>
    public bool Strict { get; init; }

    /// <summary>Column with the weight of each sample, a number of at least 0, named as <see cref="Target"/> is; null weighs all alike.</summary>
    public string? SampleWeight { get; init; }

    /// <summary>Column whose rows of one value stay in one part, named as <see cref="Target"/> is, such as the patient of each measurement;
    /// it is no feature. Null, the default, for none.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Column with the time of each row, a number or a date, named as <see cref="Target"/> is: rows are divided in its order,
    /// training first, then validation, then test. It is a feature like others. Null, the default, for none.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Whether the parts are looked at for what training should not know: equal rows, columns that name the rows or hold the target,
    /// time that runs backwards. Default true; it says nothing where there is nothing to say.</summary>
    public bool ChecksLeakage { get; init; } = true;

    /// <summary>What is learned: <see cref="LearningTask.Classification"/> without names, or <see cref="LearningTask.Regression()"/>; null
    /// decides by the target: text, or at most 20 different integers, are classes.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>Whether a target of numbers is learned with mean 0 and standard deviation 1 over the training rows; default true. False learns
    /// it in its own unit, as losses such as <see cref="Losses.PoissonLoss"/> and output activations want it.</summary>
    public bool StandardizeTarget { get; init; } = true;

    /// <summary>File with separate test data in the same layout; null takes the test data from the source itself.</summary>
    public string? TestPath { get; init; }

    /// <summary>File with separate validation data in the same layout; null, the default, takes a share of the rows.</summary>
    public string? ValidationPath { get; init; }

    /// <summary>Columns to leave out, named as <see cref="Target"/> is.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; init; } = [];

    /// <summary>Columns to treat as categories even where they hold numbers, named as <see cref="Target"/> is.</summary>
    public IReadOnlyList<string> CategoricalColumns { get; init; } = [];

    /// <summary>Bytes of a file above which its rows stay on the disk: plain IDX and .npy files are mapped, tables go through a temporary
    /// file.</summary>
    /// <remarks>Null takes a 32nd of the memory that the process may use. The trained bits are the same either way.</remarks>
    public long? InMemoryLimit { get; init; }

    /// <summary>Most bytes that a packed file (gzip, .npz) may unpack to, 1 or more; default 16 GiB.</summary>
    /// <remarks>A packed file is unpacked as it is read, and refused where it goes beyond: a small file must not fill memory or disk. Files
    /// that are not packed are as large as they are.</remarks>
    public long MaxSize { get; init; } = 1L << 34;

    /// <summary>Number of samples of a built-in data set, 10 to 10,000,000; null takes its default.</summary>
    public int? SampleCount { get; init; }

    /// <summary>Seed of a built-in data set; default 1. Sample i depends on the seed and i alone.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether data of a size are to stay on the disk.</summary>
    /// <param name="bytes">Size, unpacked.</param>
    internal bool IsLarge(long bytes) => bytes > (InMemoryLimit ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareInMemory));
}
