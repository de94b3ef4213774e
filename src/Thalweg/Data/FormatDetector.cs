namespace Thalweg.Data;

/// <summary>Finds out what a name or path means and opens it.</summary>
internal static class FormatDetector
{
    /// <summary>Opens data to train on.</summary>
    public static DataSource Open(string nameOrPath, DataOptions options)
    {
        CheckPartPaths(nameOrPath, options);
        if (BuiltInData.Find(nameOrPath) is { } builtIn)
            return builtIn.Open(options);
        if (Directory.Exists(nameOrPath))
            return OpenDirectory(nameOrPath, options);
        if (!SourceFile.Exists(nameOrPath))
            throw NotFound(nameOrPath);
        if (DataFormat.Find(nameOrPath) is { } registered)
            return OpenRegistered(registered, nameOrPath, options);
        return FileFormats.Find(nameOrPath) switch
        {
            FileFormat.Idx => OpenIdx(nameOrPath, options),
            FileFormat.Npy => OpenArrays(nameOrPath, ReadNpy(nameOrPath, options), options),
            FileFormat.Npz => OpenArrays(nameOrPath, NpzFile.Read(nameOrPath, options.MaxSize), options),
            _ => OpenText(nameOrPath, options),
        };
    }

    /// <summary>Opens data to evaluate or predict.</summary>
    public static PreparedReader OpenReader(string nameOrPath, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        if (BuiltInData.Find(nameOrPath) is { } builtIn)
        {
            DataSource source = builtIn.Open(options);
            CheckFits(nameOrPath, preprocessing, source is ArraySource);
            return source.OpenReader(preprocessing, requireTarget);
        }

        if (Directory.Exists(nameOrPath))
        {
            ImageDirectory files = ImageDirectory.Find(nameOrPath);
            (string images, string? labels) = files.TestImages is { } test
                ? (test, files.TestLabels)
                : (files.TrainImages!, files.TrainLabels);
            CheckFits(nameOrPath, preprocessing, isArray: true);
            return ArrayPreparedReader.OpenIdx(images, labels, preprocessing, requireTarget, options);
        }

        if (!SourceFile.Exists(nameOrPath))
            throw NotFound(nameOrPath);

        if (DataFormat.Find(nameOrPath) is { } registered)
            return OpenRegisteredReader(registered, nameOrPath, preprocessing, requireTarget, options);
        FileFormat format = FileFormats.Find(nameOrPath);
        if (format is FileFormat.Npy or FileFormat.Npz)
        {
            LabeledArrays arrays = format == FileFormat.Npy ? ReadNpy(nameOrPath, options) : NpzFile.Read(nameOrPath, options.MaxSize);
            return OpenArrayReader(nameOrPath, arrays, preprocessing, requireTarget, options);
        }

        CheckFits(nameOrPath, preprocessing, format == FileFormat.Idx);
        return format == FileFormat.Idx
            ? ArrayPreparedReader.OpenIdx(nameOrPath, ImageDirectory.LabelsBeside(nameOrPath), preprocessing, requireTarget, options)
            : TablePreparedReader.OpenText(nameOrPath, preprocessing, requireTarget, options);
    }

    private static DataSource OpenRegistered(DataFormat format, string path, DataOptions options)
    {
        (ITable? table, LabeledArrays? arrays) = FormatTable.Read(format, path, options);
        if (table is null)
            return OpenArrays(path, arrays!, options, format.Name);
        ReadingReport reading = new() { Format = $"{format.Name} table", MissingWords = options.MissingWords };
        TableOrigin origin = new(reading, IsNamed: true) { TestPath = options.TestPath, TestOptions = options };
        return new TableSource(path, table, origin, options);
    }

    private static PreparedReader OpenRegisteredReader(
        DataFormat format, string path, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        (ITable? table, LabeledArrays? arrays) = FormatTable.Read(format, path, options with
        {
            MissingWords = [.. preprocessing.Reading?.MissingWords ?? [], .. options.MissingWords],
        });
        if (table is null)
            return OpenArrayReader(path, arrays!, preprocessing, requireTarget, options);
        CheckFits(path, preprocessing, isArray: false);
        return TablePreparedReader.OpenTable(path, table, isNamed: true, preprocessing, requireTarget);
    }

    private static DataSource OpenText(string path, DataOptions options)
    {
        TextLayout layout = LayoutFinder.Find(path, options);
        TableLoader loader = TableLoader.Load(path, layout, options);
        ReadingReport reading = new()
        {
            Format = "text table",
            Encoding = layout.Encoding,
            Separator = layout.Separator,
            HasHeader = layout.HasHeader,
            DecimalMark = loader.Marks.Decimal,
            ThousandsMark = loader.Marks.Group,
            MissingWords = options.MissingWords,
            Notes = [.. TableNotes.Of(loader, layout)],
        };
        TableOrigin origin = new(reading, layout.IsNamed)
        {
            Facts = loader.Facts,
            ClassNames = layout.ClassNames,
            TestPath = options.TestPath,
            ValidationPath = options.ValidationPath,
            TestOptions = options,
        };
        return new TableSource(path, loader.Table, origin, options);
    }

    /// <summary>An array, and its labels where a file of them lies beside it.</summary>
    internal static LabeledArrays ReadNpy(string path, DataOptions options)
    {
        bool isMapped = options.IsLarge(SourceFile.Length(path)) && SourceFile.CanBeMapped(path);
        ArrayData features = (isMapped ? NpyFile.Map(path) : null) ?? NpyFile.Read(path);
        string? labels = options.Target is null ? NpyFile.LabelsBeside(path) : null;
        LabeledArrays data = new(features, labels is null ? null : NpyFile.Read(labels).ToLabels(labels));
        data.CheckNumbers(path);
        return data;
    }

    private static DataSource OpenIdx(string path, DataOptions options)
    {
        string labels = ImageDirectory.LabelsBeside(path) ?? throw new ThalwegException(
            $"{path}: found no file of labels beside it; expected the same name with 'labels' and 'idx1' in place of 'images' and 'idx3'");
        (ArrayData images, TableColumn? column) = ImageDirectory.Read(path, labels, options);
        return new ArraySource(path, "IDX images", new LabeledArrays(images, column), options);
    }

    private static DataSource OpenDirectory(string path, DataOptions options)
    {
        ImageDirectory files = ImageDirectory.Find(path);
        if (files.TrainImages is null || files.TrainLabels is null)
        {
            throw new ThalwegException($"{path}: the directory lacks "
                + $"train-{(files.TrainImages is null ? "images-idx3" : "labels-idx1")}-ubyte[.gz]; training needs both");
        }

        (ArrayData images, TableColumn? labels) = ImageDirectory.Read(files.TrainImages, files.TrainLabels, options);
        LabeledArrays data = new(images, labels);
        if (files is { TestImages: not null, TestLabels: not null } && options.TestPath is null)
        {
            (ArrayData testImages, TableColumn? testLabels) = ImageDirectory.Read(files.TestImages, files.TestLabels, options);
            data = data with { TestFeatures = testImages, TestLabels = testLabels };
        }

        return new ArraySource(path, "IDX images", data, options);
    }

    private static DataSource OpenArrays(string path, LabeledArrays data, DataOptions options, string format = "NumPy")
    {
        if (options.TestPath is not null)
            data = data with { TestFeatures = null, TestLabels = null };
        if (!IsTable(data.Features))
            return new ArraySource(path, $"{format} arrays", data, options);
        ImageAxes.Find(path, data.Features.Shape, options.Layout, []);
        TableOrigin origin = new(new ReadingReport { Format = $"{format} table" }, IsNamed: false)
        {
            TestPath = options.TestPath,
            ValidationPath = options.ValidationPath,
            TestTable = data is { TestFeatures: { } features, TestLabels: { } labels } ? ToTable($"{path} (test)", features, labels) : null,
        };
        return new TableSource(path, ToTable(path, data.Features, data.Labels), origin, options);
    }

    private static PreparedReader OpenArrayReader(
        string path, LabeledArrays data, Preprocessing preprocessing, bool requireTarget, DataOptions options)
    {
        LabeledArrays read = data.TestFeatures is { } test ? new(test, data.TestLabels) : data;
        if (preprocessing.Image is not null)
            return ArrayPreparedReader.OpenArrays(path, read, preprocessing, requireTarget, options);
        (ArrayData features, TableColumn? labels) = (read.Features, read.Labels);
        CheckFits(path, preprocessing, features.Shape.Length > 2);
        return TablePreparedReader.OpenTable(path, ToTable(path, features, labels), isNamed: false, preprocessing, requireTarget);
    }

    /// <summary>Two axes of numbers are rows and columns; bytes, and more axes, are images.</summary>
    private static bool IsTable(ArrayData data) => data.Shape.Length <= 2 && !data.Format.IsByte;

    private static ITable ToTable(string path, ArrayData features, TableColumn? labels)
    {
        LabeledArrays.CheckCounts(path, features.Count, null, labels);
        if (features.IsMapped)
            return Spill(path, features, labels);
        TableColumn[] columns = labels is null ? features.ToColumns() : [.. features.ToColumns(), labels];
        return new Table(columns, features.Count, []);
    }

    private static SpilledTable Spill(string path, ArrayData features, TableColumn? labels)
    {
        int start = 0;
        bool[] isWide = features.FindWide();
        string[] names =
            [.. features.Slice(0, 1).ToColumns().Select(column => column.Name), .. labels is null ? Array.Empty<string>() : [labels.Name]];
        return new SpilledTable(SpillFile.Write(path, names, Next));

        Table? Next(int limit)
        {
            int count = Math.Min(limit, features.Count - start);
            if (count == 0)
                return null;
            TableColumn[] columns = features.Slice(start, count).ToColumns(isWide);
            TableColumn[] label = labels is null ? [] : [labels.WithRows([.. Enumerable.Range(start, count)])];
            start += count;
            return new Table([.. columns, .. label], count, []);
        }
    }

    private static void CheckFits(string location, Preprocessing preprocessing, bool isArray)
    {
        if (isArray != preprocessing.Image is not null)
        {
            throw new ThalwegException($"{location}: the model was trained on {(isArray ? "a table" : "images")}, "
                + $"this is {(isArray ? "an array of images" : "a table")}; "
                + "give data of the kind it was trained on");
        }
    }

    private static void CheckPartPaths(string nameOrPath, DataOptions options)
    {
        if (options.TestPath == SourceFile.StandardInput && nameOrPath == SourceFile.StandardInput)
        {
            throw new ThalwegException("DataOptions.TestPath: expected other data than the standard input, which is the data already; "
                + "give one of them as a file");
        }

        if (options.TestPath is { } path && !SourceFile.Exists(path) && !Directory.Exists(path))
            throw new ThalwegException($"{path}: there is no such file or directory (test data)");
        if (options.ValidationPath is not { } validation)
            return;
        if (validation == SourceFile.StandardInput)
            throw new ThalwegException("DataOptions.ValidationPath: expected a file, got the standard input; give a file");
        if (!SourceFile.Exists(validation) && !Directory.Exists(validation))
            throw new ThalwegException($"{validation}: there is no such file or directory (validation data)");
    }

    private static ThalwegException NotFound(string nameOrPath)
    {
        IReadOnlyList<string> near = NearestName.Find(nameOrPath, BuiltInData.All.Select(data => data.Name));
        return new ThalwegException($"{nameOrPath}: there is no such file or directory, and no built-in data of that "
            + $"name{(near.Count > 0 ? $" (did you mean '{near[0]}'?)" : "")}; "
            + $"built-in: {string.Join(", ", BuiltInData.All.Select(data => data.Name))}");
    }
}
