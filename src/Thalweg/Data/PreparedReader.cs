namespace Thalweg.Data;

/// <summary>Reads new data block by block and applies a stored preprocessing, for evaluation and prediction.</summary>
/// <remarks>Text and IDX files are streamed: memory does not grow with the file.</remarks>
public abstract class PreparedReader : IDisposable
{
    /// <summary>Rows per block.</summary>
    public const int BlockRows = 1024;

    private readonly PreparedBlock _block = new();
    private long _rows;
    private Func<string>? _fingerprint;

    private protected PreparedReader(string location, Preprocessing preprocessing, bool requireTarget)
    {
        Location = location;
        Preprocessing = preprocessing;
        RequireTarget = requireTarget;
    }

    /// <summary>The preprocessing that is applied.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Columns of the data that the model does not know and that are passed over.</summary>
    public IReadOnlyList<string> IgnoredColumns { get; private protected init; } = [];

    /// <summary>Categories so far that training never saw, by column; they count as other rare ones do, or as none.</summary>
    public virtual IReadOnlyList<UnseenCategories> UnseenCategories => [];

    /// <summary>What is to be known of the rows so far: how the file was read, columns left out or matched in another case, categories and
    /// missing values that training did not have.</summary>
    public IReadOnlyList<DataNote> Notes =>
    [
        .. FindNotes(),
        .. SkippedRows > 0
            ? [new DataNote("skipped", $"{SkippedRows:#,0} row{(SkippedRows == 1 ? "" : "s")} without a target left out")]
            : Array.Empty<DataNote>(),
    ];

    /// <summary>Rows that were left out so far because they lack a target.</summary>
    public int SkippedRows { get; private protected set; }

    private protected string Location { get; }

    private protected bool RequireTarget { get; }

    /// <summary>Opens new data in any format that <see cref="DataSource.Open"/> reads.</summary>
    /// <param name="nameOrPath">Name of a built-in set, file or directory; of several parts, the test part is read.</param>
    /// <param name="preprocessing">The preprocessing of the model.</param>
    /// <param name="requireTarget">True to evaluate: the target must be there; false to predict: it is not looked at.</param>
    /// <param name="options">Layout of a text file, where given; null detects it.</param>
    /// <returns>A reader at the first row.</returns>
    /// <exception cref="ThalwegException">The data is missing or damaged, or lacks columns: the message names them. With
    /// <see cref="DataOptions.Strict"/> the data are read through once, and the first note is an error.</exception>
    public static PreparedReader Open(string nameOrPath, Preprocessing preprocessing, bool requireTarget, DataOptions? options = null)
    {
        PipeCopies.Forget(nameOrPath);
        options ??= new DataOptions();
        if (options.Strict)
        {
            using PreparedReader whole = FormatDetector.OpenReader(nameOrPath, preprocessing, requireTarget, options);
            whole.RefuseNotes();
        }

        PreparedReader reader = FormatDetector.OpenReader(nameOrPath, preprocessing, requireTarget, options);
        reader._fingerprint = () => RowFingerprint.OfData(nameOrPath, options);
        return reader;
    }

    /// <summary>Reads to the end and refuses the first note.</summary>
    private void RefuseNotes()
    {
        while (Read() is not null)
        {
        }

        StrictReading.Check(Location, Notes);
    }

    /// <summary>Reads the next rows.</summary>
    /// <returns>A block that is valid until the next call, or null at the end.</returns>
    /// <exception cref="ThalwegException">A cell does not fit: the message names line and column.</exception>
    public PreparedBlock? Read()
    {
        if (!Fill(_block, _rows))
            return null;
        _rows += _block.Count;
        return _block;
    }

    /// <summary>Reads everything that is left.</summary>
    /// <returns>A data set with labels or targets; one without them where the target is not read.</returns>
    /// <exception cref="ThalwegException">There are no rows, or a cell does not fit.</exception>
    public Dataset ReadAll()
    {
        List<float> features = [];
        List<int> labels = [];
        List<float> targets = [];
        int count = 0;
        while (Read() is { } block)
        {
            if (features.Count + (long)block.Features.Length > Array.MaxLength)
                throw new ThalwegException($"{Location}: more data than fits into memory at once; read it block by block");
            features.AddRange(block.Features);
            labels.AddRange(block.Labels);
            targets.AddRange(block.Targets);
            count += block.Count;
        }

        if (count == 0)
            throw new ThalwegException($"{Location}: no rows {(SkippedRows > 0 ? "have a target" : "are there")}; expected at least one");
        FloatFeatures store = new([.. features], Preprocessing.FeatureWidth);
        bool isClassification = Preprocessing.Task.HasClasses;
        return new Dataset(
            store, Dataset.AllRows(count), Preprocessing,
            RequireTarget && isClassification ? [.. labels] : null, RequireTarget && !isClassification ? [.. targets] : null);
    }

    /// <summary>Reads everything that is left as test data, known by the rows of the file as they came.</summary>
    /// <returns>The test data, which give their samples for a reason alone.</returns>
    /// <exception cref="ThalwegException">There are no rows, or a cell does not fit.</exception>
    public TestSet ReadTestSet() => _fingerprint is null ? new TestSet(ReadAll()) : new TestSet(ReadAll(), _fingerprint);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected abstract bool Fill(PreparedBlock block, long firstRow);

    private protected virtual IEnumerable<DataNote> FindNotes() => [];

    private protected virtual void Dispose(bool disposing)
    {
    }
}
