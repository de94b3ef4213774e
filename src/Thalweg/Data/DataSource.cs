namespace Thalweg.Data;

/// <summary>Raw data to train on: a table or an array of images, from a file, a directory or drawn by the project.</summary>
public abstract class DataSource
{
    private protected DataSource(string name) => Name = name;

    /// <summary>Name or path by which it was opened.</summary>
    public string Name { get; }

    /// <summary>Number of rows (samples) without those of separate test data.</summary>
    public abstract int Count { get; }

    /// <summary>Whether test data comes from elsewhere, so that <see cref="TestSet.SourceRows"/> are not rows of this source.</summary>
    public abstract bool HasSeparateTest { get; }

    /// <summary>Opens data by the name of a built-in set, or by the path of a file or directory whose format is detected.</summary>
    /// <remarks>A built-in name comes first: ./moons means a file of that name. What is larger than
    /// <see cref="DataOptions.InMemoryLimit"/> stays on the disk:
    /// plain IDX and .npy files are mapped into memory, tables are read once and go through a temporary file, in the folder that
    /// THALWEG_SCRATCH names.
    /// A .npy file of images takes its labels from the file beside it: images.npy and labels.npy, x.npy and y.npy, x_train.npy and
    /// y_train.npy. Arrays hold numbers of any type up to 64 bits, in either order of bytes; labels may be texts. Values are standardized in
    /// double precision before they are narrowed to single precision; labels and exported rows keep every integer. Images may have their
    /// channels first or last (<see cref="DataOptions.Layout"/>).</remarks>
    /// <param name="nameOrPath">Name of one of <see cref="BuiltInData.All"/>, such as glyphs or moons; a text table (.csv, .data,
    /// .txt, also packed by gzip); an IDX file;
    /// a directory with the four files of MNIST; a NumPy .npy or .npz file; a pipe; or - for the standard input. The last two go through
    /// a temporary file.</param>
    /// <param name="options">What is given rather than detected; null detects all.</param>
    /// <returns>The data, read but not yet divided.</returns>
    /// <exception cref="ThalwegException">The data is missing, damaged, or does not fit the options; see the message.</exception>
    public static DataSource Open(string nameOrPath, DataOptions? options = null)
    {
        PipeCopies.Forget(nameOrPath);
        PipeCopies.Forget(options?.TestPath);
        PipeCopies.Forget(options?.ValidationPath);
        return FormatDetector.Open(nameOrPath, options ?? new DataOptions());
    }

    /// <summary>How the data were read, and what each column of a table is taken for when all rows are looked at.</summary>
    /// <remarks>What training makes of them is reported by <see cref="Preprocessing.Reading"/>, which looks at training rows alone.</remarks>
    public abstract ReadingReport Reading { get; }

    /// <summary>Says what the source holds.</summary>
    /// <returns>Columns, classes, missing values and notes.</returns>
    public abstract DataDescription Describe();

    /// <summary>Divides the rows by seed, evenly for each class, and fits the preprocessing to the training rows alone.</summary>
    /// <param name="options">Seed and fractions; null takes the defaults.</param>
    /// <returns>Preprocessing and the three sets.</returns>
    /// <exception cref="ThalwegException">Too few rows, no usable column, or nothing to learn: the message says which.</exception>
    public abstract DataSplit Split(SplitOptions? options = null);

    /// <summary>Writes rows as they came, as CSV with a header; the target is one of the columns.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="rows">0-based rows, such as <see cref="TestSet.SourceRows"/>.</param>
    public abstract void WriteCsv(TextWriter writer, ReadOnlySpan<int> rows);

    /// <summary>Writes rows as they came, as a pair of IDX files; for images of bytes alone.</summary>
    /// <param name="images">Where the images go.</param>
    /// <param name="labels">Where the labels go.</param>
    /// <param name="rows">0-based rows.</param>
    /// <exception cref="ThalwegException">The data are no images of bytes: write CSV.</exception>
    public virtual void WriteIdx(Stream images, Stream labels, ReadOnlySpan<int> rows) =>
        throw new ThalwegException($"{Name}: only images of bytes can be written as IDX; write CSV instead");

    /// <summary>All rows, for the methods that write.</summary>
    /// <returns>0 .. <see cref="Count"/> - 1.</returns>
    public int[] AllRows() => Dataset.AllRows(Count);

    /// <summary>Fingerprint of the rows that are read where the source is given as new data.</summary>
    internal abstract string FingerprintOfNew();

    internal abstract PreparedReader OpenReader(Preprocessing preprocessing, bool requireTarget);
}
