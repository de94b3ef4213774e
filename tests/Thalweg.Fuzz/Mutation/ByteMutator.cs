using System.Buffers.Binary;
using System.Text;

namespace Thalweg.Fuzz.Mutation;

/// <summary>Changes bytes: flips, cuts, splices, repeats, numbers and words that parsers stumble over.</summary>
internal static class ByteMutator
{
    /// <summary>Longest input that repeating makes.</summary>
    private const int LongestInput = 1 << 18;

    private static readonly long[] s_numbers =
        [0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "\0", "\n", "\r", "\r\n", "\"", "'", "\\", "\"\"", ",", ";", "\t", ":", "#", "%", "//", "{", "}", "[", "]", "(", ")", "&a ", "*a", "!!", "<<: *a",
            "999999999999999999999", "-1", "1e999", "-1e-999", "NaN", "Infinity", "null", "true", "2147483648", "4294967296", "0x10", "\u00e4", "\u2028",
            "\ufeff", "\ud83d\ude00", "\\u0000", "\\ud800",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xFE, 0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x1F, 0x8B],
    ];

    /// <summary>A text with one to several changes.</summary>
    /// <param name="draws">The choices.</param>
    /// <param name="bytes">The text.</param>
    /// <param name="other">Another text, to splice with.</param>
    /// <param name="words">Words of the format.</param>
    public static byte[] Mutate(Draws draws, byte[] bytes, byte[] other, IReadOnlyList<byte[]> words)
    {
        // Few changes mostly: many at once only reach the first check of a parser.
        int changes = 1 + Math.Min(draws.Below(8), draws.Below(8));
        for (int i = 0; i < changes; i++)
            bytes = Change(draws, bytes, other, words);
        return bytes;
    }

    private static byte[] Change(Draws draws, byte[] bytes, byte[] other, IReadOnlyList<byte[]> words)
    {
        int at = draws.Below(bytes.Length + 1), length = 1 + draws.Below(Math.Max(1, Math.Min(64, bytes.Length)));
        int end = Math.Min(bytes.Length, at + length);
        switch (draws.Below(12))
        {
            case 0: return Replace(bytes, at, Math.Min(bytes.Length, at + 1), [(byte)draws.Below(256)]);
            case 1: return at == bytes.Length ? bytes : Replace(bytes, at, at + 1, [(byte)(bytes[at] ^ (1 << draws.Below(8)))]);
            case 2: return bytes[..at];
            case 3: return Replace(bytes, at, end, []);
            case 4: return Repeat(bytes, at, end, 1 << draws.Below(12));
            case 5: return Splice(draws, bytes, at, other);
            case 6: return Replace(bytes, at, at, draws.Of(s_words));
            case 7: return words.Count == 0 ? bytes : Replace(bytes, at, draws.OneIn(2) ? at : end, draws.Of(words));
            case 8: return Number(draws, bytes, at);
            case 9: return Digits(draws, bytes, at);
            case 10: return Swap(bytes, at, end, draws.Below(bytes.Length + 1));
            default: return Repeat(bytes, at, Math.Min(bytes.Length, at + 1), 1 << draws.Below(16));
        }
    }

    private static byte[] Replace(byte[] bytes, int start, int end, ReadOnlySpan<byte> by) => [.. bytes.AsSpan(0, start), .. by, .. bytes.AsSpan(end)];

    private static byte[] Repeat(byte[] bytes, int start, int end, int times)
    {
        if (start == end || bytes.Length + ((long)(end - start) * times) > LongestInput)
            return bytes;
        byte[] repeated = new byte[(end - start) * times];
        for (int i = 0; i < times; i++)
            bytes.AsSpan(start, end - start).CopyTo(repeated.AsSpan(i * (end - start)));
        return Replace(bytes, start, end, repeated);
    }

    private static byte[] Splice(Draws draws, byte[] bytes, int at, byte[] other)
    {
        int from = draws.Below(other.Length + 1), length = draws.Below(other.Length - from + 1);
        return draws.OneIn(2) ? [.. bytes.AsSpan(0, at), .. other.AsSpan(from)] : Replace(bytes, at, at, other.AsSpan(from, length));
    }

    private static byte[] Swap(byte[] bytes, int start, int end, int to)
    {
        byte[] piece = bytes[start..end], rest = Replace(bytes, start, end, []);
        to = Math.Min(to, rest.Length);
        return Replace(rest, to, to, piece);
    }

    /// <summary>A binary number of 1 to 8 bytes in either order.</summary>
    private static byte[] Number(Draws draws, byte[] bytes, int at)
    {
        int size = 1 << draws.Below(4);
        if (at + size > bytes.Length)
            return bytes;
        Span<byte> number = stackalloc byte[8];
        long value = draws.OneIn(3) ? draws.Below(64) : draws.Of(s_numbers);
        bool isBigEndian = draws.OneIn(2);
        if (isBigEndian)
            BinaryPrimitives.WriteInt64BigEndian(number, value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        return Replace(bytes, at, at + size, isBigEndian ? number[^size..] : number[..size]);
    }

    /// <summary>Another number in place of the next one that is written in digits.</summary>
    private static byte[] Digits(Draws draws, byte[] bytes, int at)
    {
        int start = at;
        while (start < bytes.Length && !char.IsAsciiDigit((char)bytes[start]))
            start++;
        int end = start;
        while (end < bytes.Length && (char.IsAsciiDigit((char)bytes[end]) || bytes[end] is (byte)'.' or (byte)'e'))
            end++;
        string text = draws.Below(6) switch
        {
            0 => "1e308",
            1 => new string('9', 1 + draws.Below(400)),
            2 => $"{draws.Below(100)}",
            3 => $"-{draws.Below(100)}.{draws.Below(100)}",
            _ => FormattableString.Invariant($"{draws.Of(s_numbers)}"),
        };
        return start == end ? bytes : Replace(bytes, start, end, Encoding.ASCII.GetBytes(text));
    }
}
