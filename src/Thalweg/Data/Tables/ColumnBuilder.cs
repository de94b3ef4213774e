namespace Thalweg.Data;

/// <summary>Where a column stands, for messages, and the words that stand for missing values in it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Name of the column.</param>
/// <param name="Missing">The words.</param>
internal sealed record ColumnLocation(string Path, string Name, MissingWords Missing);

/// <summary>Collects the cells of one column.</summary>
/// <param name="name">Name of the column.</param>
internal abstract class ColumnBuilder(string name)
{
    /// <summary>Name of the column.</summary>
    public string Name => name;

    /// <summary>What was found so far.</summary>
    public ColumnFacts Facts { get; } = new();

    /// <summary>Makes the builder for a reading.</summary>
    public static ColumnBuilder For(ColumnLocation location, ColumnReading reading) => reading.Kind switch
    {
        ReadingKind.Find => new FindingBuilder(location, reading.KeepsTexts),
        ReadingKind.Texts => new TextBuilder(location, reading.AreNumbers),
        ReadingKind.Skip => new SkippingBuilder(location),
        _ => new NumberBuilder(location, reading),
    };

    /// <summary>Takes the next cell.</summary>
    /// <param name="cell">UTF-8, trimmed.</param>
    /// <param name="line">1-based line of the row.</param>
    /// <exception cref="ThalwegException">The cell does not fit the reading.</exception>
    public abstract void Add(ReadOnlySpan<byte> cell, long line);

    /// <summary>The column so far; the builder starts over.</summary>
    public abstract TableColumn Build();
}

/// <summary>Passes over a column.</summary>
internal sealed class SkippingBuilder(ColumnLocation location) : ColumnBuilder(location.Name)
{
    public override void Add(ReadOnlySpan<byte> cell, long line)
    {
    }

    public override TableColumn Build() => new(Name, []);
}

/// <summary>Collects texts as they are written.</summary>
internal sealed class TextBuilder(ColumnLocation location, bool areNumbers) : ColumnBuilder(location.Name)
{
    private readonly TextCollector _texts = new(areNumbers);

    public override void Add(ReadOnlySpan<byte> cell, long line)
    {
        if (cell.IsEmpty || location.Missing.IsSpecified(cell) || (areNumbers && (MissingWords.IsUsual(cell) || InfiniteCell.Is(cell))))
        {
            Facts.CountMissing(cell);
            _texts.AddMissing();
        }
        else
        {
            _texts.Add(cell);
        }
    }

    public override TableColumn Build() => _texts.Build(Name);
}

/// <summary>Collects numbers that are written in a known way, or dates.</summary>
internal sealed class NumberBuilder(ColumnLocation location, ColumnReading reading) : ColumnBuilder(location.Name)
{
    private readonly List<double> _numbers = [];
    private readonly NumberCell _cell = new(reading, location.Missing);
    private readonly DateOrder? _dates = reading.Kind == ReadingKind.Dates ? reading.Order : null;

    public override void Add(ReadOnlySpan<byte> cell, long line) => _numbers.Add(_cell.Read(cell, out double number) switch
    {
        CellMeaning.Number => number,
        CellMeaning.Missing => Missing(cell),
        CellMeaning.Infinite => Infinite(cell, line),
        _ => throw Unfit(cell, line),
    });

    public override TableColumn Build()
    {
        TableColumn column = new(Name, [.. _numbers]) { Dates = _dates };
        _numbers.Clear();
        return column;
    }

    private double Missing(ReadOnlySpan<byte> cell)
    {
        Facts.CountMissing(cell);
        return double.NaN;
    }

    private double Infinite(ReadOnlySpan<byte> cell, long line)
    {
        Facts.Infinite++;
        Facts.FirstInfinite ??= ColumnFacts.At(cell, line);
        return double.NaN;
    }

    private ThalwegException Unfit(ReadOnlySpan<byte> cell, long line)
    {
        string where = $"{location.Path}: line {line}, column '{location.Name}': expected ";
        string found = $"{reading.Reason}, found {CellText.Quote(cell)}; ";
        if (_dates is { } order)
        {
            return new ThalwegException($"{where}a date{(order == DateOrder.YearFirst ? "" : order == DateOrder.DayFirst
                ? " with the day first" : " with the month first")} {found}write it as 2014-10-13 or leave it empty for a missing value");
        }

        string marks = MarkedNumber.Inspect(cell).Fits != 0
            ? "say how numbers are written with DataOptions.DecimalMark and DataOptions.ThousandsMark"
            : "fix the cell or leave it empty for a missing value (DataOptions.MissingWords names other words)";
        return new ThalwegException($"{where}a number {found}{marks}");
    }
}
