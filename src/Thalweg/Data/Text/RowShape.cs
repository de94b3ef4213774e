namespace Thalweg.Data;

/// <summary>How many cells the rows have, and which of them are no columns.</summary>
/// <param name="Columns">Number of columns.</param>
/// <param name="HasIndex">Whether each row begins with a cell that the header does not name.</param>
/// <param name="HasTrailingSeparator">Whether rows, or the header, end with a separator behind which nothing follows.</param>
internal sealed record RowShape(int Columns, bool HasIndex, bool HasTrailingSeparator)
{
    /// <summary>What is known about the number of columns before the rows are looked at.</summary>
    /// <param name="Named">Number of names that were given; null without them.</param>
    /// <param name="Most">Most columns that are of use, for rows without a header; null where any number is.</param>
    internal readonly record struct Specified(int? Named, int? Most);

    /// <summary>What is to be known about it; null where there is nothing.</summary>
    public DataNote? Note { get; private init; }

    /// <summary>Finds the shape of rows of which the first may be a header that is longer or shorter than the others.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="rows">The first rows, at least one.</param>
    /// <param name="hasHeader">Whether the first is a header.</param>
    /// <param name="specified">What is known about the number of columns.</param>
    /// <exception cref="ThalwegException">The first row has another number of cells than those below, for no known reason.</exception>
    public static RowShape Find(string path, List<TextRow> rows, bool hasHeader, Specified specified)
    {
        string[] first = rows[0].Cells;
        List<TextRow> below = rows.Count > 1 ? rows[1..] : rows;
        int width = MostCommonCount(below, first.Length);
        bool areEndsEmpty = (rows.Count > 2 || (hasHeader && rows.Count > 1))
            && below.All(row => row.Cells.Length < width || row.Cells[width - 1].Length == 0);
        if (first.Length == width && (width == specified.Named || width <= specified.Most))
            return new RowShape(width, HasIndex: false, HasTrailingSeparator: false);
        if (hasHeader && first.Length == width + 1 && first[^1].Length == 0)
            return Trailing(width, "the header ends");
        if (first.Length == width && first[^1].Length == 0 && width > 1 && areEndsEmpty)
            return Trailing(width - 1, "all rows end");
        if (first.Length == width - 1 && areEndsEmpty)
            return Trailing(width - 1, "the rows end");
        if (first.Length == width - 1 && first.Length > 1 && hasHeader && !HeaderFinder.Find(below, null).HasHeader)
        {
            return new RowShape(first.Length, HasIndex: true, HasTrailingSeparator: false)
            {
                Note = new DataNote(
                    "index", $"the header names {first.Length} columns, the rows have {width} cells; the first cell of each row is left "
                        + "out as its index, as pandas does", nameof(DataOptions.ColumnNames)),
            };
        }

        if (first.Length != width)
        {
            string separator = first.Length == 1 ? ", or name the separator by DataOptions.Separator" : "";
            throw new ThalwegException($"{path}: line {rows[0].Line}: expected {width} cells as in the rows below (line {below[0].Line}), "
                + $"found {first.Length}; fix or remove the line{separator}");
        }

        bool hasSome = below.Any(row => row.Cells.Length == width + 1 && row.Cells[^1].Length == 0);
        return hasSome ? Trailing(width, "some rows end") : new RowShape(width, HasIndex: false, HasTrailingSeparator: false);
    }

    /// <summary>The number of cells that most rows have.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="preferred">The number to take where as many rows have it.</param>
    public static int MostCommonCount(List<TextRow> rows, int preferred = -1) => rows.GroupBy(row => row.Cells.Length)
        .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key == preferred).ThenByDescending(group => group.Key)
        .First().Key;

    private static RowShape Trailing(int columns, string what) => new(columns, HasIndex: false, HasTrailingSeparator: true)
    {
        Note = new DataNote(
            "separator", $"{what} with a separator; what would be column {columns} has no name and no values, and is left out",
            nameof(DataOptions.ColumnNames)),
    };
}
