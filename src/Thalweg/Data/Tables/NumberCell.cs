namespace Thalweg.Data;

/// <summary>What a cell of a column of numbers stands for.</summary>
internal enum CellMeaning
{
    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A missing value.</summary>
    Missing,

    /// <summary>A number beyond the range, which counts as missing.</summary>
    Infinite,

    /// <summary>A word that stands for nothing.</summary>
    Unfit,
}

/// <summary>Reads cells of numbers, or dates, that are written in a known way.</summary>
/// <param name="reading">How they are written.</param>
/// <param name="missing">Words for missing values.</param>
internal sealed class NumberCell(ColumnReading reading, MissingWords missing)
{
    private readonly bool _hasPlainPoint = reading.Kind == ReadingKind.Numbers && reading.Marks.Decimal == '.';

    /// <summary>Reads a cell.</summary>
    /// <param name="cell">UTF-8, trimmed.</param>
    /// <param name="number">The number; of a date the days since 1970-01-01.</param>
    public CellMeaning Read(ReadOnlySpan<byte> cell, out double number)
    {
        if (_hasPlainPoint && CellText.TryNumber(cell, out number))
            return missing.IsSpecified(number) ? CellMeaning.Missing : CellMeaning.Number;
        number = double.NaN;
        if (cell.IsEmpty || missing.IsSpecified(cell) || MissingWords.IsUsual(cell))
            return CellMeaning.Missing;
        bool isRead = reading.Kind == ReadingKind.Dates
            ? DateCell.TryRead(cell, reading.Order, out number)
            : MarkedNumber.TryRead(cell, reading.Marks, out number);
        return isRead ? CellMeaning.Number : InfiniteCell.Is(cell) ? CellMeaning.Infinite : CellMeaning.Unfit;
    }
}
