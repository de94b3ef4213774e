namespace Thalweg.Data;

/// <summary>Makes the table of what a <see cref="DataFormat"/> reads: in memory, or in a temporary file where it is large.</summary>
internal static class FormatTable
{
    /// <summary>Reads a file.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What is told of the data.</param>
    /// <exception cref="ThalwegException">The file is damaged, or does not fit; the message begins with the path.</exception>
    public static (ITable? Table, LabeledArrays? Arrays) Read(DataFormat format, string path, DataOptions options)
    {
        try
        {
            using FileStream stream = SourceFile.OpenRaw(path);
            return format.Read(stream, path, options) switch
            {
                TableContent table when options.IsLarge(table.Size ?? SourceFile.Length(path)) =>
                    (Spill(format, path, options, table), null),
                TableContent table => (InMemory(path, table, options), null),
                ArrayContent array => (null, new LabeledArrays(array.Array, LabelsOf(path, array, options))),
                var other => throw new ThalwegException($"{path}: expected a table or an array from the format {format.Name}, got "
                    + $"{(other is null ? "nothing" : other.GetType().Name)}; mend its Read"),
            };
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException)
        {
            throw new ThalwegException(
                $"{path}: expected a file of the format {format.Name}, got one that cannot be read ({error.Message}); is it damaged?", error);
        }
    }

    private static Table InMemory(string path, TableContent content, DataOptions options)
    {
        TableAssembler assembler = new(path, new MissingWords(options.MissingWords));
        foreach (IReadOnlyList<ColumnValues> block in content.Blocks)
            assembler.Add(block);
        return assembler.Build();
    }

    private static TableColumn? LabelsOf(string path, ArrayContent array, DataOptions options)
    {
        if (array.Labels is not { } labels)
            return null;
        TableAssembler assembler = new(path, new MissingWords(options.MissingWords));
        assembler.Add([labels]);
        return assembler.Build().Columns[0];
    }

    /// <summary>Reads twice: a column of integers is written as such where one of them is too wide for a double.</summary>
    private static SpilledTable Spill(DataFormat format, string path, DataOptions options, TableContent first)
    {
        MissingWords missing = new(options.MissingWords);
        TableAssembler scan = new(path, missing);
        foreach (IReadOnlyList<ColumnValues> block in first.Blocks)
        {
            scan.Add(block);
            scan.DropRows();
        }

        scan.RefuseWideWithMissing();
        using FileStream stream = SourceFile.OpenRaw(path);
        TableContent again = format.Read(stream, path, options) as TableContent ?? throw new ThalwegException(
            $"{path}: expected the format {format.Name} to give a table again, got something else; its Read must give the same each time");
        using IEnumerator<IReadOnlyList<ColumnValues>> blocks = again.Blocks.GetEnumerator();
        TableAssembler writer = scan.Again();
        return new SpilledTable(SpillFile.Write(path, scan.Names, Next));

        Table? Next(int limit)
        {
            while (writer.Rows < limit && blocks.MoveNext())
                writer.Add(blocks.Current);
            return writer.Take(limit);
        }
    }
}
