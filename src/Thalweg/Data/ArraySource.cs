namespace Thalweg.Data;

/// <summary>Images, or other arrays with more than columns, in memory.</summary>
internal sealed class ArraySource : DataSource
{
    private readonly string _kind;
    private readonly LabeledArrays _data;
    private readonly TargetFitter _fitter;
    private readonly DataOptions _options;
    private readonly ImageLayout? _layout;
    private readonly List<DataNote> _notes = [];

    /// <summary>Prepares arrays for training.</summary>
    /// <param name="name">Name or path.</param>
    /// <param name="kind">Kind in words.</param>
    /// <param name="data">Items and labels.</param>
    /// <param name="options">Task, layout and test path.</param>
    public ArraySource(string name, string kind, LabeledArrays data, DataOptions options)
        : base(name)
    {
        _kind = kind;
        _data = data;
        _options = options;
        if (data.Labels is null)
        {
            throw new ThalwegException($"{name}: there are no labels to train on; for IDX put the file of labels beside, "
                + "for .npz name the array y or labels");
        }

        LabeledArrays.CheckCounts(name, data.Features.Count, null, data.Labels);
        LabeledArrays.CheckPresent(name, data.Labels);
        if (data.TestFeatures is not null)
            LabeledArrays.CheckCounts($"{name} (test)", data.TestFeatures.Count, null, data.TestLabels);
        if (options.SampleWeight is not null)
            throw new ThalwegException($"{name}: images have no column with the weight of each sample; leave it out");
        if (options.GroupColumn is not null || options.TimeColumn is not null)
            throw new ThalwegException($"{name}: images have no column with the group or time of each sample; leave it out");
        if (options.Target is not null || options.IgnoredColumns.Count + options.CategoricalColumns.Count > 0)
            throw new ThalwegException($"{name}: images have no columns to choose; leave out the target and the names of columns");
        _layout = ImageAxes.Find(name, data.Features.Shape, options.Layout, _notes);
        if (options.Strict)
            StrictReading.Check(name, _notes);
        _fitter = new TargetFitter(name, data.Labels, -1, options.Task, null) { Standardizes = options.StandardizeTarget };
    }

    public override int Count => _data.Features.Count;

    public override bool HasSeparateTest => _options.TestPath is not null || _data is { TestFeatures: not null, TestLabels: not null };

    public override ReadingReport Reading => new() { Format = _kind, Rows = Count, Notes = _notes };

    public override DataDescription Describe() => new()
    {
        Name = Name,
        Kind = _kind,
        Rows = Count,
        TestRows = _data.TestFeatures?.Count ?? 0,
        ItemShape = ItemShape,
        Target = "label",
        Task = _fitter.Task,
        Classes = _fitter.DescribeClasses(),
        Reading = Reading,
    };

    public override DataSplit Split(SplitOptions? options = null)
    {
        SplitOptions how = options ?? new SplitOptions();
        bool isSeparate = HasSeparateTest && how.UseSeparateTest;
        SplitParts parts = Splitter.Split(new SplitRows(Name, Count, _fitter.Labels)
        {
            IsTestGiven = isSeparate,
            IsValidationGiven = _options.ValidationPath is not null,
        }, how);
        ImageEncoding image = ImageFitter.Fit(Name, _data.Features, parts.Training) with { Layout = _layout };
        Preprocessing preprocessing = new()
        {
            Task = _fitter.Task,
            FeatureShape = ItemShape,
            Target = _fitter.Fit(Name, parts.Training),
            Image = image,
            Reading = Reading,
        };
        Dataset all = new(
            _data.Features.Encode(image), Dataset.AllRows(Count), preprocessing,
            _fitter.Labels, _fitter.Targets(preprocessing.Target));
        Dataset training = all.WithRows(parts.Training);
        Dataset validation = _options.ValidationPath is { } path ? ReadPart(path, preprocessing) : all.WithRows(parts.Validation);
        Dataset? test = isSeparate ? ReadTest(preprocessing) : parts.Test.Length > 0 ? all.WithRows(parts.Test) : null;
        DataNote[] leaks = _options.ChecksLeakage ? [.. LeakageCheck.OfRows(training, validation, test)] : [];
        if (_options.Strict)
            StrictReading.Check(Name, leaks);
        return new DataSplit(
            preprocessing, new TrainingSet(training), new ValidationSet(validation),
            test is null ? null : new TestSet(test, () => Fingerprint(isSeparate ? null : parts.Test)), [.. _notes, .. leaks])
        {
            Holdout = parts.Holdout is { } holdout ? new ValidationSet(all.WithRows(holdout)) : null,
        };
    }

    public override void WriteCsv(TextWriter writer, ReadOnlySpan<int> rows) =>
        DataWriter.WriteItems(writer, _data.Features, _data.Labels!, rows);

    public override void WriteIdx(Stream images, Stream labels, ReadOnlySpan<int> rows)
    {
        if (!_data.Features.Format.IsByte || _fitter.Labels is null || _fitter.ClassNames.Length > 256)
            base.WriteIdx(images, labels, rows);
        DataWriter.WriteImages(images, _data.Features, rows);
        DataWriter.WriteLabels(labels, _fitter.Labels!, rows);
    }

    internal override PreparedReader OpenReader(Preprocessing preprocessing, bool requireTarget) => _data.TestFeatures is { } test
        ? ArrayPreparedReader.OpenArrays($"{Name} (test)", new(test, _data.TestLabels), preprocessing, requireTarget, _options)
        : ArrayPreparedReader.OpenArrays(Name, new(_data.Features, _data.Labels), preprocessing, requireTarget, _options);

    internal override string FingerprintOfNew() => _data.TestFeatures is null ? Fingerprint(AllRows()) : Fingerprint(null);

    /// <summary>Fingerprint of some rows; null for the separate test data.</summary>
    private string Fingerprint(int[]? rows) =>
        rows is not null ? RowFingerprint.OfItems(_data.Features, _data.Labels, rows)
        : _options.TestPath is { } path ? RowFingerprint.OfData(path, _options)
        : RowFingerprint.OfItems(_data.TestFeatures!, _data.TestLabels, Dataset.AllRows(_data.TestFeatures!.Count));

    private int[] ItemShape => ImageAxes.ItemShape(_data.Features.Shape, _layout);

    private Dataset ReadPart(string path, Preprocessing preprocessing)
    {
        using PreparedReader reader = FormatDetector.OpenReader(path, preprocessing, requireTarget: true, _options);
        return reader.ReadAll();
    }

    private Dataset ReadTest(Preprocessing preprocessing)
    {
        if (_options.TestPath is { } path)
            return ReadPart(path, preprocessing);

        // Kept as it came: as single precision, test images in bytes would take four times the memory.
        ArrayData items = _data.TestFeatures!;
        string location = $"{Name} (test)";
        LabeledArrays.CheckPresent(location, _data.TestLabels!);
        ImageEncoding encoding = preprocessing.Image! with
        {
            Layout = ImageAxes.Match(location, items.Shape, _options.Layout, preprocessing, []),
        };
        (int[]? labels, float[]? targets) = TargetReader.Encode(location, preprocessing, _data.TestLabels!, []);
        return new Dataset(items.Encode(encoding), Dataset.AllRows(items.Count), preprocessing, labels, targets);
    }
}
