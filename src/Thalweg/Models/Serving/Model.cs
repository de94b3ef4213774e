using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Thalweg.Data;

namespace Thalweg.Models;

/// <summary>A trained model that answers for raw rows: objects, dictionaries, lines of CSV, numbers, files. The stored preprocessing runs
/// inside.</summary>
/// <remarks>
/// <code>
/// Model model = Model.Load("runs/iris-1");
/// Prediction answer = model.Predict(new { sepal_length = 5.1, sepal_width = 3.5, petal_length = 1.4, petal_width = 0.2 });
/// Console.WriteLine($"{answer.Label}: {answer.Probability:P1}");
/// </code>
/// One object serves any number of threads at once, without a lock; after the first calls an answer for one row takes no new memory.
/// </remarks>
public sealed class Model
{
    private const int ShortRow = 256;

    private readonly Predictor _predictor;
    private readonly RowEncoder? _rows;
    private readonly ArrayEncoder? _arrays;
    private readonly ConcurrentDictionary<Type, object> _readers = new();
    private readonly int _width;

    /// <summary>Makes a model of one in memory.</summary>
    /// <param name="trained">The network with its preprocessing.</param>
    /// <exception cref="ThalwegException">It learns several things at once, or its samples have several inputs: use
    /// <see cref="Predictor"/>.</exception>
    public Model(TrainedModel trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        Preprocessing preprocessing = trained.Preprocessing;
        Trained = trained;
        _predictor = new Predictor(trained);
        _width = preprocessing.FeatureWidth;
        _rows = preprocessing.Columns is null ? null : new RowEncoder(preprocessing);
        _arrays = preprocessing.Image is { } image ? new ArrayEncoder(image, preprocessing.FeatureShape) : null;
        if (preprocessing.Task is not (ClassificationTask or RegressionTask) || (_rows is null && _arrays is null))
        {
            throw new ThalwegException($"[model] expected a model of rows or images that learns a class or a number, got one of "
                + $"{preprocessing.Task}; predict with Predictor, which takes samples by name");
        }

        Classes = preprocessing.Task.HasClasses ? preprocessing.Task.ClassNames : [];
    }

    /// <summary>The network, its preprocessing and its origin.</summary>
    public TrainedModel Trained { get; }

    /// <summary>Names of the columns that are read, in the order in which <see cref="Predict(ReadOnlySpan{double}, Span{double})"/> takes them;
    /// empty for images.</summary>
    public IReadOnlyList<string> Columns => _rows?.Names ?? [];

    /// <summary>Names of the classes, in the order of the probabilities; empty where a number is learned.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">Path of the file, or of the folder of a run.</param>
    /// <exception cref="ThalwegException">The file is missing, damaged, not a Thalweg model, or of a newer form.</exception>
    public static Model Load(string path) => new(TrainedModel.Load(path));

    /// <summary>Predicts for the properties of an object: each column is the property of its name, or of its letters and digits without
    /// regard to case (<c>sepal length</c> is <c>SepalLength</c>).</summary>
    /// <typeparam name="TRow">A class or an anonymous type with a property for each of <see cref="Columns"/>; null is a missing
    /// value.</typeparam>
    /// <param name="row">The object.</param>
    /// <param name="probabilities">Takes the probability of each class; may be left out.</param>
    /// <exception cref="ThalwegException">A property is missing or does not fit its column.</exception>
    public Prediction Predict<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TRow>(
        TRow row, Span<double> probabilities = default)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(row);
        switch (row)
        {
            // The compiler takes this overload for them, too.
            case IReadOnlyDictionary<string, object?> cells:
                return Predict(cells, probabilities);
            case double[] values:
                return Predict(values.AsSpan(), probabilities);
            case byte[] pixels:
                return Predict(pixels.AsSpan(), probabilities);
            case string line:
                return PredictCsv(line, probabilities: probabilities);
            default:
                break;
        }

        if (!_readers.TryGetValue(typeof(TRow), out object? reader))
            reader = _readers.GetOrAdd(typeof(TRow), new RowProperties<TRow>(Rows));
        float[] features = Rent();
        try
        {
            ((RowProperties<TRow>)reader).Write(row, features);
            return Answer(features, probabilities);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
        }
    }

    /// <summary>Predicts for cells by the names of their columns.</summary>
    /// <param name="row">Numbers, strings, dates, true or false; null is a missing value. Other columns are passed over.</param>
    /// <param name="probabilities">Takes the probability of each class; may be left out.</param>
    /// <exception cref="ThalwegException">A column is missing, or a cell does not fit.</exception>
    public Prediction Predict(IReadOnlyDictionary<string, object?> row, Span<double> probabilities = default)
    {
        ArgumentNullException.ThrowIfNull(row);
        RowEncoder rows = Rows;
        float[] features = Rent();
        try
        {
            for (int i = 0; i < rows.Names.Length; i++)
            {
                if (!row.TryGetValue(rows.Names[i], out object? value))
                {
                    throw new ThalwegException($"[predict] expected the column '{rows.Names[i]}', got {string.Join(", ", row.Keys)}; "
                        + "add it, with null for a missing value");
                }

                CellValue.Write(rows, i, value, features);
            }

            return Answer(features, probabilities);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
        }
    }

    /// <summary>Predicts for a line of CSV with the columns of the training data in their order, the target left out or passed
    /// over.</summary>
    /// <param name="line">The line; cells may stand in double quotes.</param>
    /// <param name="separator">What separates the cells; default a comma.</param>
    /// <param name="probabilities">Takes the probability of each class; may be left out.</param>
    /// <exception cref="ThalwegException">The line has another number of cells, or a cell does not fit.</exception>
    public Prediction PredictCsv(ReadOnlySpan<char> line, char separator = ',', Span<double> probabilities = default)
    {
        RowEncoder rows = Rows;
        int target = Trained.Preprocessing.Target.Index, columns = Trained.Preprocessing.Columns!.Count;
        int count = CsvCells.Count(line, separator);
        if (count != columns && (target < 0 || count != columns + 1))
        {
            throw new ThalwegException($"[predict] expected {columns} cells as in the training data"
                + $"{(target < 0 ? "" : $", or {columns + 1} with '{Trained.Preprocessing.Target.Name}'")}, got {count}; give all of them");
        }

        bool isTargetLeftOut = target >= 0 && count == columns;
        float[] features = Rent();
        char[] unquoted = ArrayPool<char>.Shared.Rent(line.Length);
        try
        {
            CsvCells cells = new(line, separator, unquoted);
            int next = 0;
            for (int position = 0; cells.MoveNext(); position++)
            {
                int index = isTargetLeftOut && position >= target ? position + 1 : position;
                if (next < rows.Positions.Length && rows.Positions[next] == index)
                    rows.Write(next++, cells.Current, features);
            }

            return Answer(features, probabilities);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(unquoted);
            ArrayPool<float>.Shared.Return(features);
        }
    }

    /// <summary>Predicts for raw numbers: one for each of <see cref="Columns"/> of a table (NaN is a missing value), or all numbers of an
    /// image, in the order of the training data.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="probabilities">Takes the probability of each class; may be left out.</param>
    /// <exception cref="ThalwegException">There are more or fewer.</exception>
    public Prediction Predict(ReadOnlySpan<double> values, Span<double> probabilities = default)
    {
        CheckCount(values.Length);
        float[] features = Rent();
        try
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (_rows is { } rows)
                    rows.Write(i, values[i], features);
                else
                    _arrays!.Write(i, values[i], features);
            }

            return Answer(features, probabilities);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
        }
    }

    /// <summary>Predicts for the raw bytes of an image, in the order of the training data.</summary>
    /// <param name="pixels">The bytes.</param>
    /// <param name="probabilities">Takes the probability of each class; may be left out.</param>
    /// <exception cref="ThalwegException">There are more or fewer.</exception>
    public Prediction Predict(ReadOnlySpan<byte> pixels, Span<double> probabilities = default)
    {
        CheckCount(pixels.Length);
        float[] features = Rent();
        try
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                if (_rows is { } rows)
                    rows.Write(i, (double)pixels[i], features);
                else
                    _arrays!.WriteByte(i, pixels[i], features);
            }

            return Answer(features, probabilities);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
        }
    }

    /// <summary>Predicts for all rows of a file, block by block: what <c>thalweg predict</c> writes.</summary>
    /// <param name="path">File in any format that <see cref="DataSource.Open"/> reads; a target is not needed.</param>
    /// <param name="options">How the file is read; null, the default, finds out.</param>
    /// <exception cref="ThalwegException">The file is missing or damaged, or lacks columns.</exception>
    public IEnumerable<Prediction> PredictFile(string path, DataOptions? options = null)
    {
        using PreparedReader reader = PreparedReader.Open(path, Trained.Preprocessing, requireTarget: false, options);
        double[] results = new double[PreparedReader.BlockRows * _predictor.Width];
        while (reader.Read() is { } block)
        {
            _predictor.Predict(block.Features, block.Count, results);
            for (int row = 0; row < block.Count; row++)
                yield return Read(results.AsSpan(row * _predictor.Width, _predictor.Width));
        }
    }

    private RowEncoder Rows => _rows ?? throw new ThalwegException(
        "[predict] expected a model of a table, got one of images; give the numbers of the image as a span");

    private void CheckCount(int count)
    {
        int expected = _rows?.Names.Length ?? _width;
        if (count != expected)
        {
            throw new ThalwegException($"[predict] expected {expected} numbers, "
                + $"{(_rows is null ? $"an image of [{string.Join(", ", Trained.Preprocessing.FeatureShape)}]" : "one for each of Columns")}, got "
                + $"{count}; give all of one sample");
        }
    }

    private float[] Rent()
    {
        float[] features = ArrayPool<float>.Shared.Rent(_width);
        Array.Clear(features, 0, _width);
        return features;
    }

    private Prediction Answer(float[] features, Span<double> probabilities)
    {
        int width = _predictor.Width;
        if (!probabilities.IsEmpty && probabilities.Length < width)
            throw new ThalwegException($"[predict] expected room for {width} probabilities, got {probabilities.Length}; give more, or none");
        Span<double> results = width <= ShortRow ? stackalloc double[ShortRow] : new double[width];
        _predictor.Predict(features.AsSpan(0, _width), 1, results);
        results[..(probabilities.IsEmpty ? 0 : width)].CopyTo(probabilities);
        return Read(results[..width]);
    }

    private Prediction Read(ReadOnlySpan<double> results)
    {
        if (Classes.Count == 0)
            return new Prediction(null, -1, double.NaN, results[0]);
        int best = 0;
        for (int i = 1; i < results.Length; i++)
            best = results[i] > results[best] ? i : best;
        return new Prediction(Classes[best], best, results[best], double.NaN);
    }
}
