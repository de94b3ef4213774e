using System.Runtime.InteropServices;
using Thalweg.TemporaryFiles;

namespace Thalweg.Data;

/// <summary>The cells of a table in a temporary file; see <see cref="SpilledTable"/>.</summary>
internal sealed class SpillFile
{
    /// <summary>Cells of a group, which lie in memory while they are written: 8 MiB.</summary>
    private const int GroupCells = 1 << 20;

    private const int MostGroupRows = 1 << 14, FewestGroupRows = 64;

    private readonly TemporaryFile _file = TemporaryFile.Create();
    private readonly int _groupRows;

    private SpillFile(string[] names)
    {
        Columns = [.. names.Select(name => new SpilledColumn(name))];
        _groupRows = Math.Clamp(GroupCells / names.Length, FewestGroupRows, MostGroupRows);
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<SpilledColumn> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Writes rows as they come, in one pass.</summary>
    /// <param name="location">Where they come from, for errors.</param>
    /// <param name="names">Names of the columns.</param>
    /// <param name="next">Gives at most so many rows, fewer at the end alone, and null behind the end.</param>
    /// <exception cref="ThalwegException">There are no rows, or more than can be numbered, or the disk is full.</exception>
    public static SpillFile Write(string location, string[] names, Func<int, Table?> next)
    {
        SpillFile file = new(names);
        double[] cells = new double[file._groupRows];
        while (next(file._groupRows) is { } block)
        {
            if (file.Count > int.MaxValue - block.Count)
                throw new ThalwegException($"{location}: expected at most {int.MaxValue} rows, found more; split the file");
            for (int i = 0; i < names.Length; i++)
            {
                file.Columns[i].Write(block.Columns[i], cells.AsSpan(0, block.Count));
                file._file.Append(MemoryMarshal.AsBytes(cells.AsSpan(0, block.Count)));
            }

            file.Count += block.Count;
        }

        if (file.Count == 0)
            throw new ThalwegException($"{location}: the file holds no data rows");
        return file;
    }

    /// <summary>Writes some columns anew, whose kind is known by now.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="next">Gives the same rows once more, as <see cref="Write"/> took them; only those columns are looked at.</param>
    public void Rewrite(IReadOnlyCollection<int> columns, Func<int, Table?> next)
    {
        double[] cells = new double[_groupRows];
        foreach (int column in columns)
            Columns[column].StartOver();
        for (int row = 0; next(_groupRows) is { } block; row += block.Count)
        {
            Span<double> group = cells.AsSpan(0, block.Count);
            foreach (int column in columns)
            {
                Columns[column].Write(block.Columns[column], group);
                _file.Write(PositionOf(column, row), MemoryMarshal.AsBytes(group));
            }
        }
    }

    /// <summary>Reads cells of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="start">First row.</param>
    /// <param name="cells">As many cells as are wanted.</param>
    public void Read(int column, int start, Span<double> cells)
    {
        while (!cells.IsEmpty)
        {
            int take = Math.Min(cells.Length, _groupRows - (start % _groupRows));
            _file.Read(PositionOf(column, start), MemoryMarshal.AsBytes(cells[..take]));
            start += take;
            cells = cells[take..];
        }
    }

    private long PositionOf(int column, int row)
    {
        int first = row / _groupRows * _groupRows, rows = Math.Min(_groupRows, Count - first);
        return sizeof(double) * (((long)first * Columns.Count) + ((long)column * rows) + (row - first));
    }
}
