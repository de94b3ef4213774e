namespace Thalweg.Data;

/// <summary>Turns what the reader throws at a damaged file into one line.</summary>
internal static class ParquetErrors
{
    /// <summary>Runs a reading.</summary>
    /// <exception cref="ThalwegException">The file is damaged.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (ThalwegException or OutOfMemoryException))
        {
            // The package has no one type for damage: an index out of range and a failed cast come out of it as well.
            string what = error.Message.ReplaceLineEndings(" ");
            throw new ThalwegException(
                $"{path}: expected a Parquet file, got one that cannot be read ({what}); is it damaged or incomplete?", error);
        }
    }
}
