using System.Globalization;
using System.Text;
using Thalweg.Data;

namespace Thalweg.Tests.Data;

/// <summary>Tables drawn by chance, written and read back: nothing is lost, nothing is changed.</summary>
public sealed class TableRoundTripTests : IDisposable
{
    private static readonly string[] s_pieces =
    [
        "a", "Zürich", "café", "x,y", "semi;colon", "a\tb", "say \"no\"", "two\nlines", "#5", "NA", "None", "?", "1.10", "007", "2E3", "é",
        "-", "0,5", "1e999",
        "\u65e5\u672c", "a|b", "it's", "2014-10-13", "$5",
    ];

    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Drawn_tables_come_back_as_they_were()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            Random random = new(seed);
            CheckTable(random, seed, columns: 2 + random.Next(6), rows: 30 + random.Next(60));
        }
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(30_000)]
    public void So_do_wide_ones(int columns) => CheckTable(new Random(columns), columns, columns, rows: 24);

    private void CheckTable(Random random, int seed, int columns, int rows)
    {
        Encoding encoding = (seed % 3) switch { 0 => new UTF8Encoding(true), 1 => Encoding.Unicode, _ => new UTF8Encoding(false) };
        char separator = ",;\t|"[random.Next(4)];
        string[][] cells = [.. Enumerable.Range(0, columns).Select(column => Draw(random, rows, column == columns - 1))];
        StringBuilder text = new();
        text.AppendJoin(separator, Enumerable.Range(0, columns).Select(column => Quote(NameOf(column)))).Append('\n');
        for (int row = 0; row < rows; row++)
            text.AppendJoin(separator, cells.Select(column => Quote(column[row]))).Append(seed % 2 == 0 ? "\r\n" : "\n");
        string path = _files.Bytes("t.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(text.ToString())]);
        foreach (long limit in columns > 1000 ? [long.MaxValue] : new[] { 0, long.MaxValue })
        {
            ITable table = Open(path, limit);
            table.Names.ShouldBe(Enumerable.Range(0, columns).Select(NameOf), $"seed {seed}");
            table.Count.ShouldBe(rows, $"seed {seed}");
            for (int column = 0; column < columns; column++)
                CheckColumn(table.Column(column), cells[column], $"seed {seed}, column {column}, limit {limit}");
        }
    }

    private static ITable Open(string path, long limit)
    {
        DataOptions options = new() { InMemoryLimit = limit, HasHeader = true };
        return TableLoader.Load(path, LayoutFinder.Find(path, options), options).Table;
    }

    private static void CheckColumn(TableColumn column, string[] cells, string message)
    {
        bool areNumbers = cells.All(cell => cell is "" or "NA" or "?" || CellText.TryNumber(cell, out _))
            && cells.Any(cell => CellText.TryNumber(cell, out _));
        (column.Numbers is not null).ShouldBe(areNumbers, message);
        for (int row = 0; row < cells.Length; row++)
        {
            if (!areNumbers)
                column.TextOf(row).ShouldBe(cells[row], message);
            else if (CellText.TryNumber(cells[row], out double number))
                BitConverter.DoubleToInt64Bits(column.Numbers![row]).ShouldBe(BitConverter.DoubleToInt64Bits(number), message);
            else
                column.IsMissing(row).ShouldBeTrue(message);
        }
    }

    /// <summary>Numbers with or without missing words, or texts; always one word among texts, which makes them texts.</summary>
    private static string[] Draw(Random random, int rows, bool isTarget)
    {
        int kind = isTarget ? 0 : random.Next(4), place = random.Next(rows);
        return [.. Enumerable.Range(0, rows).Select(row => kind switch
        {
            0 => Number(random),
            1 => random.Next(4) == 0 ? new[] { "", "NA", "?" }[random.Next(3)] : Number(random),
            2 => row == place ? "word" : random.Next(3) == 0 ? s_pieces[random.Next(s_pieces.Length)] : Number(random),
            _ => row == place ? "word" : random.Next(9) == 0 ? "" : s_pieces[random.Next(s_pieces.Length)],
        })];
    }

    private static string Number(Random random) => random.Next(4) switch
    {
        0 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        1 => (random.NextDouble() * Math.Pow(10, random.Next(-8, 12))).ToString("R", CultureInfo.InvariantCulture),
        2 => random.NextDouble().ToString("F3", CultureInfo.InvariantCulture),
        _ => random.NextDouble().ToString("E6", CultureInfo.InvariantCulture),
    };

    private static string NameOf(int column) => (column % 5) switch
    {
        0 => $"x{column}",
        1 => $"X{column - 1}",
        2 => $"größe, {column}",
        3 => $"say \"{column}\"",
        _ => $"two\nlines {column}",
    };

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",;\t|\"\n#") < 0 && cell.Trim() == cell && cell.Length > 0
        ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
