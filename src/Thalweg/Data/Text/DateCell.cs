using System.Globalization;
using System.Text;

namespace Thalweg.Data;

/// <summary>Reads dates, with or without a time of day, as days since 1970-01-01.</summary>
/// <remarks>A time with an offset is taken to universal time; one without counts as universal time.</remarks>
internal static class DateCell
{
    /// <summary>The set of all orders; bit i stands for the order of that number.</summary>
    public const int Any = 0b111;

    private const int ShortestDate = 7, LongestDate = 48;

    private static readonly string[][] s_forms =
    [
        [
            "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy-M", "yyyy/M", "d MMM yyyy", "d-MMM-yyyy", "d MMMM yyyy", "MMM d, yyyy",
            "MMMM d, yyyy", "MMM d yyyy", "MMMM d yyyy",
        ],
        ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy"],
        ["M/d/yyyy", "M-d-yyyy"],
    ];

    private static readonly string[] s_basicForm = ["yyyyMMdd"];
    private static readonly string[] s_timeForms = ["H:m:s.FFFFFFF", "H:m", "HHmmss", "HHmm", "h:m:s tt", "h:m tt"];
    private static readonly string[] s_offsetForms = ["hh\\:mm", "hhmm", "hh"];

    /// <summary>The orders in which a cell is a date.</summary>
    public static int Inspect(ReadOnlySpan<byte> cell)
    {
        int fits = 0;
        for (int order = 0; order < s_forms.Length; order++)
            fits |= TryRead(cell, (DateOrder)order, out _) ? 1 << order : 0;
        return fits;
    }

    /// <summary>Reads a date.</summary>
    /// <param name="cell">UTF-8.</param>
    /// <param name="order">Order of its parts.</param>
    /// <param name="days">Days since 1970-01-01.</param>
    public static bool TryRead(ReadOnlySpan<byte> cell, DateOrder order, out double days)
    {
        days = 0;
        if (cell.Length is < ShortestDate or > LongestDate || !cell.ContainsAnyInRange((byte)'0', (byte)'9'))
            return false;
        Span<char> buffer = stackalloc char[LongestDate];
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(cell, buffer)];
        int colon = text.IndexOf(':');
        int gap = colon >= 0 ? text[..colon].LastIndexOfAny('T', ' ') : text.IndexOf('T') == 8 ? 8 : -1;
        TimeSpan time = default;
        if (gap >= 0 && !TryTime(text[(gap + 1)..], out time))
            return false;
        string[] forms = gap == 8 && order == DateOrder.YearFirst && text[8] == 'T' ? s_basicForm : s_forms[(int)order];
        ReadOnlySpan<char> date = gap >= 0 ? text[..gap] : text;
        if (!DateTime.TryParseExact(date, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day))
            return false;
        days = (day - DateTime.UnixEpoch + time).TotalDays;
        return true;
    }

    /// <summary>Days since 1970-01-01 in ISO 8601, to the microsecond.</summary>
    public static string Write(double days)
    {
        const long Microsecond = TimeSpan.TicksPerMicrosecond;
        long ticks = (long)Math.Round(days * TimeSpan.TicksPerDay / Microsecond) * Microsecond;
        DateTime date = DateTime.UnixEpoch.AddTicks(ticks);
        string form = date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFF";
        return date.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a time of day, perhaps with an offset.</summary>
    private static bool TryTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        text = text.Trim();
        TimeSpan offset = default;
        int sign = text.LastIndexOfAny('+', '-');
        time = default;
        if (text.EndsWith("Z"))
        {
            text = text[..^1];
        }
        else if (sign > 0)
        {
            if (!TimeSpan.TryParseExact(text[(sign + 1)..], s_offsetForms, CultureInfo.InvariantCulture, out offset))
                return false;
            offset = text[sign] == '-' ? -offset : offset;
            text = text[..sign].TrimEnd();
        }

        bool isTime = TimeOnly.TryParseExact(text, s_timeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly clock);
        time = clock.ToTimeSpan() - offset;
        return isTime;
    }
}

/// <summary>Chooses between the orders that all dates of a column fit.</summary>
internal static class DateOrders
{
    /// <summary>The order, where there is one alone.</summary>
    /// <param name="orders">Bit i stands for the order of that number.</param>
    /// <param name="order">The order.</param>
    public static bool TryChoose(int orders, out DateOrder order)
    {
        order = (DateOrder)System.Numerics.BitOperations.TrailingZeroCount(orders | (1 << 3));
        return System.Numerics.BitOperations.PopCount((uint)orders) == 1;
    }
}
