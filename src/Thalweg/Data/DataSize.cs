using System.Globalization;

namespace Thalweg.Data;

/// <summary>A number of bytes as it is written, as in <c>2GB</c>.</summary>
public static class DataSize
{
    private static readonly (string Unit, double Bytes)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1), ("", 1),
    ];

    /// <summary>Reads a number of bytes.</summary>
    /// <param name="text">A number above 0 and a unit, in any case: B (the default), KB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB
    /// (powers of 1024).</param>
    /// <returns>The number of bytes, 1 or more; null where the text is none.</returns>
    public static long? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string unit, double scale) = s_units.First(known => text.EndsWith(known.Unit, StringComparison.OrdinalIgnoreCase));
        bool isNumber = double.TryParse(
            text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        double bytes = number * scale;
        return isNumber && bytes is >= 1 and < long.MaxValue ? (long)bytes : null;
    }
}
